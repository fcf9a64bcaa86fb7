"""Whose keys reports are sealed to, said in the officers' channel whenever that changes.

Whoever can write a row of the database can add a key there, and every later report is sealed to it.
The officers know who belongs to them: a key that comes, or whose holder's role changes, is told to
all of them within a minute. What was told is kept under a keyed name, which nobody makes without
the facts key.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.process.retry import retry
from storage import recipients
from storage.database import Database
from storage.keys import Box
from storage.recipients import Holder

LOOK_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class WatchedRecipients:
    """`say` posts a text in the channel."""

    database: Database
    facts: Box
    say: Callable[[str], Awaitable[int]]

    async def serve(self) -> None:
        """Until cancelled; one process does."""
        while True:
            await retry(self.once)
            await asyncio.sleep(LOOK_SECONDS)

    async def once(self) -> None:
        """Tell of every key that was not told of; one that a crash left unnoted is told again."""
        async with self.database.reading() as connection:
            active = await recipients.active(connection)
            names = {self._name(holder): holder for holder in active}
            told = await recipients.told(connection, list(names))
        if new := {name: holder for name, holder in names.items() if name not in told}:
            await self.say(text(list(new.values())))
            async with self.database.writing() as connection:
                await recipients.note_told(connection, list(new))

    def _name(self, holder: Holder) -> bytes:
        parts = (holder.fingerprint, holder.recipient, holder.role, holder.call_sign)
        return self.facts.name("recipient told", *parts)


def text(new: Sequence[Holder]) -> str:
    """What stands in the channel."""
    lines = "\n".join(f"{h.call_sign}, {h.role}: {_spaced(h.fingerprint)}" for h in new)
    return (
        f"From now on reports are sealed to these keys too, as far as their holder's role opens "
        f"them:\n\n{lines}\n\nIf nobody of you knows one of them, or its role, tell the operator "
        "at once."
    )


def _spaced(fingerprint: str) -> str:
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))
