"""The signature under the custody log: one process numbers the entries of all logs and signs heads.

It holds the key of the log and no other, and knows neither witnesses nor officers: whoever hands
something out enters it in the ledger and waits for the head over it. Begin at signing.py.
"""
