"""The vault: files sealed to a report's public key while they arrive. Plaintext never touches a
disk of ours.

An intent row with a fresh random name comes first, then the object, then a row says stored.
"""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

import structlog
from sqlalchemy import delete, select, update

from storage import statements
from storage import tables as t
from storage.age import Block, Sealer
from storage.connection import Connection
from storage.database import Database
from storage.store import Store, StoreAway

log = structlog.get_logger()

PIECE: Final = 2 * 1024 * 1024
"""Bytes handled in one thread hop: a hop costs some 150 µs, so that smaller pieces would be all
hop.
"""
ORPHAN_HOURS: Final = 48


@dataclass(frozen=True, slots=True)
class Stored:
    """One sealed object: hex digests of what came and of what is kept; sizes in bytes."""

    object: str
    size: int
    sha256: str = field(repr=False)
    sha512: str = field(repr=False)
    sealed_size: int
    sealed_sha256: str = field(repr=False)


class _Pass:
    """One pass over the plaintext, in a thread: two digests of each block, its sealing, and the
    digest of what is sealed.
    """

    def __init__(self, recipient: str) -> None:
        self._sealer = Sealer(recipient, self._digest)
        self._sha256, self._sha512 = hashlib.sha256(), hashlib.sha512()
        self._sealed = hashlib.sha256()
        self.size = self.sealed_size = 0

    async def sealed(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes | bytearray]:
        """What is kept, while what came is read."""
        self._sealed.update(self._sealer.header)
        yield self._out(self._sealer.header)
        async for plain in _in_pieces(chunks):
            self.size += len(plain)
            yield await asyncio.to_thread(self._seal, plain)
        yield self._out(self._sealer.finish())

    def stored(self, name: str) -> Stored:
        return Stored(
            name,
            self.size,
            self._sha256.hexdigest(),
            self._sha512.hexdigest(),
            self.sealed_size,
            self._sealed.hexdigest(),
        )

    def _digest(self, plain: Block, sealed: Block) -> None:
        self._sha256.update(plain)
        self._sha512.update(plain)
        self._sealed.update(sealed)

    def _seal(self, plain: bytes) -> bytes | bytearray:
        return self._out(self._sealer.update(plain))

    def _out(self, sealed: bytes | bytearray) -> bytes | bytearray:
        self.sealed_size += len(sealed)
        return sealed


class Vault:
    """Sealed objects in a store, and the rows that say which of them somebody refers to."""

    def __init__(self, store: Store, database: Database) -> None:
        self.store = store
        self._database = database

    async def put(self, chunks: AsyncIterator[bytes], recipient: str, *, hour: int) -> Stored:
        """Seal a stream and keep it; it counts as kept once `stored` is called for it in a
        transaction.

        Raises Full, StoreAway, or whatever the stream raises; then nothing is kept.
        """
        name = os.urandom(20).hex()
        await self._intend(name, hour)
        work = _Pass(recipient)
        await self.store.put(name, work.sealed(chunks))
        return work.stored(name)

    @staticmethod
    async def stored(connection: Connection, name: str) -> None:
        """Somebody refers to this object from now on, within the caller's transaction.

        Raises LookupError: it was collected meanwhile.
        """
        o = t.objects.c
        known = await connection.execute(
            update(t.objects).where(o.name == name).values(stored=True).returning(o.name)
        )
        if known.first() is None:
            raise LookupError(name)

    async def _intend(self, name: str, hour: int) -> None:
        async with self._database.writing() as connection:
            row = {"name": name, "stored": False, "hour": hour}
            await connection.execute(statements.insert(connection, t.objects), [row])

    async def discard(self, name: str) -> None:
        """Remove an object that belongs to nobody any more, and its row."""
        await self.store.remove(name)
        async with self._database.writing() as connection:
            await connection.execute(delete(t.objects).where(t.objects.c.name == name))

    async def collect(self, hour: int) -> int:
        """Remove what a crash left behind: objects whose intent was never settled, older than 48
        hours.

        One that the store will not remove, as where it is held by mistake, keeps none of the
        others.
        """
        old = select(t.objects.c.name).where(
            t.objects.c.stored.is_(False), t.objects.c.hour < hour - ORPHAN_HOURS
        )
        async with self._database.reading() as connection:
            names = [str(n) for n in (await connection.execute(old)).scalars()]
        for name in names:
            try:
                await self.discard(name)
            except StoreAway as failure:
                log.error("an orphan cannot be removed", error=str(failure))
        return len(names)


async def _in_pieces(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in pieces worth a thread hop, whole blocks each but the last."""
    held: list[bytes] = []
    size = 0
    async for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size >= PIECE:
            whole = b"".join(held)
            ready = size // PIECE * PIECE
            yield whole[:ready]
            held, size = [whole[ready:]], size - ready
    if size:
        yield b"".join(held)
