"""What a report becomes for whoever opens it, and by what custody knows it again."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.referral import leaves
from bot.referral.set_aside_piece import as_json

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
    """referral.json, transcript.txt and, of a report, identity.json; and the salts of the parts of
    the first (leaves.py).

    `bound`: what the line of custody says of them with which they were received.
    """

    referral: bytes = field(repr=False)
    transcript: bytes = field(repr=False)
    leaves: bytes = field(repr=False)
    bound: Mapping[str, str | int]
    identity: bytes | None = field(default=None, repr=False)


def documents_of(
    told: Mapping[str, Any],
    transcript: str,
    salt: Callable[[], bytes],
    identity: Mapping[str, Any] | None = None,
) -> Documents:
    """The documents of what was told, as they are sealed; `salt` gives 32 random bytes a call."""
    referral = as_json(told)
    said = json.loads(referral)
    salts, root, count = leaves.write(said, salt)
    written = transcript.encode("utf-8", "replace")
    private = None if identity is None else as_json(identity)
    bodies = (referral, written, private)
    bound: dict[str, str | int] = {
        name: hashlib.sha256(body).hexdigest()
        for name, body in zip(BOUND, bodies, strict=True)
        if body is not None
    }
    bound |= {"exhibits_sha256": exhibits_digest(said["exhibits"])}
    bound |= {"leaves": count, "leaves_root": root.hex(), "software": said["software"]}
    return Documents(referral, written, salts, bound, private)


def exhibits_digest(exhibits: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over one line a file, "id sha256 sealed_sha256", in their order; hex."""
    lines = "".join(f"{x['id']} {x['sha256']} {x['sealed_sha256']}\n" for x in exhibits)
    return hashlib.sha256(lines.encode()).hexdigest()
