"""Heads of the custody log in the officers' channel, so that a history written anew contradicts
what they hold.

Once an hour is over its last head is posted, without a sound, if anything was entered since the one
before; if nothing was, once a day. What was posted is never edited.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from bot.process.repeat import repeat
from bot.referral.times import readable_hour
from storage import heads
from storage.database import Database
from storage.heads import SignedHead

LOOK_SECONDS: Final = 60
DAY_HOURS: Final = 24


@dataclass(frozen=True, slots=True)
class PostedHeads:
    """`say` posts a text in the channel and gives its number; `clock` in seconds since 1970."""

    database: Database
    say: Callable[[str], Awaitable[int]]
    clock: Callable[[], float]

    async def serve(self) -> None:
        """Until cancelled; one process does."""
        await repeat(self.once, LOOK_SECONDS, "a head is not posted")

    async def once(self) -> None:
        """Post the newest head if it is due; one that a crash left unnoted is posted again."""
        hour = int(self.clock()) // 3600
        async with self.database.reading() as connection:
            newest = await heads.newest(connection, before_hour=hour)
            posted = await heads.newest_posted(connection)
        if newest is None or not _due(newest, posted):
            return
        message = await self.say(text(newest))
        async with self.database.writing() as connection:
            await heads.note_posted(connection, newest, message)


def _due(newest: SignedHead, posted: SignedHead | None) -> bool:
    if posted is None:
        return True
    if newest.id <= posted.id:
        return False
    return newest.size != posted.size or newest.hour >= posted.hour + DAY_HOURS


def text(head: SignedHead) -> str:
    """What stands in the channel: the signed note as it is."""
    return (
        f"Custody log, {readable_hour(head.hour)}: {head.size} entries. Let this stand: a "
        f"dossier that tells another history contradicts it.\n\n{head.note}"
    )
