"""The statements that any room of the storage is written with, on either database."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import String, Table, bindparam, func, select, text
from sqlalchemy.dialects import postgresql, sqlite

from storage import tables as t
from storage.connection import Connection
from storage.database import WAKE

Row = dict[str, Any]
FAR_SECONDS: Final = 3600
"""Nothing is claimed, or put off after a failure, for so long: where it is, a clock was ahead that
is right again.
"""
LOCK: Final = select(func.pg_advisory_xact_lock(func.hashtext(bindparam("what", type_=String))))
_LOCK_SHARED: Final = select(
    func.pg_advisory_xact_lock_shared(func.hashtext(bindparam("what", type_=String)))
)
_NOTIFY: Final = select(func.pg_notify(WAKE, ""))


def insert(connection: Connection, table: Table) -> Any:
    """An INSERT that knows ON CONFLICT, which both databases spell alike but SQLAlchemy keeps
    apart.
    """
    return insert_into(connection.dialect.name, table)


@cache
def insert_into(dialect: str, table: Table) -> Any:
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


@cache
def upsert(dialect: str, table: Table, by: tuple[str, ...], changed: tuple[str, ...]) -> Any:
    """An INSERT that changes these columns where there is a row of this name."""
    statement = insert_into(dialect, table)
    new = {name: statement.excluded[name] for name in changed}
    return statement.on_conflict_do_update(index_elements=by, set_=new)


async def lock(connection: Connection, what: str) -> None:
    """Nobody else has this lock until the transaction ends; on SQLite the write lock says so
    already.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(LOCK, {"what": what})


async def lock_shared(connection: Connection, what: str) -> None:
    """Until the transaction ends, nobody has its `lock`; any number may share it."""
    if connection.dialect.name == "postgresql":
        await connection.execute(_LOCK_SHARED, {"what": what})


async def limit_lock_wait(connection: Connection, seconds: int) -> None:
    """From here on the transaction waits so long for a lock at the most, and then fails."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text(f"SET LOCAL lock_timeout = {seconds * 1000}"))


async def wake(connection: Connection) -> None:
    """Whoever waits for work, messages or posts is told once this transaction is committed."""
    if connection.dialect.name == "postgresql":
        await connection.execute(_NOTIFY)


async def run(connection: Connection, statement: Any, rows: Sequence[Row]) -> None:
    if rows:
        await connection.execute(statement, rows)


async def discard(connection: Connection, objects: Iterable[str]) -> None:
    """Rows that say which vault objects belong to nobody any more."""
    await _with_objects(connection, "discard", objects)


async def hold(connection: Connection, objects: Iterable[str]) -> None:
    """From now on nobody may remove these objects of the vault: work of the files process, after
    this commit.
    """
    await _with_objects(connection, "hold", objects)


async def _with_objects(connection: Connection, kind: str, objects: Iterable[str]) -> None:
    rows = [{"kind": kind, "name": name, "due": 0, "held_until": 0, "tries": 0} for name in objects]
    await run(connection, insert(connection, t.work).on_conflict_do_nothing(), rows)


async def take_shred(connection: Connection, slots: Iterable[int], *, due: int) -> None:
    """Rows that say which slots must be overwritten; they stand until it is done."""
    await run(
        connection,
        insert(connection, t.work),
        [{"kind": "shred", "slot": s, "due": due, "held_until": 0, "tries": 0} for s in slots],
    )
