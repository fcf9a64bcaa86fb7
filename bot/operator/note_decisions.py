"""Noting in the ledger what a named person decided, as the appeal file has it at a live start."""

import json
from collections.abc import Mapping

from bot.decided import DECIDED, WHAT, Decision, said
from storage.connection import Connection
from storage.ledger import INSTALLATION, Entry, lines


async def unnoted(connection: Connection, decisions: Mapping[str, Decision]) -> list[Entry]:
    """What the ledger does not have as its last word yet."""
    entries = [
        Entry(
            DECIDED,
            "operator",
            f"{name} {said(made.value)}, said to be decided by {made.by} on {made.on}",
        )
        for name, made in sorted(decisions.items())
        if name in WHAT
    ]
    noted = [
        json.loads(line)
        for line in await lines(connection, INSTALLATION)
        if DECIDED.encode() in line
    ]
    last = {
        line["subject"].partition(" ")[0]: line["subject"]
        for line in noted
        if line["kind"] == DECIDED
    }
    return [
        entry for entry in entries if last.get(entry.subject.partition(" ")[0]) != entry.subject
    ]
