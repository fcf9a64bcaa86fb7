"""PURE: what a package is made of, as both ends know it: the sealed pieces of one referral in a
plain tar.
"""

from typing import Final

CUSTODY: Final = "custody.jsonl"
"""The lines of the referral's ledger, one JSON object each; what they are bound to lies sealed
under `custody/`.
"""
SUMS: Final = "SHA256SUMS"
"""The digest of every other piece, as sha256sum writes and checks it."""
