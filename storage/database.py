"""The database: one engine, how a transaction begins, and which tables a role may touch."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.tables import WITNESS_TABLES

BUSY_SECONDS = 10


class Database:
    """Transactions on one database. `officers`: the connection refuses every table of the witnesses' side."""

    def __init__(self, url: str, *, officers: bool = False) -> None:
        self.engine = _engine(url, officers=officers)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that takes the write lock at once, so that it cannot fail half way for want of it."""
        async with self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A snapshot that holds nobody up; keep it under a second."""
        async with self.engine.connect() as connection:
            quiet = await connection.execution_options(reading=True)
            async with quiet.begin():
                yield quiet

    async def tidy(self) -> None:
        """Bring the write-ahead log into the database and truncate it, so that what was deleted does not linger."""
        if self.engine.dialect.name == "sqlite":
            async with self.engine.connect() as connection:
                raw = await connection.get_raw_connection()
                await raw.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]

    async def close(self) -> None:
        await self.engine.dispose()


def _engine(url: str, *, officers: bool) -> AsyncEngine:
    engine = create_async_engine(url, hide_parameters=True)
    if make_url(url).get_backend_name() == "sqlite":

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


PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "foreign_keys=ON",
    f"busy_timeout={BUSY_SECONDS * 1000}",
)


def _officers_only(action: int, table: str | None, *_: object) -> int:
    """What a database role is on PostgreSQL, SQLite's authorizer is here: the statement is refused when prepared."""
    touches = action in (sqlite3.SQLITE_READ, sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE)
    return sqlite3.SQLITE_DENY if touches and table in WITNESS_TABLES else sqlite3.SQLITE_OK
