"""PURE: what a named person must have decided before a live start, as the appeal file has it."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

WHAT: Final = ("keep_versions", "draft_days")
"""Whether earlier words are kept, and when unsent reports expire: questions of law, with no answer
of ours.
"""
DECIDED: Final = "decided"
"""The table of the appeal file, and the kind of the ledger's line."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`value` as it was decided, for whoever changes the setting later; `by` a person of the unit,
    `on` a day.
    """

    value: bool | int
    by: str
    on: datetime.date


def read(raw: Mapping[str, Any]) -> dict[str, Decision]:
    """The decisions of an appeal file; what is not whole is none."""
    found = {}
    tables = raw.get(DECIDED, {})
    for name, each in tables.items() if isinstance(tables, Mapping) else ():
        if not isinstance(each, Mapping):
            continue
        by, on = str(each.get("by", "")).strip(), each.get("on")
        if by and isinstance(on, datetime.date) and "value" in each:
            found[name] = Decision(each["value"], by, on)
    return found


def missing(values: Mapping[str, bool | int], decisions: Mapping[str, Decision]) -> Iterator[str]:
    """What nobody has decided, or was decided otherwise than it stands; one sentence each."""
    for name in WHAT:
        made, value = decisions.get(name), values[name]
        if made is None:
            yield (
                f"nobody has decided {name}: write under [decided.{name}] the value, by whom of "
                "the unit and on which day, as in bot/appeals/example.toml; what they must know "
                "is in docs/operating.md"
            )
        elif made.value is not value and (isinstance(value, bool) or made.value != value):
            yield (
                f"{name} is {said(value)}, and what was decided by {made.by} on {made.on} is "
                f"{said(made.value)}"
            )


def said(value: bool | int) -> str:  # noqa: FBT001
    return str(value).lower()
