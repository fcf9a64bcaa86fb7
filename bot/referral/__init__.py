"""PURE: the format of a referral, which the server writes and an officer's machine reads; no
database, no network.

Begin at `referral_json`, which says a report as data, and `transcript`, which says it to be read;
`digests` are what custody knows them again by. Both ends import this room, and it knows neither.
"""
