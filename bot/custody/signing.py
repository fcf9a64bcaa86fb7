"""Signing heads of the custody log.

1. Every hour a head is signed, whether or not anything happened, so that a history written anew
   contradicts one that was signed before. It says how many entries there were, and over which root.
2. A hand-out wants a head at once: what leaves the server leaves with the proof that it is in the
   log. The package waits for it (bot/officers/posting.py).
3. Entries are numbered before a head is signed, in the order in which they were committed; whoever
   appends waits for neither.
4. A head that is signed stays: the database refuses to change or remove it.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric import ec

from bot.process.holding import HOLD_SECONDS
from bot.process.retry import retry
from bot.referral import head as head_
from bot.referral import signed_note
from bot.referral.head import Head
from storage import heads, keys, ledger, schema
from storage.database import Database
from storage.heads import SignedHead
from storage.leases import Lease
from storage.ledger import Entry

log = structlog.get_logger()
LEASE: Final = "custody"
KEY_ENTRY: Final = "custody key in use"
LOOK_SECONDS: Final = 0.5
NUMBER_SECONDS: Final = 60


async def signing_of(database: Database, folder: Path, clock: Callable[[], float]) -> "Signing":
    """With the key of the custody log that lies in this folder. Raises KeysMissing."""
    async with database.reading() as connection:
        origin = head_.origin(await schema.name_of(connection))
    return Signing(database, keys.custody_log(folder, make=False), origin, clock)


async def sign_if_alone(
    database: Database, folder: Path, locks: Path, clock: Callable[[], float]
) -> None:
    """Sign what is wanted where no custody process does, as at a command of the operator's.

    `folder`: of the keys; where the log's is not there, nothing is signed. `locks`: of this
    machine.
    """
    lease = Lease(database, LEASE, locks)
    if not await lease.take(now=int(clock()), hold=HOLD_SECONDS):
        return
    try:
        with contextlib.suppress(keys.KeysMissing):
            await (await signing_of(database, folder, clock)).once()
    finally:
        await lease.end()


@dataclass(slots=True)
class Signing:
    """`clock` in seconds since 1970. `origin`: bot/referral/head.py."""

    database: Database
    private: ec.EllipticCurvePrivateKey
    origin: str
    clock: Callable[[], float]
    _looked: int = 0
    _numbered: float = -NUMBER_SECONDS
    _whole: bool = True

    async def serve(self) -> None:
        """Sign what is wanted until cancelled; one process does."""
        while True:
            await retry(self.once)
            await asyncio.sleep(LOOK_SECONDS)

    async def once(self) -> SignedHead | None:
        """Sign a head if one is due or wanted; None if none is."""
        hour = int(self.clock()) // 3600
        async with self.database.reading() as connection:
            newest = await heads.newest(connection)
            size = newest.size if newest else 0
            wanted, looked = await heads.find_wanted(connection, size, self._looked)
        now = asyncio.get_running_loop().time()
        if newest is None:
            await self._begin(hour)
        due = wanted or newest is None or newest.hour < hour
        if due or now - self._numbered >= NUMBER_SECONDS:
            await ledger.number_leaves(self.database, whole=self._whole)
            self._numbered, self._whole = now, False
        signed = await self._sign(hour) if due else None
        self._looked = looked
        return signed

    async def _begin(self, hour: int) -> None:
        """The first entry that this key signs says which it is."""
        public = signed_note.one_line(self.private.public_key())
        entry = Entry(KEY_ENTRY, "custody", signed_note.fingerprint_of(public))
        async with self.database.writing() as connection:
            log_ = ledger.INSTALLATION
            await ledger.append(connection, log_, [entry], hour=hour, recipient=None)

    async def _sign(self, hour: int) -> SignedHead | None:
        """None where no entry has a number yet. A clock that was set back takes the hour of the
        head before.
        """
        async with self.database.writing() as connection:
            await heads.lock(connection)
            newest = await heads.newest(connection)
            size = await heads.count_leaves(connection)
            if not size:
                return None
            root = await heads.hash_of(connection, (0, size))
            hour = max(hour, newest.hour if newest else 0)
            head = Head(self.origin, size, root, hour)
            return await heads.add(connection, size, hour, head_.sign(head, self.private))
