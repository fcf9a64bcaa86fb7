"""What any service with several processes needs, of no domain: leases, workers, retries,
heartbeats.

Begin at `leasing` (only one process does it) and `workers` (rows of work as they fall due). Nothing
here may import what knows a report, a witness or an officer.
"""
