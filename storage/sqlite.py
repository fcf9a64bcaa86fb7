"""Transactions on one SQLite file, without a thread between a statement and its rows.

1. Statements run where they are asked for: each takes some microseconds, and a thread would cost
   ten times that. Only what waits for the disk has a thread: COMMIT, and reading a whole table.
2. One connection writes. Whoever wants to write waits for their turn here, and for other processes
   by asking again: nothing in the process stands still meanwhile.
3. Readers have a snapshot each, on connections of their own, and hold nobody up.
4. A task that is cancelled leaves nothing half done: what it did not commit is rolled back, and a
   COMMIT under way is waited for.
"""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection as SqlConnection
from sqlalchemy import create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.pool import StaticPool
from sqlalchemy.sql import Executable

from storage.compiled import Rows, Statements, Values
from storage.connection import AT_ONCE, failed
from storage.roles import may

BUSY_SECONDS: Final = 10
ASK_SECONDS: Final = (0.001, 0.002, 0.005, 0.01, 0.02)
"""After so long the write lock is asked for again, and after the last of these again and again."""
PRAGMAS: Final = (
    f"busy_timeout={BUSY_SECONDS * 1000}",
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "foreign_keys=ON",
)
_STATEMENTS: Final = Statements(sqlite.dialect())

T = TypeVar("T")


class Connection:
    """One transaction; see storage.connection."""

    def __init__(self, raw: sqlite3.Connection, run: Callable[..., Any]) -> None:
        self._raw, self._run_in_thread = raw, run

    @property
    def dialect(self) -> Dialect:
        return _STATEMENTS.dialect

    async def execute(
        self, statement: Executable, values: Values | Sequence[Values] = (), /
    ) -> Rows:
        if not values or isinstance(values, dict):
            return self._one(statement, values or {})
        rows: Sequence[Any] = values  # type: ignore[assignment]
        compiled = _STATEMENTS.of(statement, rows[0])
        if compiled.returns:
            return Rows(found for row in rows for found in self._one(statement, row))
        sql, each = compiled.bind_many(rows)
        try:
            return Rows(rowcount=self._raw.executemany(sql, each).rowcount)
        except sqlite3.Error as failure:
            raise failed(type(failure).__name__, sql, failure) from None

    def _one(self, statement: Executable, values: Any) -> Rows:
        compiled = _STATEMENTS.of(statement, values)
        sql, bound = compiled.bind(values)
        try:
            cursor = self._raw.execute(sql, bound)
            if cursor.description is None:
                return Rows(rowcount=cursor.rowcount)
            return compiled.rows([column[0] for column in cursor.description], cursor.fetchall())
        except sqlite3.Error as failure:
            raise failed(type(failure).__name__, sql, failure) from None

    async def stream(self, statement: Executable) -> AsyncGenerator[list[Any], None]:
        compiled = _STATEMENTS.of(statement, {})
        sql, bound = compiled.bind({})
        cursor = self._raw.cursor()
        try:
            await self._run_in_thread(cursor.execute, sql, bound)
            names = [column[0] for column in cursor.description]
            while found := await self._run_in_thread(cursor.fetchmany, AT_ONCE):
                yield compiled.rows(names, found)
        except sqlite3.Error as failure:
            raise failed(type(failure).__name__, sql, failure) from None
        finally:
            cursor.close()


class File:
    """A database in a file; one that is not there is not made. `officers`: it refuses every table
    of the witnesses' side.
    """

    def __init__(self, path: str, *, officers: bool) -> None:
        self._path, self._officers = path, officers
        self._turn = asyncio.Lock()
        self._writer: sqlite3.Connection | None = None
        self._readers: list[sqlite3.Connection] = []
        self._thread = ThreadPoolExecutor(1, "commit")

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        """The write lock is taken at once, so that it cannot fail half way for want of it."""
        ends = asyncio.get_running_loop().time() + BUSY_SECONDS
        async with self._turn:
            if self._writer is None:
                self._writer = self._opened(busy_seconds=0)
            raw = self._writer
            await _begin_writing(raw, ends)
            try:
                yield Connection(raw, self._in_thread)
                await self._in_thread(_commit, raw)
            except BaseException:
                _roll_back(raw)
                raise

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A snapshot that holds nobody up."""
        raw = self._readers.pop() if self._readers else self._opened(busy_seconds=BUSY_SECONDS)
        try:
            raw.execute("BEGIN")
            yield Connection(raw, self._in_thread)
        finally:
            _roll_back(raw)
            self._readers.append(raw)

    async def alter(self, run: Callable[[SqlConnection], T]) -> T:
        """Run this in one transaction on a connection of SQLAlchemy's own."""
        return await asyncio.to_thread(self._altered, run)

    def _altered(self, run: Callable[[SqlConnection], T]) -> T:
        raw = self._opened(busy_seconds=BUSY_SECONDS)
        engine = create_engine(
            "sqlite://", creator=lambda: raw, poolclass=StaticPool, hide_parameters=True
        )
        # its driver would begin where it thinks fit, and not before DDL
        event.listen(engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN IMMEDIATE"))
        try:
            with engine.begin() as connection:
                return run(connection)
        finally:
            engine.dispose()
            raw.close()

    async def tidy(self) -> None:
        """Bring the write-ahead log into the file and truncate it, so that what was deleted does
        not linger. It waits for no reader, as a backup is one: whoever writes would wait with it.
        """
        async with self._turn:
            if self._writer is None:
                self._writer = self._opened(busy_seconds=0)
            await self._in_thread(self._writer.execute, "PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        for raw in (*self._readers, *([self._writer] if self._writer else [])):
            raw.close()
        self._readers, self._writer = [], None
        self._thread.shutdown()

    async def _in_thread(self, what: Callable[..., T], *arguments: Any) -> T:
        """Also where the caller is cancelled, the thread is done with the connection on return."""
        doing = asyncio.get_running_loop().run_in_executor(self._thread, what, *arguments)
        cancelled: asyncio.CancelledError | None = None
        while not doing.done():
            try:
                await asyncio.wait([doing])
            except asyncio.CancelledError as late:
                cancelled = late
        if cancelled is not None:
            doing.exception()  # it is not heard any more
            raise cancelled
        return doing.result()

    def _opened(self, *, busy_seconds: int) -> sqlite3.Connection:
        file = f"file:{quote(self._path)}?mode=rw"
        try:
            # one thread at a time: the loop's, or the one that commits
            raw = sqlite3.connect(file, uri=True, check_same_thread=False, isolation_level=None)
            for pragma in PRAGMAS:
                raw.execute(f"PRAGMA {pragma}")
            raw.execute(f"PRAGMA busy_timeout={busy_seconds * 1000}")
        except sqlite3.Error as failure:
            raise failed(type(failure).__name__, "PRAGMA", failure) from None
        if self._officers:
            raw.set_authorizer(_officers_only)
        return raw


async def _begin_writing(raw: sqlite3.Connection, ends: float) -> None:
    """Raises OperationalError where another process still writes when the loop's clock is there;
    it is asked once in any case.
    """
    loop, tries = asyncio.get_running_loop(), 0
    while True:
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as failure:
            busy = failure.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or loop.time() > ends:
                raise failed("OperationalError", "BEGIN IMMEDIATE", failure) from None
            await asyncio.sleep(ASK_SECONDS[min(tries, len(ASK_SECONDS) - 1)])
            tries += 1
        else:
            return


def _commit(raw: sqlite3.Connection) -> None:
    try:
        raw.execute("COMMIT")
    except sqlite3.Error as failure:
        raise failed(type(failure).__name__, "COMMIT", failure) from None


def _roll_back(raw: sqlite3.Connection) -> None:
    if raw.in_transaction:
        with suppress(sqlite3.Error):  # a full disk may have done it already
            raw.execute("ROLLBACK")


_VERBS: Final = {
    sqlite3.SQLITE_READ: "read",
    sqlite3.SQLITE_INSERT: "add",
    sqlite3.SQLITE_UPDATE: "change",
    sqlite3.SQLITE_DELETE: "remove",
}
_SCHEMA: Final = frozenset(
    getattr(sqlite3, f"SQLITE_{what}_{kind}")
    for what in ("CREATE", "DROP")
    for kind in ("INDEX", "TABLE", "TRIGGER", "VIEW")
) | {sqlite3.SQLITE_ALTER_TABLE, sqlite3.SQLITE_ATTACH}


def _officers_only(action: int, table: str | None, column: str | None, *_: object) -> int:
    """What a database role is on PostgreSQL, SQLite's authorizer is here: the statement is refused
    when prepared.
    """
    verb = _VERBS.get(action)
    denied = action in _SCHEMA or (verb and not may(verb, table or "", column or ""))
    return sqlite3.SQLITE_DENY if denied else sqlite3.SQLITE_OK
