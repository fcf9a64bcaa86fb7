"""Whether a custody log is signed, and by whom: the head, its proofs and the key that lie beside
it.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from bot.errors import Refused, Tampered
from bot.referral import proofs, signed_note
from bot.referral.head import Head
from bot.referral.package import HEAD, KEY, PROOFS, SIGNED
from bot.referral.times import readable_hour
from bot.workstation.custody import Log
from storage import age

_NOTE: Final = re.compile(
    r"^firsthand/[0-9a-f]{16}\n\d+\n[^\n]+\nhour \d+\n\n\u2014 [^\n]+", re.MULTILINE
)
OLD_KIND = (
    "nothing proves who made this, or when: it is of an earlier release, which signed no custody "
    "log"
)
UNKNOWN = (
    "nothing here shows which installation made this: give the key that the unit publishes, with "
    "--key"
)


@dataclass(frozen=True, slots=True)
class Signed:
    """A head that has every line of the log. `published`: its key is the one that was given."""

    head: Head
    continues: tuple[Head, ...]
    key: str
    published: bool
    public: ec.EllipticCurvePublicKey

    @property
    def said(self) -> str:
        """In words."""
        whose = "the published key" if self.published else "the key that lies beside it"
        heads = len(self.continues)
        return (
            f"every line is in a head of {self.head.size} entries, signed in the hour of "
            f"{readable_hour(self.head.hour)} "
            f"with {whose} ({age.spaced(self.key[:32])})"
            + (f", which continues {heads} earlier head{'s' * (heads > 1)}" if heads else "")
        )


def check(log: Log, read: Callable[[str], bytes | None], published: str = "") -> Signed | None:
    """The head over a log, from what lies beside it; None where it is of a release that signed
    none. `published`: the key of the log as one line or PEM. Raises Tampered, and Refused where
    that is no key.
    """
    there = {name: read(name) for name in SIGNED}
    if all(body is None for body in there.values()):
        return None
    note, raw, pem = (_there(name, there[name]) for name in (HEAD, PROOFS, KEY))
    try:
        own = signed_note.read_key(pem.decode("ascii", "replace"))
    except Refused:
        raise Tampered(f"{KEY} holds no key of a custody log") from None
    if pem.decode("ascii", "replace") != signed_note.pem(own):
        raise Tampered(f"{KEY} is not written as a key is")
    if published and signed_note.der(signed_note.read_key(published)) != signed_note.der(own):
        raise Tampered("the custody log is signed by another installation than the published key's")
    try:
        text = note.decode("utf-8")
    except UnicodeDecodeError:
        raise Tampered(f"{HEAD} cannot be read") from None
    head, continues = proofs.check(text, raw, log.lines, own)
    fingerprint = hashlib.sha256(signed_note.der(own)).hexdigest()
    return Signed(head, tuple(continues), fingerprint, bool(published), own)


def read_published(given: str) -> str:
    """The key that was given as its line, as PEM or as a file of either; "" where none was. Raises
    Refused.
    """
    if not given:
        return ""
    try:
        text = Path(given).read_text("ascii") if Path(given).is_file() else given
    except (OSError, UnicodeDecodeError):
        raise Refused(f"{given} cannot be read as a public key") from None
    return signed_note.one_line(signed_note.read_key(text))


def read_posted(paths: Sequence[Path]) -> list[str]:
    """The heads in files that were saved from the officers' channel, each as it was signed. Raises
    Refused.
    """
    found = []
    for path in paths:
        try:
            text = path.read_text("utf-8").replace("\r\n", "\n")
        except (OSError, UnicodeDecodeError):
            raise Refused(f"{path} cannot be read as text") from None
        notes = [f"{match[0].rstrip()}\n" for match in _NOTE.finditer(text)]
        if not notes:
            raise Refused(f"no head is in {path}: save the whole message of the channel")
        found += notes
    return found


def _there(name: str, body: bytes | None) -> bytes:
    if body is None:
        raise Tampered(f"{name} is missing: the custody log cannot be shown to be signed")
    return body
