"""The appeal: the public call this installation serves, as data."""

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import Misconfigured

EXAMPLE = Path(__file__).parent / "appeals" / "example.toml"


@dataclass(frozen=True, slots=True)
class Appeal:
    """`phrases`: language → name → text, each in the grammatical case it is used in."""

    id: str
    example: bool
    languages: tuple[str, ...]
    events_from: datetime.date
    draft_days: int
    phrases: Mapping[str, Mapping[str, str | int]]


TEXTS = ("unit", "of_unit", "within", "shared_with")


def load(path: Path) -> Appeal:
    """Read an appeal file. Raises Misconfigured with what is missing in it."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as failure:
        raise Misconfigured(f"FIRSTHAND_APPEAL: {path.name} cannot be read: {failure}") from None
    try:
        languages = tuple(raw["languages"])
        return Appeal(
            id=raw["id"],
            example=bool(raw.get("example", False)),
            languages=languages,
            events_from=raw["events_from"],
            draft_days=int(raw["draft_days"]),
            phrases={language: _phrases(raw, language) for language in languages},
        )
    except KeyError as missing:
        raise Misconfigured(f"FIRSTHAND_APPEAL: {path.name} says nothing for {missing}") from None


def _phrases(raw: Mapping[str, Any], language: str) -> dict[str, str | int]:
    texts: dict[str, str | int] = {}
    for name in TEXTS:
        if language not in raw[name]:
            raise KeyError(f"{name}.{language}")
        texts[name] = raw[name][language]
    for name in ("welcome", "holding"):
        texts[name] = raw[name]["all"].strip()
    texts["emergency"] = str(raw["emergency"])
    return texts
