"""Messages that were on their way to witnesses when a backup was made: most were sent, so a person
decides on them.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import delete, distinct, func, select, update

from bot.clock import clock
from bot.operator.installation import require_installation
from bot.settings import Settings
from storage import statements
from storage import tables as t
from storage.connection import Connection
from storage.database import Database

_HELD = t.outbox.c.held


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[Connection]:
    await require_installation(settings)
    database = Database(settings.database)
    try:
        async with database.writing() as connection:
            yield connection
    finally:
        await database.close()


async def counted(settings: Settings) -> tuple[int, int]:
    """How many messages, to how many chats."""
    o = t.outbox.c
    chats = func.count(distinct(o.slot))
    async with _open(settings) as connection:
        row = (await connection.execute(select(func.count(), chats).where(_HELD))).one()
    return int(row[0]), int(row[1])


async def let_go(settings: Settings) -> int:
    """Returns how many go out now."""
    async with _open(settings) as connection:
        freed = await connection.execute(
            update(t.outbox).where(_HELD).values(held=False).returning(t.outbox.c.id)
        )
        await statements.wake(connection)
        return len(freed.all())


async def drop(settings: Settings) -> int:
    """Returns how many there were. Those of no conversation have a key of their own, which goes
    with them.
    """
    async with _open(settings) as connection:
        o = t.outbox.c
        gone = (
            await connection.execute(
                delete(t.outbox).where(_HELD).returning(o.slot, o.conversation)
            )
        ).all()
        own = [row.slot for row in gone if row.conversation is None]
        await statements.take_shred(connection, own, due=int(clock()))
    return len(gone)
