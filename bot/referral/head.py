"""PURE: a head of the custody log: how many entries there were in an hour, and their root, signed.

A C2SP checkpoint (https://c2sp.org/tlog-checkpoint) as a signed note: origin, size, root in base64,
and a line of our own, "hour N", hours since 1970 UTC. Its origin names the installation; nothing
in it says what an entry is, or whose.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from bot.errors import Tampered
from bot.referral import signed_note

_TEXT: Final = re.compile(
    r"(?P<origin>firsthand/[0-9a-f]{16})\n(?P<size>0|[1-9]\d{0,12})\n"
    r"(?P<root>[A-Za-z0-9+/]{43}=)\nhour (?P<hour>0|[1-9]\d{0,7})\n(?P<more>(?:[a-z]+ [^\n]*\n)*)"
)


@dataclass(frozen=True, slots=True)
class Head:
    """`size` entries of all logs, `root` over them (32 bytes), `hour` since 1970 UTC."""

    origin: str
    size: int
    root: bytes
    hour: int

    @property
    def text(self) -> str:
        """What is signed."""
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\nhour {self.hour}\n"


def origin(installation: str) -> str:
    """Of the installation of this name."""
    return f"firsthand/{installation}"


def sign(head: Head, private: ec.EllipticCurvePrivateKey) -> str:
    """The head as a signed note."""
    return signed_note.sign(head.text, head.origin, private)


def read(note: str, public: ec.EllipticCurvePublicKey) -> Head:
    """The head, once its signature holds. Raises Tampered."""
    found = _TEXT.fullmatch(signed_note.text_of(note))
    if found is None:
        raise Tampered("the head says something else than a head does")
    signed_note.check(note, found["origin"], public)
    try:
        root = base64.b64decode(found["root"], validate=True)
    except binascii.Error:
        raise Tampered("the head has no root") from None
    return Head(found["origin"], int(found["size"]), root, int(found["hour"]))
