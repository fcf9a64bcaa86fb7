"""What was set aside: listed without a word of it, and asked to be tried again while its report is
unsent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Row, delete, select

from storage import statements
from storage import tables as t
from storage.connection import Connection

AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Aside:
    """One item; its body is sealed under its report's key."""

    id: int
    conversation: str
    why: str
    hour: int
    body: bytes | None = field(repr=False)


async def every(connection: Connection) -> list[Aside]:
    """All there are, oldest first: what is sent with its report is no longer here."""
    return [
        _aside(row)
        for row in await connection.execute(select(t.quarantine).order_by(t.quarantine.c.id))
    ]


async def get(connection: Connection, id_: int) -> Aside | None:
    row = (await connection.execute(select(t.quarantine).where(t.quarantine.c.id == id_))).first()
    return None if row is None else _aside(row)


async def ask_again(connection: Connection, ids: Sequence[int]) -> None:
    """A row of work for each; the process that owns the shred keys does it."""
    statement = statements.insert(connection, t.work).on_conflict_do_nothing()
    rows = [
        {"kind": AGAIN, "name": f"{AGAIN}:{id_}", "due": 0, "held_until": 0, "tries": 0}
        for id_ in ids
    ]
    await statements.run(connection, statement, rows)


async def settle(connection: Connection, id_: int) -> None:
    await connection.execute(delete(t.quarantine).where(t.quarantine.c.id == id_))


def _aside(row: Row[tuple[object, ...]]) -> Aside:
    return Aside(row.id, row.conversation or "", row.why, row.hour, row.body)
