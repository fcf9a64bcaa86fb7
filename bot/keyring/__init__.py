"""The shred keys: owned by one process, and asked for by those of other machines, over mutual TLS.

Begin at `owning` (the lease is kept, what a crash left is destroyed); `service` and `client` are
the two ends of the wire. It knows slots and keys, and not what is sealed with them.
"""
