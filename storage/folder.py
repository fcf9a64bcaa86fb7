"""Objects in a folder, two levels deep by the first letters of their names, written so that "kept"
means durable.

An object is written under a temporary name, fsync, link() and fsync of the folder. link() refuses
to replace an object that is there, which rename() does not.
"""

import asyncio
import contextlib
import errno
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import aiofiles

from storage.durable import sync_folder
from storage.store import Full, Missing, Rules

PIECE: Final = 1024 * 1024
NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
UNFINISHED: Final = ".part"


class Folder:
    """A store (storage/store.py) on this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    async def put(self, name: str, chunks: AsyncIterator[bytes | bytearray]) -> int:
        try:
            return await self._put(name, chunks)
        except OSError as failure:
            if failure.errno in NO_ROOM:
                raise Full from failure
            raise

    async def _put(self, name: str, chunks: AsyncIterator[bytes | bytearray]) -> int:
        final = self.path(name)
        await asyncio.to_thread(_folders, final.parent)
        temporary = final.with_suffix(UNFINISHED)
        try:
            async with aiofiles.open(temporary, "xb", opener=_private) as file:
                size = await _write(file, chunks)
                await asyncio.to_thread(_settle, file.fileno(), size)
            await asyncio.to_thread(_publish, temporary, final)
        finally:
            with contextlib.suppress(FileNotFoundError):
                await asyncio.to_thread(temporary.unlink)
        return size

    async def get(self, name: str) -> AsyncIterator[bytes]:
        try:
            async with aiofiles.open(self.path(name), "rb") as file:
                while piece := await file.read(PIECE):
                    yield piece
        except FileNotFoundError:
            raise Missing(name) from None

    async def size(self, name: str) -> int | None:
        try:
            return (await asyncio.to_thread(self.path(name).stat)).st_size
        except FileNotFoundError:
            return None

    async def remove(self, name: str) -> None:
        final = self.path(name)
        for path in (final.with_suffix(UNFINISHED), final):
            with contextlib.suppress(FileNotFoundError):
                await asyncio.to_thread(path.unlink)

    async def names(self) -> AsyncIterator[str]:
        for path in await asyncio.to_thread(lambda: sorted(self._all())):
            yield path.name

    async def rules(self) -> Rules:
        """What is asked of a bucket is here the business of whoever owns the disk."""
        return Rules(versioned=True, lockable=True, default_retention=False)

    async def hold(self, name: str) -> None:
        """Whoever may write a folder may remove what is in it."""

    async def lift(self, name: str) -> None:
        """There is none."""

    def path(self, name: str) -> Path:
        return self.root / name[:2] / name[2:4] / name

    def _all(self) -> Iterator[Path]:
        return (path for path in self.root.glob("??/??/*") if path.suffix != UNFINISHED)


async def _write(file: object, chunks: AsyncIterator[bytes | bytearray]) -> int:
    """Each piece is written while the next one is made."""
    size, written = 0, asyncio.ensure_future(asyncio.sleep(0, 0))
    try:
        async for piece in chunks:
            await written
            size += len(piece)
            written = asyncio.ensure_future(file.write(piece))  # type: ignore[attr-defined]
    finally:  # a stream that breaks must not close the file under a write
        await written
    await file.flush()  # type: ignore[attr-defined]
    return size


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _folders(folder: Path) -> None:
    """Make the two levels above an object, each durable in the one above it."""
    for path in (folder.parent.parent, folder.parent, folder):
        if not path.is_dir():
            path.mkdir(exist_ok=True, parents=True, mode=0o700)
            sync_folder(path.parent)


def _settle(fd: int, size: int) -> None:
    """Durable, and whole: a short write on a nearly full disk is no error by itself."""
    os.fsync(fd)
    if os.fstat(fd).st_size != size:
        raise OSError(errno.ENOSPC, "short write")


def _publish(temporary: Path, final: Path) -> None:
    os.link(temporary, final)
    sync_folder(final.parent)
