"""PURE: what a package is made of, as both ends know it: the sealed pieces of one referral in a
plain tar, its custody log, and the proof that the log is signed.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

CUSTODY: Final = "custody.jsonl"
"""The lines of the referral's ledger, one JSON object each; what they are bound to lies sealed
under `custody/`, an opening a line.
"""
SUMS: Final = "SHA256SUMS"
"""The digest of every other piece, as sha256sum writes and checks it."""
HEAD: Final = "HEAD"
"""The signed head of the custody log that has the package's last line (bot/referral/head.py)."""
PROOFS: Final = "proofs.json"
"""That each line is in that head, and that the head continues earlier ones
(bot/referral/proofs.py).
"""
KEY: Final = "installation.pub"
"""The public key of the custody log, as PEM: by it nobody knows the sender, but who knows it from
elsewhere.
"""
SIGNED: Final = (HEAD, PROOFS, KEY)


def is_bound(path: str) -> bool:
    """Whether the line of a hand-out binds this piece: all but the log itself and what signs it."""
    return path not in (CUSTODY, SUMS, *SIGNED) and not path.startswith("custody/")


def pieces_digest(sums: Mapping[str, str]) -> str:
    """What the line of a hand-out says of the pieces: SHA-256 over "digest  path" lines, by path;
    hex.

    `sums`: by path the SHA-256 (hex) of each piece, as in SHA256SUMS.
    """
    lines = "".join(f"{sums[path]}  {path}\n" for path in sorted(filter(is_bound, sums)))
    return hashlib.sha256(lines.encode()).hexdigest()


def handed_out(paths: Iterable[str], added: Iterable[str]) -> list[str]:
    """The pieces that were there when these additions (a1, a2 …) were: what came later is not
    handed out with them.
    """
    known = set(added)
    return [p for p in paths if not p.startswith("addenda/") or p.split("/")[1] in known]
