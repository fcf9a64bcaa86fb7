"""Whose keys reports are sealed to, said in the officers' channel whenever that changes.

Whoever can write a row of the database can add a key there, and every later report is sealed to it.
The officers know who belongs to them: a key that comes, or whose holder's role changes, is told to
all of them within a minute. What was told is kept under a keyed name, which nobody makes without
the facts key.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.process.repeat import repeat
from storage import age, recipients
from storage.database import Database
from storage.keys import Box
from storage.recipients import Holder

LOOK_SECONDS: Final = 60
AT_ONCE: Final = 30
"""Keys in one message."""


@dataclass(frozen=True, slots=True)
class WatchedRecipients:
    """`say` posts a text in the channel."""

    database: Database
    facts: Box
    say: Callable[[str], Awaitable[int]]

    async def serve(self) -> None:
        """Until cancelled; one process does."""
        await repeat(self.once, LOOK_SECONDS, "officers are not told of a key")

    async def once(self) -> None:
        """Tell of every key that was not told of; one that a crash left unnoted is told again."""
        async with self.database.reading() as connection:
            active = await recipients.active(connection)
            names = {self._name(holder): holder for holder in active}
            told = await recipients.told(connection)
        if told == set(names):
            return
        new = [holder for name, holder in names.items() if name not in told]
        for at in range(0, len(new), AT_ONCE):
            await self.say(text(new[at : at + AT_ONCE]))
        async with self.database.writing() as connection:
            await recipients.note_told(connection, list(names))

    def _name(self, holder: Holder) -> bytes:
        parts = (holder.fingerprint, holder.recipient, holder.role, holder.call_sign)
        return self.facts.name("recipient told", *parts)


def text(new: Sequence[Holder]) -> str:
    """What stands in the channel."""
    lines = "\n".join(f"{_plain(h)}, {h.role}: {age.spaced(h.fingerprint)}" for h in new)
    return (
        f"From now on reports are sealed to these keys too, as far as their holder's role opens "
        f"them:\n\n{lines}\n\nIf nobody of you knows one of them, or its role, tell the operator "
        "at once."
    )


def _plain(holder: Holder) -> str:
    """A call sign in one line: nobody writes sentences of their own into this one."""
    return "".join(c if c.isprintable() else "?" for c in holder.call_sign)
