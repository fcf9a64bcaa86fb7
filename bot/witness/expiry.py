"""What is looked for every ten minutes: drafts to expire, names of updates to forget, orphans in
the vault.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy import delete, select

from bot.logs import where_raised
from bot.witness.converse import Converse
from storage import ended_rows
from storage import tables as t
from storage.database import Database
from storage.group import Group
from storage.jobs import Job
from storage.tables import SEEN_HOURS
from storage.vault import Vault
from storage.writer import Writer

log = structlog.get_logger()
AT_ONCE: Final = 64
"""Reports erased together: whoever writes meanwhile waits for no more than these."""
SWEEP_SECONDS: Final = 600
STEADY_SECONDS: Final = 3600
"""So long the clock must have gone steadily before anything is erased for its age: set wrong at a
start, or when the machine wakes, it is set right by then.
"""
JUMP_SECONDS: Final = 60


@dataclass(slots=True)
class Expiry:
    """`clock` tells the time of day and may be set; `running` only goes forward. Both in
    seconds.
    """

    database: Database
    vault: Vault
    writer: Writer
    converse: Converse
    draft_days: int
    clock: Callable[[], float]
    running: Callable[[], float] = time.monotonic
    _apart: float = 0.0
    _since: float | None = None

    async def serve(self) -> None:
        """Sweep until cancelled; one process does."""
        while True:
            await self.once()
            await asyncio.sleep(SWEEP_SECONDS)

    async def once(self) -> None:
        """Each thing by itself: one that fails is tried again in ten minutes, and keeps none of the
        others.
        """
        hour = int(self.clock()) // 3600
        if self._steady():
            await self._try("expire", lambda: self._expire(hour - self.draft_days * 24))
            await self._try("forget", lambda: self._forget(hour - SEEN_HOURS))
            await self._try("collect", lambda: self.vault.collect(hour))
        await self._try("tidy", self.database.tidy)

    def _steady(self) -> bool:
        now, apart = self.running(), self.clock() - self.running()
        if self._since is None or abs(apart - self._apart) > JUMP_SECONDS:
            self._apart, self._since = apart, now
        return now - self._since >= STEADY_SECONDS

    def counts(self) -> tuple[float, float | None]:
        """For the process after this one: since when the clock goes steadily. See
        bot/process/handover.py.
        """
        return self._apart, self._since

    def take_over(self, counts: tuple[float, float | None]) -> None:
        self._apart, self._since = counts

    async def _try(self, kind: str, what: Callable[[], Awaitable[object]]) -> None:
        try:
            await what()
        except Exception as failure:  # noqa: BLE001 - see `once`
            log.error("sweep failed", kind=kind, error=where_raised(failure))

    async def _forget(self, before: int) -> None:
        """Names of updates that Telegram brings no more."""
        async with self.database.writing() as connection:
            await connection.execute(delete(t.seen).where(t.seen.c.hour < before))

    async def _expire(self, before: int) -> None:
        """Erase unsent reports nobody has touched since that hour; one that is being sent is not
        erased.
        """
        c = t.conversations.c
        async with self.database.reading() as connection:
            old = (await connection.execute(select(c.id, c.version).where(c.hour < before))).all()
        for at in range(0, len(old), AT_ONCE):
            some = old[at : at + AT_ONCE]
            await asyncio.gather(*(self._expire_one(row.id, row.version) for row in some))

    async def _expire_one(self, id_: str, version: int) -> None:
        def expired(group: Group) -> None:
            draft = group.draft(id_=id_)
            if draft is not None and (draft.version, draft.touched) == (version, False):
                self.converse.expire(group, draft)
            elif not group.opens(id_):
                group.in_transaction(
                    lambda connection: ended_rows.delete_conversations(connection, [id_])
                )

        try:
            await self.writer.write(Job(expired, ids=(id_,)))
        except Exception as failure:  # noqa: BLE001 - one draft must not keep the others
            log.error("a draft did not expire", error=where_raised(failure))
