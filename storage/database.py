"""The database: one engine, how a transaction begins, and which tables a role may touch."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage import one_hop
from storage.tables import ONLY_READ, WITNESS_TABLES

BUSY_SECONDS = 10
COMMAND_SECONDS = 60
"""The longest a statement may take: a network that swallows packets must not stop a process for
ever.
"""
FROZEN_SECONDS = 30
"""After so long without a word in the middle of a transaction a process counts as frozen: others
wait for its rows.
"""
POOL = 5
"""Connections a process keeps; it opens as many more for a moment. PostgreSQL has 100 for all,
unless it is told.
"""
WAKE = "firsthand"
"""The channel on which whoever committed something to be done says so, without a word of what."""
LISTEN_AGAIN_SECONDS = 1.0
OFFICERS_ROLE = "firsthand_officers"
"""A role of the PostgreSQL server that may touch what both sides need and the officers' own, and
nothing else.
"""


class DatabaseAway(ConnectionError):
    """The database lets nobody in; says the kind of refusal, and neither address nor password."""


class NotMade(Exception):
    """The file of a new database cannot be made; says the kind of failure."""


class Database:
    """Transactions on one database, sqlite:///… or postgresql://….

    `officers`: the connection refuses every table of the witnesses' side.
    """

    def __init__(self, url: str, *, officers: bool = False) -> None:
        self.url = url
        self.engine = _engine(url, officers=officers)
        snapshot = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._quiet: dict[str, Any] = {"reading": True} if self.is_sqlite else snapshot
        self._heard = _Heard()
        self._listening: asyncio.Task[None] | None = None

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def is_there(self) -> bool:
        """Whether it may be asked: a file that is not there is made by nobody who only looks."""
        return not self.is_sqlite or Path(self.engine.url.database or "").exists()

    def make(self) -> None:
        """Begin the file of a new database, which only its owner may read. Raises NotMade."""
        if self.is_sqlite:
            try:
                Path(self.engine.url.database or "").touch(mode=0o600)
            except OSError as failure:
                raise NotMade(type(failure).__name__) from None

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction; SQLite takes the write lock at once, so that it cannot fail half way for
        want of it.
        """
        async with self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A snapshot that holds nobody up; keep it under a second."""
        async with self.engine.connect() as connection:
            quiet = await connection.execution_options(**self._quiet)
            async with quiet.begin():
                yield quiet

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
            self._listening = asyncio.create_task(_listen(self.engine.url, self._heard))
        try:
            async with asyncio.timeout(seconds):
                await self._heard.next()
        except TimeoutError:
            return

    async def connect(self) -> Any:
        """A connection of asyncpg's, outside the pool; its user closes it. Raises DatabaseAway."""
        return await _connect(self.engine.url)

    async def tidy(self) -> None:
        """Bring the write-ahead log into the database and truncate it, so that what was deleted
        does not linger.
        """
        if self.is_sqlite:
            async with self.engine.connect() as connection:
                raw = await connection.get_raw_connection()
                # It waits for no reader, as a backup is one: whoever writes would wait with it.
                for pragma in (
                    "busy_timeout=0",
                    "wal_checkpoint(TRUNCATE)",
                    f"busy_timeout={BUSY_SECONDS * 1000}",
                ):
                    await raw.driver_connection.execute(f"PRAGMA {pragma}")  # type: ignore[union-attr]

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        await self.engine.dispose()


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
    """A connection of asyncpg's. Raises DatabaseAway, which says the kind of refusal and no
    address.
    """
    import asyncpg  # noqa: PLC0415 - only who has PostgreSQL pays for it

    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        return await asyncpg.connect(
            address,
            timeout=BUSY_SECONDS,
            command_timeout=COMMAND_SECONDS,
            server_settings={"idle_in_transaction_session_timeout": str(FROZEN_SECONDS * 1000)},
        )
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as refused:
        raise DatabaseAway(type(refused).__name__) from None


def _engine(url: str, *, officers: bool) -> AsyncEngine:
    """Raises ValueError for an address that is neither; what it says names no password."""
    try:
        address = make_url(url)
        make, driver = KINDS[address.get_backend_name()]
    except (ArgumentError, KeyError, ValueError):
        raise ValueError("an address is sqlite:///PATH or postgresql://USER@HOST/NAME") from None
    return make(address.set(drivername=driver), officers=officers)


def _sqlite(url: URL, *, officers: bool) -> AsyncEngine:
    path = url.database or ""
    engine = create_async_engine(
        url, hide_parameters=True, async_creator=lambda: one_hop.connect(path)
    )

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _: object) -> None:
        connection.isolation_level = None  # transactions begin below, not by the driver's guess
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        if officers:
            raw = connection.driver_connection
            raw._conn.set_authorizer(_officers_only)  # noqa: SLF001 - aiosqlite has no door to it

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _postgres(url: URL, *, officers: bool) -> AsyncEngine:
    """A connection that died is found out before it is used, and replaced."""

    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=POOL,
        max_overflow=POOL,
        async_creator=lambda: _connect(url),
    )

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _: object) -> None:
        if officers:
            cursor = connection.cursor()
            cursor.execute(f"SET ROLE {OFFICERS_ROLE}")
            cursor.close()
            connection.commit()

    return engine


KINDS: Final = {
    "sqlite": (_sqlite, "sqlite+aiosqlite"),
    "postgresql": (_postgres, "postgresql+asyncpg"),
}
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "foreign_keys=ON",
    f"busy_timeout={BUSY_SECONDS * 1000}",
)


def _officers_only(action: int, table: str | None, *_: object) -> int:
    """What a database role is on PostgreSQL, SQLite's authorizer is here: the statement is refused
    when prepared.
    """
    writes = action in (sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE)
    touches = writes or action == sqlite3.SQLITE_READ
    denied = (touches and table in WITNESS_TABLES) or (writes and table in ONLY_READ)
    return sqlite3.SQLITE_DENY if denied else sqlite3.SQLITE_OK
