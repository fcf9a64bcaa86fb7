"""The database: which one it is, its transactions, and how whoever waits is told of a commit."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.connection import Connection, DatabaseAway
from storage.sqlite import File

if TYPE_CHECKING:
    from sqlalchemy import Connection as SqlConnection

    from storage.postgres import Server

T = TypeVar("T")
WAKE: Final = "firsthand"
"""The channel on which whoever committed something to be done says so, without a word of what."""
LISTEN_AGAIN_SECONDS: Final = 1.0
KINDS: Final = ("sqlite", "postgresql")


class NotMade(Exception):
    """The file of a new database cannot be made; says the kind of failure."""


class Database:
    """Transactions on one database, sqlite:///… or postgresql://….

    `officers`: the connection refuses every table of the witnesses' side. Raises ValueError for an
    address that is neither; what it says names no password.
    """

    def __init__(self, url: str, *, officers: bool = False) -> None:
        self.url = url
        self._url = _address(url)
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        self._opened = _opened(self._url, officers=officers)
        self._heard = _Heard()
        self._listening: asyncio.Task[None] | None = None

    @property
    def is_there(self) -> bool:
        """Whether it may be asked: a file that is not there is made by nobody who only looks."""
        return not self.is_sqlite or Path(self._url.database or "").exists()

    def make(self) -> None:
        """Begin the file of a new database, which only its owner may read. Raises NotMade."""
        if self.is_sqlite:
            try:
                Path(self._url.database or "").touch(mode=0o600)
            except OSError as failure:
                raise NotMade(type(failure).__name__) from None

    def writing(self) -> AbstractAsyncContextManager[Connection]:
        """One transaction."""
        return self._opened.writing()

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """A snapshot that holds nobody up; keep it under a second."""
        return self._opened.reading()

    async def alter(self, run: "Callable[[SqlConnection], T]") -> T:
        """Run this in one transaction on a connection of SQLAlchemy's own, as migrations want
        it.
        """
        return await self._opened.alter(run)

    async def woken(self, seconds: float) -> None:
        """Return when some process has committed work, messages or posts, or after so many seconds.

        On SQLite it is the seconds; on PostgreSQL a notification may come first. What comes while
        nobody waits is found by the next look, so that whoever waits must look again whatever woke
        them.
        """
        if self.is_sqlite:
            await asyncio.sleep(seconds)
            return
        if self._listening is None:
            self._listening = asyncio.create_task(_listen(self._url, self._heard))
        try:
            async with asyncio.timeout(seconds):
                await self._heard.next()
        except TimeoutError:
            return

    async def connect(self) -> Any:
        """A connection of asyncpg's, outside the pool; its user closes it. Raises DatabaseAway."""
        return await _connect(self._url)

    async def tidy(self) -> None:
        """Bring the write-ahead log into the database, so that what was deleted does not linger."""
        if isinstance(self._opened, File):
            await self._opened.tidy()

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        await self._opened.close()


class _Heard:
    """Wakes all who wait at the moment."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    async def next(self) -> None:
        await self._event.wait()

    def tell(self, *_: object) -> None:
        self._event.set()
        self._event = asyncio.Event()


async def _listen(url: URL, heard: _Heard) -> None:
    """On a connection of its own, outside the pool; one that dies is replaced, and polling goes on
    beneath.
    """
    while True:
        try:
            connection = await _connect(url)
        except DatabaseAway:
            await asyncio.sleep(LISTEN_AGAIN_SECONDS)
            continue
        ended = asyncio.Event()
        connection.add_termination_listener(lambda *_, ended=ended: ended.set())
        try:
            await connection.add_listener(WAKE, heard.tell)
            await ended.wait()
        except Exception:  # noqa: BLE001 - it died as it began: the next one may hold, and polling goes on
            await asyncio.sleep(LISTEN_AGAIN_SECONDS)
        finally:
            connection.terminate()


async def _connect(url: URL) -> Any:
    from storage.postgres import connect  # noqa: PLC0415 - see below

    return await connect(url)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
        known = address.get_backend_name() in KINDS
    except (ArgumentError, ValueError):
        known = False
    if not known:
        raise ValueError("an address is sqlite:///PATH or postgresql://USER@HOST/NAME")
    return address


def _opened(url: URL, *, officers: bool) -> "File | Server":
    if url.get_backend_name() == "sqlite":
        return File(url.database or "", officers=officers)
    from storage.postgres import Server  # noqa: PLC0415 - only who has PostgreSQL pays for it

    return Server(url, officers=officers)
