"""SQLite behind asyncio with one thread hop a statement.

aiosqlite runs each connection in a thread of its own, and SQLAlchemy asks it four times a
statement: for a cursor, to execute, to fetch, to close. Each asking is a hop of some 150 to 400 µs
under load, which was most of what an answer cost. Here a statement is executed, its first rows
fetched and its cursor closed in one hop; only what has more rows keeps a cursor. The rest is
aiosqlite's.
"""

import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Final, Self
from urllib.parse import quote

import aiosqlite

EAGER: Final = 500
"""Rows fetched with the statement; a stream of more asks again for as many at a time as it wants.
"""


def connect(path: str) -> "Connection":
    """To be awaited, as aiosqlite's own; a file that is not there is not made."""
    file = f"file:{quote(path)}?mode=rw"
    # Its authorizer is set from another thread, once, as it is made; every statement runs in its
    # own.
    connection = Connection(
        lambda: sqlite3.connect(file, uri=True, check_same_thread=False), iter_chunk_size=EAGER
    )
    # as SQLAlchemy does: it must not outlive a killed loop
    connection._thread.daemon = True  # noqa: SLF001
    return connection


class Connection(aiosqlite.Connection):
    """What SQLAlchemy asks of a connection, in as few hops as there are."""

    def cursor(self) -> "Cursor":  # type: ignore[override]
        return Cursor(self)

    async def commit(self) -> None:
        if self._conn.in_transaction:
            await super().commit()

    async def rollback(self) -> None:
        """The pool rolls back whatever comes home to it, which mostly is committed."""
        if self._conn.in_transaction:
            await super().rollback()


class Cursor:
    """The part of a cursor's face that SQLAlchemy knows (its AsyncIODBAPICursor)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: deque[Any] = deque()
        self._rest: sqlite3.Cursor | None = None
        self.description: Any = None
        self.rowcount, self.arraysize = -1, 1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        await self._hop(self._execute, sql, parameters)

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        await self._hop(self._execute_many, sql, parameters)

    async def fetchone(self) -> Any:
        return next(iter(await self.fetchmany(1)), None)

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        size = size or self.arraysize
        if len(self._rows) < size and self._rest is not None:
            self._rows.extend(await self._hop(self._rest.fetchmany, size - len(self._rows)))
        return [self._rows.popleft() for _ in range(min(size, len(self._rows)))]

    async def fetchall(self) -> list[Any]:
        rows = [
            *self._rows,
            *(await self._hop(self._rest.fetchall) if self._rest is not None else ()),
        ]
        self._rows.clear()
        return rows

    async def __aiter__(self) -> AsyncIterator[Any]:
        while rows := await self.fetchmany(EAGER):
            for row in rows:
                yield row

    async def close(self) -> None:
        if self._rest is not None:
            rest, self._rest = self._rest, None
            await self._hop(rest.close)

    async def _hop(self, what: Any, *arguments: Any) -> Any:
        # its one way into its thread
        return await self._connection._execute(what, *arguments)  # type: ignore[no-untyped-call]  # noqa: SLF001

    # ── in the connection's thread ───────────────────────────────────────────

    def _execute(self, sql: str, parameters: Sequence[Any]) -> None:
        cursor = self._connection._conn.execute(sql, parameters)  # noqa: SLF001 - see above
        self.description = cursor.description
        self._rows = deque(cursor.fetchmany(EAGER) if cursor.description else ())
        self._done(cursor, more=len(self._rows) == EAGER)

    def _execute_many(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        # see above
        self._done(self._connection._conn.executemany(sql, parameters), more=False)  # noqa: SLF001

    def _done(self, cursor: sqlite3.Cursor, *, more: bool) -> None:
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        self._rest = cursor if more else None
        if not more:
            cursor.close()
