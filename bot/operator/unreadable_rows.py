"""What does not open with the shred keys that are there: after a restore, or when older keys must
do.
"""

from typing import Final

from sqlalchemy import delete, select

from storage import ended_rows, statements
from storage import tables as t
from storage.connection import Connection
from storage.key_file import KeyFile
from storage.keys import Box, lost_name

TELL_YEARS: Final = 1
HOURS_A_YEAR: Final = 365 * 24


async def close(connection: Connection, shred: KeyFile, master: Box, now: int) -> tuple[int, int]:
    """Let unsent reports go whose key is gone: sent, erased or expired since, or lost with the
    keys.

    Their chats are told when they write next. Returns how many there were, and of how many no chat
    is known.
    """
    c = t.conversations.c
    found = (await connection.execute(select(c.id, c.chat, c.slot, c.state))).all()
    lost = [row for row in found if not shred.opens(row.slot, row.state, "conversations.state")]
    for row in lost:
        await ended_rows.delete_conversations(connection, [row.id])
    until = now // 3600 + TELL_YEARS * HOURS_A_YEAR
    told = [
        {"name": lost_name(master, row.chat), "hour": until} for row in lost if row.chat is not None
    ]
    await statements.run(
        connection, statements.insert(connection, t.seen).on_conflict_do_nothing(), told
    )
    return len(lost), len(lost) - len(told)


async def drop(connection: Connection, shred: KeyFile) -> None:
    """Messages and work whose key is gone: of no conversation, they were done since; those of a
    lost one go with it.
    """
    for table in (t.outbox, t.work):
        c = table.c
        alone = select(c.id, c.slot, c.body).where(c.slot.is_not(None), c.body.is_not(None))
        for row in (await connection.execute(alone)).all():
            if not shred.opens(row.slot, row.body, f"{table.name}.body"):
                await connection.execute(delete(table).where(table.c.id == row.id))
