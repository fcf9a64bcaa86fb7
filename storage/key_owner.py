"""The one process that writes the key file: it gives slots out by epochs, and destroys."""

import asyncio
import contextlib
import hashlib
import os
from collections.abc import Collection
from typing import Final

from sqlalchemy import bindparam, delete, select

from storage import leases, statements
from storage import tables as t
from storage.connection import Connection
from storage.database import Database
from storage.key_file import STAMPS, KeyFile
from storage.keys import SLOTS, Box, NoSlots
from storage.mirror import MirrorAway
from storage.shredding import EPOCH, RESERVE, KeyReader, NotOwner, OldKeys, Taken, lock_epoch

LEASE: Final = "keys"
EPOCH_LEAST_SECONDS: Final = 60
"""Counting anew helps where processes died with slots in hand, not where so many reports are open.
"""
FROZEN_SECONDS: Final = 5
"""How long a new epoch waits for whoever writes under a slot of the last one, before it is tried
again.
"""
MOST_AT_ONCE: Final = 1000

_SHRED = (t.work.c.kind == "shred") & t.work.c.slot.in_(bindparam("slots", expanding=True))
_STANDING = select(t.work.c.slot).where(_SHRED)
_DONE = delete(t.work).where(_SHRED)


class KeyOwner(KeyReader):
    """The one process that writes the key file; `now` is in seconds since 1970."""

    def __init__(self, file: KeyFile, database: Database) -> None:
        super().__init__(file)
        self._database = database
        self._free: dict[int, None] = {}
        self._alone = asyncio.Lock()
        self._holder, self.epoch, self._began = "", "", 0
        self.until = 0
        """Until when nobody else owns them; whoever could not renew that must not answer for them.
        """

    async def begin(self, *, now: int, hold: int, anew: bool = False) -> bool:
        """Own the slots from now on, for `hold` seconds unless renewed; False while an owner of
        another file does.

        `anew`: the file that was used last is lost for good. Raises OldKeys.
        """
        async with self._alone:
            self._holder = leases.holder_at(self.file.place)
            if not await self._new_epoch(now, hold, anew=anew):
                return False
            with contextlib.suppress(MirrorAway):  # keys that a copy of the file has brought back
                await asyncio.to_thread(self._destroy_used)
            return True

    def _destroy_used(self) -> None:
        """Every key that was given out once and that no row names; zeros were never anybody's.
        Raises MirrorAway.
        """
        if used := [slot for slot in self._free if any(self.file.key(slot))]:
            self.file.destroy(used)

    async def renew(self, *, now: int, hold: int) -> None:
        """Waits for nobody. Raises NotOwner. Where the database is a file, the lock of the key file
        says it all.
        """
        if not self._database.is_sqlite:
            async with self._database.writing() as connection:
                if not await leases.take(connection, LEASE, self._holder, now=now, hold=hold):
                    raise NotOwner
        self.until = now + hold

    async def take(self, most: int) -> Taken:
        epoch, keys = await self.take_keys(most)
        return Taken(epoch, {slot: Box(key) for slot, key in keys.items()})

    async def take_keys(self, most: int) -> tuple[str, dict[int, bytes]]:
        """As `take`, for whoever passes them on."""
        async with self._alone:
            slots = [self._free.popitem()[0] for _ in range(min(most, len(self._free)))]
            if not slots:
                raise NoSlots
            return self.epoch, await asyncio.to_thread(self.file.renew, slots)

    async def recount(self, *, now: int, hold: int) -> None:
        """Begin a new epoch if slots run low: processes that died had some in hand. Raises
        NotOwner.
        """
        async with self._alone:
            if len(self._free) >= 2 * RESERVE or now < self._began + EPOCH_LEAST_SECONDS:
                return
            if not await self._new_epoch(now, hold):
                raise NotOwner

    async def give_back(self, epoch: str, slots: Collection[int]) -> None:
        async with self._alone:
            if epoch == self.epoch:
                self._free.update(dict.fromkeys(slots))

    async def shred(self, slots: Collection[int]) -> None:
        async with self._alone:
            standing = await self._to_shred(slots)
            if not standing:
                return
            await asyncio.to_thread(self.file.destroy, standing)
            async with self._database.writing() as connection:
                if not await lock_epoch(connection, self.epoch):
                    raise NotOwner
                await connection.execute(_DONE, {"slots": standing})
            self._free.update(dict.fromkeys(standing))

    async def shred_due(self, now: int) -> None:
        """What a crash left between a commit and the destruction of its keys. Raises as `shred`."""
        due = (t.work.c.kind == "shred") & (t.work.c.due <= now)
        query = select(t.work.c.slot).where(due).order_by(t.work.c.due).limit(MOST_AT_ONCE)
        async with self._database.reading() as connection:
            slots = [int(slot) for slot in (await connection.execute(query)).scalars()]
        await self.shred(slots)

    async def _to_shred(self, slots: Collection[int]) -> list[int]:
        """Those that a row says are to be shredded: one that is gone says that it was done, and the
        slot may be another report's by now.
        """
        if not slots:
            return []
        async with self._database.reading() as connection:
            standing = await connection.execute(_STANDING, {"slots": slots})
        return sorted({int(slot) for slot in standing.scalars()})

    async def destroy_unused(self) -> None:
        """Every key that no row names. Raises MirrorAway."""
        async with self._alone:
            await asyncio.to_thread(self.file.destroy, list(self._free))

    async def end(self) -> None:
        """Another one need not wait."""
        if not self._database.is_sqlite:
            async with self._database.writing() as connection:
                await leases.end(connection, LEASE, self._holder)

    async def _new_epoch(self, now: int, hold: int, *, anew: bool = False) -> bool:
        """What no row names is free, also what was in somebody's hand: that is void from here on.
        False if the lease is another's. The file is stamped first: after a crash in between it is
        known by what was before.
        """
        epoch = os.urandom(16).hex()
        async with self._database.writing() as connection:
            await statements.limit_lock_wait(connection, FROZEN_SECONDS)
            await statements.lock(connection, EPOCH)
            if not await self._mine(connection, now, hold):
                return False
            last = await leases.holder(connection, EPOCH)
            taken = await taken_slots(connection)
            if not anew:
                await self._require_newest(connection, last)
            await asyncio.to_thread(self.file.join_mirror)
            await asyncio.to_thread(self.file.stamp, _stamp(epoch), _stamp(last))
            await leases.begin_epoch(connection, EPOCH, epoch)
        # an older database is refused from now on
        await asyncio.to_thread(self.file.stamp, _stamp(epoch), _stamp(epoch))
        kept = {*taken, *STAMPS}
        self._free = dict.fromkeys(slot for slot in range(SLOTS - 1, -1, -1) if slot not in kept)
        self.epoch, self._began, self.until = epoch, now, now + hold
        return True

    async def _mine(self, connection: Connection, now: int, hold: int) -> bool:
        if self._database.is_sqlite:
            return True
        place = self.file.place
        return await leases.take(connection, LEASE, self._holder, now=now, hold=hold, place=place)

    async def _require_newest(self, connection: Connection, last: str) -> None:
        """Raises OldKeys."""
        if not _is_of(self.file, last):
            raise OldKeys
        c = t.conversations.c
        # a copy of before, or a new one, opens not all
        drafts = (await connection.execute(select(c.slot, c.state))).all()
        # a copy of before, or a new one
        if not all(self.file.opens(row.slot, row.state, "conversations.state") for row in drafts):
            raise OldKeys


async def newest(connection: Connection, file: KeyFile) -> bool:
    """Whether a file is the one that was used last; one that nobody has used yet is."""
    return _is_of(file, await leases.holder(connection, EPOCH))


def _is_of(file: KeyFile, epoch: str) -> bool:
    return not epoch or _stamp(epoch) in file.stamps


def _stamp(epoch: str) -> bytes:
    return hashlib.sha256(epoch.encode()).digest()


async def taken_slots(connection: Connection) -> set[int]:
    """Every key slot that a row refers to."""
    found: set[int] = set()
    for table in (t.conversations, t.outbox, t.work, t.quarantine):
        slots = await connection.execute(select(table.c.slot).where(table.c.slot.is_not(None)))
        found |= {int(s) for s in slots.scalars()}
    return found
