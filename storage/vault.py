"""The vault: files sealed to a report's public key while they arrive, written so that "stored" means durable.

An intent row with a fresh random name comes first, then the object under a temporary name, fsync, link() and
fsync of the folder, then the row says stored. Plaintext never touches a disk of ours.
"""

import asyncio
import contextlib
import errno
import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import aiofiles
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import statements
from storage import tables as t
from storage.age import Sealer
from storage.database import Database

PIECE: Final = 1024 * 1024
"""Bytes handled in one thread hop: a hop costs some 150 µs, so that smaller pieces would be all hop."""
ORPHAN_HOURS: Final = 48


class VaultFull(Exception):
    """The vault's disk is full. Nothing of the file is kept; it is asked for again."""


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
    """One pass over the plaintext: two digests of it on one thread, sealing and its digest on another."""

    def __init__(self, recipient: str) -> None:
        self._sealer = Sealer(recipient)
        self._sha256, self._sha512, self._sealed = hashlib.sha256(), hashlib.sha512(), hashlib.sha256()
        self.size = self.sealed_size = 0
        self.header = self._out(self._sealer.header)

    async def piece(self, plain: bytes) -> bytes:
        self.size += len(plain)
        sealing = asyncio.to_thread(self._seal, plain)
        return (await asyncio.gather(sealing, asyncio.to_thread(self._digest, plain)))[0]

    def last(self) -> bytes:
        return self._out(self._sealer.finish())

    def stored(self, name: str) -> Stored:
        return Stored(
            name, self.size, self._sha256.hexdigest(), self._sha512.hexdigest(),
            self.sealed_size, self._sealed.hexdigest(),
        )  # fmt: skip

    def _digest(self, plain: bytes) -> None:
        self._sha256.update(plain)
        self._sha512.update(plain)

    def _seal(self, plain: bytes) -> bytes:
        return self._out(self._sealer.update(plain))

    def _out(self, sealed: bytes) -> bytes:
        self.sealed_size += len(sealed)
        self._sealed.update(sealed)
        return sealed


class Vault:
    """Sealed objects in a local folder, two levels deep by the first letters of their random names."""

    def __init__(self, folder: Path, database: Database) -> None:
        self._folder = folder
        self._database = database

    async def put(self, chunks: AsyncIterator[bytes], recipient: str, *, hour: int) -> Stored:
        """Seal a stream and keep it; it counts as kept once `stored` is called for it in a transaction.

        Raises VaultFull, or whatever the stream raises; then nothing is kept.
        """
        name = os.urandom(20).hex()
        await self._intend(name, hour)
        try:
            return await self._write(name, chunks, recipient)
        except OSError as failure:
            if failure.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise VaultFull from failure
            raise

    @staticmethod
    async def stored(connection: AsyncConnection, name: str) -> None:
        """Somebody refers to this object from now on, within the caller's transaction."""
        await connection.execute(update(t.objects).where(t.objects.c.name == name).values(stored=True))

    async def _intend(self, name: str, hour: int) -> None:
        async with self._database.writing() as connection:
            row = {"name": name, "stored": False, "hour": hour}
            await connection.execute(statements.insert(connection, t.objects), [row])

    async def _write(self, name: str, chunks: AsyncIterator[bytes], recipient: str) -> Stored:
        final = self.path(name)
        await asyncio.to_thread(_folders, final.parent)
        temporary = final.with_suffix(".part")
        work = _Pass(recipient)
        try:
            async with aiofiles.open(temporary, "xb", opener=_private) as file:
                written = asyncio.ensure_future(file.write(work.header))
                try:
                    async for piece in _in_pieces(chunks):
                        sealed, _ = await asyncio.gather(work.piece(piece), written)
                        written = asyncio.ensure_future(file.write(sealed))
                finally:  # a stream that breaks must not close the file under a write
                    await written
                await file.write(work.last())
                await file.flush()
                await asyncio.to_thread(_settle, file.fileno(), work.sealed_size)
            await asyncio.to_thread(_publish, temporary, final)
        finally:
            with contextlib.suppress(FileNotFoundError):
                await asyncio.to_thread(temporary.unlink)
        return work.stored(name)

    def path(self, name: str) -> Path:
        return self._folder / name[:2] / name[2:4] / name

    async def discard(self, name: str) -> None:
        """Remove an object that belongs to nobody any more, and its row."""
        with contextlib.suppress(FileNotFoundError):
            await asyncio.to_thread(self.path(name).unlink)
        async with self._database.writing() as connection:
            await connection.execute(delete(t.objects).where(t.objects.c.name == name))

    async def collect(self, hour: int) -> int:
        """Remove what a crash left behind: objects whose intent was never settled, older than 48 hours."""
        old = select(t.objects.c.name).where(t.objects.c.stored.is_(False), t.objects.c.hour < hour - ORPHAN_HOURS)
        async with self._database.reading() as connection:
            names = [str(n) for n in (await connection.execute(old)).scalars()]
        for name in names:
            await asyncio.to_thread(_unlink_all, self.path(name))
            await self.discard(name)
        return len(names)


async def _in_pieces(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in pieces worth a thread hop."""
    held = bytearray()
    async for chunk in chunks:
        held += chunk
        if len(held) >= PIECE:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _folders(folder: Path) -> None:
    """Make the two levels above an object, each durable in the one above it."""
    for path in (folder.parent.parent, folder.parent, folder):
        if not path.is_dir():
            path.mkdir(exist_ok=True, parents=True, mode=0o700)
            _sync_folder(path.parent)


def _settle(fd: int, size: int) -> None:
    """Durable, and whole: a short write on a nearly full disk is no error by itself."""
    os.fsync(fd)
    if os.fstat(fd).st_size != size:
        raise OSError(errno.ENOSPC, "short write")


def _publish(temporary: Path, final: Path) -> None:
    """link(), not rename(): it refuses to replace an object that is there."""
    os.link(temporary, final)
    _sync_folder(final.parent)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _unlink_all(final: Path) -> None:
    for path in _traces(final):
        with contextlib.suppress(FileNotFoundError):
            path.unlink()


def _traces(final: Path) -> Iterator[Path]:
    yield final.with_suffix(".part")
    yield final
