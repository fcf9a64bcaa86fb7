"""What a named person must have decided before a live start, as the appeal file has it; each is noted in the ledger."""

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.ledger import INSTALLATION, Entry, lines

WHAT: Final = ("keep_versions", "draft_days")
"""Whether earlier words are kept, and when unsent reports expire: questions of law, with no answer of ours."""
DECIDED: Final = "decided"


@dataclass(frozen=True, slots=True)
class Decision:
    """`value` as it was decided, for whoever changes the setting later; `by` a person of the unit, `on` a day."""

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
                f"nobody has decided {name}: write under [decided.{name}] the value, by whom of the unit and on which "
                "day, as in bot/appeals/example.toml; what they must know is in docs/operating.md"
            )
        elif made.value is not value and (isinstance(value, bool) or made.value != value):
            yield f"{name} is {_said(value)}, and what was decided by {made.by} on {made.on} is {_said(made.value)}"


async def unnoted(connection: AsyncConnection, decisions: Mapping[str, Decision]) -> list[Entry]:
    """What the ledger does not have as its last word yet."""
    entries = [
        Entry(DECIDED, "operator", f"{name} {_said(made.value)}, said to be decided by {made.by} on {made.on}")
        for name, made in sorted(decisions.items()) if name in WHAT
    ]  # fmt: skip
    noted = [json.loads(line) for line in await lines(connection, INSTALLATION) if DECIDED.encode() in line]
    last = {line["subject"].partition(" ")[0]: line["subject"] for line in noted if line["kind"] == DECIDED}
    return [entry for entry in entries if last.get(entry.subject.partition(" ")[0]) != entry.subject]


def _said(value: bool | int) -> str:  # noqa: FBT001
    return str(value).lower()
