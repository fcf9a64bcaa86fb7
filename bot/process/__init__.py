"""What any service with several processes needs, without a word of ours: leases, workers, retries,
heartbeats.

Begin at `leasing` (only one process does it) and `workers` (rows of work as they fall due). Nothing
here may know what a report, a witness or an officer is.
"""
