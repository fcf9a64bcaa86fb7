"""What a report becomes for whoever opens it, and by what custody knows it again."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.errors import Tampered

BOUND: Final = {
    "referral_sha256": "referral.json",
    "transcript_sha256": "transcript.txt",
    "identity_sha256": "identity.json",
}
"""By the name of a detail in custody: the document that it is the SHA-256 (hex) of.

identity.json holds random bytes of its own, so that its few words cannot be guessed from its digest
by whoever opens the account alone. It is not in a dossier whose officer has no key to it.
"""
APART: Final = "identity.json"


@dataclass(frozen=True, slots=True)
class Documents:
    """referral.json, transcript.txt and, of a report, identity.json."""

    referral: bytes = field(repr=False)
    transcript: bytes = field(repr=False)
    identity: bytes | None = field(default=None, repr=False)

    @property
    def digests(self) -> dict[str, str]:
        """What custody is bound to."""
        bodies = (self.referral, self.transcript, self.identity)
        return {
            name: hashlib.sha256(body).hexdigest()
            for name, body in zip(BOUND, bodies, strict=True)
            if body is not None
        }


def check(
    details: Iterable[Mapping[str, Any]],
    lines: list[dict[str, Any]],
    read: Callable[[str], bytes | None],
) -> None:
    """Compare the documents of a dossier with what custody says was sent, and added. Raises
    Tampered.

    `details`: opened, each with the number of its line. `read` gives a file by its path below
    data/, or None. What was sent before custody said this is not bound.
    """
    for opened in details:
        line = lines[opened["n"]]
        if line["kind"] not in ("submitted", "addendum received"):
            continue
        folder = f"addenda/{line['subject']}/" if line["kind"] == "addendum received" else ""
        for name, document in BOUND.items():
            bound = opened["details"].get(name)
            body = read(folder + document) if bound is not None else None
            if bound is None or (body is None and document == APART):
                continue
            if body is None or hashlib.sha256(body).hexdigest() != bound:
                raise Tampered(f"{folder}{document} is not what custody says was sent")
