"""What a report becomes for whoever opens it, and by what custody knows it again."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.errors import Tampered

BOUND: Final = {"referral_sha256": "referral.json", "transcript_sha256": "transcript.txt"}
"""By the name of a detail in custody: the document that it is the SHA-256 (hex) of."""


@dataclass(frozen=True, slots=True)
class Documents:
    """referral.json and transcript.txt."""

    referral: bytes = field(repr=False)
    transcript: bytes = field(repr=False)

    @property
    def digests(self) -> dict[str, str]:
        """Not of identity.json, whose few words could be guessed from one."""
        return {
            name: hashlib.sha256(body).hexdigest()
            for name, body in zip(BOUND, (self.referral, self.transcript), strict=True)
        }


def check(
    details: Iterable[Mapping[str, Any]], lines: list[dict[str, Any]], read: Callable[[str], bytes]
) -> None:
    """Compare the documents of a dossier with what custody says was sent, and added. Raises
    Tampered.

    `details`: opened, each with the number of its line. `read` gives a file by its path below
    data/. What was sent before custody said this is not bound.
    """
    for opened in details:
        line = lines[opened["n"]]
        folder = f"addenda/{line['subject']}/" if line["kind"] == "addendum received" else ""
        for name, document in BOUND.items():
            bound = (
                opened["details"].get(name)
                if line["kind"] in ("submitted", "addendum received")
                else None
            )
            if bound is not None and hashlib.sha256(read(folder + document)).hexdigest() != bound:
                raise Tampered(f"{folder}{document} is not what custody says was sent")
