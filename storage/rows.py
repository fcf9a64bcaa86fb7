"""Every row of one database into another, which may be of another kind: how a backup is made,
restored, and moved.
"""

from collections.abc import Callable
from contextlib import aclosing
from typing import Any, Final

from sqlalchemy import Table, delete, func, insert, select, text

from storage import tables as t
from storage.connection import Connection

NOT_COPIED: Final = frozenset({"leases"})
"""Who does what at the moment: nobody does, in a copy."""
NEVER_AGAIN: Final = ("outbox", "work", "posts")
"""Tables whose ids are never given twice, not even those of rows that are gone."""

Told = Callable[[str, int], None]


async def copy(
    source: Connection, target: Connection, told: Told = lambda *_: None
) -> dict[str, int]:
    """Copy from a snapshot into an empty schema of the same release; returns the number of rows by
    table.
    """
    await target.execute(delete(t.installation))  # `schema.prepare` has named the new one
    counts = {}
    for table in t.metadata.sorted_tables:
        if table.name in NOT_COPIED:
            continue
        counts[table.name] = await _table(source, target, table)
        told(table.name, counts[table.name])
    for table in t.metadata.sorted_tables:
        if table.autoincrement_column is not None and table.name not in NOT_COPIED:
            await _next(target, table, await _last(source, table))
    return counts


async def empty(connection: Connection) -> bool:
    """Whether nothing has happened in this database yet."""
    for table in (t.referrals, t.conversations, t.ledger, t.officers, t.recipients):
        if (await connection.execute(select(func.count()).select_from(table))).scalar_one():
            return False
    return True


async def _table(source: Connection, target: Connection, table: Table) -> int:
    count = 0
    names = [column.name for column in table.c]
    rows = source.stream(select(table).order_by(*table.primary_key.columns))
    async with aclosing(rows):
        async for part in rows:
            several = [dict(zip(names, row, strict=True)) for row in part]
            await target.execute(insert(table), several)
            count += len(part)
    return count


async def _last(connection: Connection, table: Table) -> int:
    """The largest id that was ever given out."""
    largest = int((await connection.execute(select(func.max(table.c.id)))).scalar() or 0)
    if table.name not in NEVER_AGAIN:
        return largest
    given: Any = {
        "sqlite": text("SELECT seq FROM sqlite_sequence WHERE name = :name"),
        "postgresql": text(
            "SELECT pg_sequence_last_value(pg_get_serial_sequence(:name, 'id')::regclass)"
        ),
    }[connection.dialect.name]
    return max(largest, int((await connection.execute(given, {"name": table.name})).scalar() or 0))


async def _next(connection: Connection, table: Table, last: int) -> None:
    """Give ids after `last` from now on."""
    if not last:
        return
    if connection.dialect.name == "postgresql":
        await connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"),
            {"name": table.name, "last": last},
        )
    elif table.name in NEVER_AGAIN:
        name = {"name": table.name, "last": last}
        await connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), name)
        await connection.execute(
            text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), name
        )
