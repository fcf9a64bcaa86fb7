"""Deleting every row of conversations that are over."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, delete, select

from storage import tables as t
from storage.connection import Connection
from storage.statements import discard

_OF_GONE: Final[Any] = bindparam("gone", expanding=True)
_GONE: Final = (
    *(
        delete(table).where(table.c.conversation.in_(_OF_GONE))
        for table in (t.answers, t.shown, t.exhibits, t.messages, t.outbox, t.work, t.quarantine)
    ),
    delete(t.conversations).where(t.conversations.c.id.in_(_OF_GONE)),
)


async def delete_conversations(
    connection: Connection, gone: Sequence[str], *, keeping: Iterable[str] = ()
) -> None:
    """Delete every row of these conversations; their vault objects are discarded but for those of
    `keeping`.
    """
    if not gone:
        return
    e = t.exhibits.c
    for name in set(gone) - set(keeping):
        held = select(e.object).where(e.conversation == name, e.object.is_not(None))
        await discard(connection, [str(o) for o in (await connection.execute(held)).scalars()])
    for statement in _GONE:
        await connection.execute(statement, {"gone": gone})
