"""What could not be read, as it came: a piece of its own in the dossier, without the chat it came
from.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from bot.referral.times import iso_time

Json = dict[str, Any]


def piece(body: Json) -> bytes:
    """What could not be read, as it came: a piece of its own."""
    return as_json({"why": body["why"], "at": iso_time(body["at"]), "raw": _unnamed(body["raw"])})


def aside(number: int, body: Json) -> Json:
    kind = {"kind": body["kind"]} if "kind" in body else {}
    digest = hashlib.sha256(piece(body)).hexdigest()
    return {
        "id": f"s{number}",
        **kind,
        "why": body["why"],
        "at": iso_time(body["at"]),
        "sha256": digest,
    }


def _unnamed(raw: str) -> str:
    """What could not be read, without the chat it came from: that is nobody's business where no
    contact was chosen.
    """
    try:
        update = json.loads(raw)
        kept = {kind: _without_chat(body) for kind, body in update.items()}
    except (ValueError, AttributeError):
        return raw
    return json.dumps(kept, ensure_ascii=False)


def _without_chat(body: object) -> object:
    return (
        {key: value for key, value in body.items() if key != "chat"}
        if isinstance(body, dict)
        else body
    )


def as_json(value: Mapping[str, object]) -> bytes:
    """A part of a dossier as it is sealed: readable, UTF-8."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")
