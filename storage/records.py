"""PURE: a referral and its sealed pieces, as they are read and written."""

import hashlib
from dataclasses import dataclass, field

from storage.bodies import Body


@dataclass(frozen=True, slots=True)
class Piece:
    """A sealed piece of a package: either its bytes, or the vault object that holds them."""

    path: str
    size: int
    sealed_sha256: str
    body: bytes | None = field(default=None, repr=False)
    object: str | None = None


def inline(path: str, sealed: bytes) -> Piece:
    """A small piece that is kept in its row."""
    return Piece(path, len(sealed), hashlib.sha256(sealed).hexdigest(), body=sealed)


@dataclass(frozen=True, slots=True)
class Referral:
    """What the server knows of a referral; `facts` are opened."""

    reference: str
    status: str
    hour: int
    facts: Body
    officer: int | None
    card: int | None
    account_recipient: str
