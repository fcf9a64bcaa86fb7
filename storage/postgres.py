"""Transactions on PostgreSQL, over asyncpg's own pool and prepared statements."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, Final, TypeVar

import asyncpg
from sqlalchemy import URL
from sqlalchemy import Connection as SqlConnection
from sqlalchemy.dialects.postgresql import asyncpg as written_for
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql import Executable

from storage.compiled import Rows, Statement, Statements, Values
from storage.connection import AT_ONCE, DatabaseAway, failed
from storage.roles import OFFICERS_ROLE

CONNECT_SECONDS: Final = 10
COMMAND_SECONDS: Final = 60
"""The longest a statement may take: a network that swallows packets must not stop a process for
ever.
"""
FROZEN_SECONDS: Final = 30
"""After so long without a word in the middle of a transaction a process counts as frozen: others
wait for its rows.
"""
ACQUIRE_SECONDS: Final = 30
"""The longest somebody waits until a connection of the pool is free."""
POOL: Final = 10
"""Connections a process has at the most. PostgreSQL has 100 for all, unless it is told."""
DEAD: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    ConnectionError,
)
"""What a connection says that the server, or somebody on the way, has closed meanwhile."""

T = TypeVar("T")
_STATEMENTS: Final = Statements(written_for.dialect())  # type: ignore[no-untyped-call]


class Connection:
    """One transaction; see storage.connection."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    @property
    def dialect(self) -> Dialect:
        return _STATEMENTS.dialect

    async def execute(
        self, statement: Executable, values: Values | Sequence[Values] = (), /
    ) -> Rows:
        if not values or isinstance(values, dict):
            given: Any = values or {}
            return await self._one(_STATEMENTS.of(statement, given), given)
        rows: Sequence[Any] = values  # type: ignore[assignment]
        compiled = _STATEMENTS.of(statement, rows[0])
        if compiled.returns:
            return Rows([found for row in rows for found in await self._one(compiled, row)])
        sql, each = compiled.bind_many(rows)
        with _failing(sql):
            await self._raw.executemany(sql, each)
        return Rows()

    async def _one(self, compiled: Statement, values: Any) -> Rows:
        sql, bound = compiled.bind(values)
        with _failing(sql):
            if compiled.returns:
                found = await self._raw.fetch(sql, *bound)
                return compiled.rows(list(found[0].keys()), found) if found else Rows()
            done = await self._raw.execute(sql, *bound)
        return Rows(rowcount=int(done.rpartition(" ")[2]))

    async def stream(self, statement: Executable) -> AsyncGenerator[list[Any], None]:
        compiled = _STATEMENTS.of(statement, {})
        sql, bound = compiled.bind({})
        with _failing(sql):
            cursor = await self._raw.cursor(sql, *bound)
            while found := await cursor.fetch(AT_ONCE):
                yield compiled.rows(list(found[0].keys()), found)


class Server:
    """A database of a PostgreSQL server. `officers`: under the role that touches no table of the
    witnesses' side.
    """

    def __init__(self, url: URL, *, officers: bool) -> None:
        self._url, self._officers = url, officers
        self._pool: Any = None
        self._making = asyncio.Lock()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        async with self._transaction() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A snapshot that holds nobody up."""
        async with self._transaction(isolation="repeatable_read", readonly=True) as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(self, **kind: Any) -> AsyncIterator[Connection]:
        pool = await self._pool_made()
        raw, transaction = await _begun(pool, kind)
        try:
            try:
                yield Connection(raw)
            except BaseException:
                await _roll_back(raw, transaction)
                raise
            with _failing("COMMIT"):
                await transaction.commit()
        finally:
            await pool.release(raw)

    async def _pool_made(self) -> Any:
        async with self._making:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    min_size=0,
                    max_size=POOL,
                    connect=lambda *_, **__: self.connect(),
                    init=self._set_role,
                    reset=_kept_as_it_is,
                )
        return self._pool

    async def _set_role(self, raw: Any) -> None:
        if self._officers:
            await raw.execute(f"SET ROLE {OFFICERS_ROLE}")

    async def connect(self) -> Any:
        """A connection outside the pool. Raises DatabaseAway."""
        return await connect(self._url)

    async def alter(self, run: Callable[[SqlConnection], T]) -> T:
        """Run this in one transaction on a connection of SQLAlchemy's own."""
        from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 - few need it
        from sqlalchemy.pool import NullPool  # noqa: PLC0415

        engine = create_async_engine(
            self._url.set(drivername="postgresql+asyncpg"),
            hide_parameters=True,
            poolclass=NullPool,
            async_creator=self.connect,
        )
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(run)
        finally:
            await engine.dispose()

    async def close(self) -> None:
        if self._pool is not None:
            self._pool.terminate()
            self._pool = None


async def connect(url: URL) -> Any:
    """A connection of asyncpg's. Raises DatabaseAway, which says the kind of refusal and no
    address.
    """
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        return await asyncpg.connect(
            address,
            timeout=CONNECT_SECONDS,
            command_timeout=COMMAND_SECONDS,
            server_settings={"idle_in_transaction_session_timeout": str(FROZEN_SECONDS * 1000)},
        )
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as refused:
        raise DatabaseAway(type(refused).__name__) from None


async def _begun(pool: Any, kind: dict[str, Any]) -> tuple[Any, Any]:
    """A connection with a transaction begun. One that died meanwhile is found out by this, and
    replaced.
    """
    for tries in range(POOL + 1):
        with _failing("connect"):
            raw = await pool.acquire(timeout=ACQUIRE_SECONDS)
        try:
            transaction = raw.transaction(**kind)
            with _failing("BEGIN"):
                await transaction.start()
        except BaseException as failure:
            dead = isinstance(getattr(failure, "orig", failure), DEAD)
            if dead:  # the pool makes another in its place
                _throw_away(raw)
            await pool.release(raw)
            if not dead or tries == POOL:
                raise
        else:
            return raw, transaction
    raise AssertionError


def _throw_away(raw: Any) -> None:
    with suppress(asyncpg.InterfaceError):  # it is gone from the pool, too
        raw.terminate()


async def _roll_back(raw: Any, transaction: Any) -> None:
    """Of a connection that is gone the server has done it already."""
    try:
        await transaction.rollback()
    except (asyncpg.PostgresError, *DEAD, OSError):
        _throw_away(raw)


async def _kept_as_it_is(_: Any) -> None:
    """Nothing of a transaction outlives it here, so that there is nothing to be reset."""


@contextmanager
def _failing(sql: str) -> Iterator[None]:
    """Failures of the server and of the way to it, as SQLAlchemy's."""
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as failure:
        raise failed("IntegrityError", sql, failure) from None
    except asyncpg.PostgresError as failure:
        raise failed("DatabaseError", sql, failure) from None
    except asyncpg.InterfaceError as failure:
        raise failed("InterfaceError", sql, failure) from None
    except asyncpg.InternalClientError as failure:  # the server has closed it, and it does not know
        raise failed("InternalError", sql, failure) from None
