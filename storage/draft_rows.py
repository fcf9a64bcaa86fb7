"""The statements a group of drafts is written with; each runs once for the whole group.

They are built once: building one, and finding out that it is one that was compiled before, takes as
long as running it.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    Integer,
    LargeBinary,
    String,
    Table,
    bindparam,
    column,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql

from storage import tables as t
from storage.connection import Connection
from storage.drafts import Draft
from storage.statements import discard, insert, insert_into, run, upsert


@cache
def of_conversation(table: Table) -> Any:
    """The rows that a table has of the conversation `of`, in order."""
    return select(table).where(table.c.conversation == bindparam("of")).order_by(table.c.id)


async def save(connection: Connection, drafts: Sequence[Draft], hour: int) -> set[str]:
    """Write the states whose version is still the one that was loaded; returns the ids that won."""
    if not drafts:
        return set()
    rows = [
        (d.id, d.version, hour, d.box.seal(d.state, "conversations.state"), _screen(d))
        for d in drafts
    ]
    if connection.dialect.name == "sqlite":
        return await _save_locked(connection, rows)
    columns = dict(zip(_TYPES, map(list, zip(*rows, strict=True)), strict=True))
    return set((await connection.execute(_SAVE_ALL, columns)).scalars())


_C: Final = t.conversations.c
_TYPES: Final = {
    "id_": String,
    "version_": Integer,
    "hour_": Integer,
    "state_": LargeBinary,
    "screen_": LargeBinary,
}
"""In the order of a row; named otherwise than the columns, whose names SQLAlchemy keeps for itself
in an UPDATE.
"""
_SAVE: Final = (
    update(t.conversations)
    .where(_C.id == bindparam("id_"), _C.version == bindparam("version_"))
    .values(
        state=bindparam("state_"),
        hour=bindparam("hour_"),
        screen=bindparam("screen_"),
        version=_C.version + 1,
    )
)
_SAVED: Final = (
    func.unnest(*(bindparam(name, type_=postgresql.ARRAY(of)) for name, of in _TYPES.items()))
    .table_valued(*(column(name, of) for name, of in _TYPES.items()))
    .render_derived(name="saved")
)
"""A row a state, from an array a column: a list of VALUES would be another statement for each
number of states.
"""
_SAVE_ALL: Final = (
    update(t.conversations)
    .where(_C.id == _SAVED.c.id_, _C.version == _SAVED.c.version_)
    .values(
        state=_SAVED.c.state_, hour=_SAVED.c.hour_, screen=_SAVED.c.screen_, version=_C.version + 1
    )
    .returning(_C.id)
)


async def _save_locked(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> set[str]:
    """SQLite's write lock is held since before the drafts were loaded: nobody can have been
    first.
    """
    await connection.execute(_SAVE, [dict(zip(_TYPES, row, strict=True)) for row in rows])
    return {row[0] for row in rows}


def _screen(draft: Draft) -> bytes | None:
    return None if draft.screen is None else draft.box.seal(draft.screen, "conversations.screen")


async def begin(connection: Connection, drafts: Sequence[Draft], hour: int) -> set[str]:
    """Insert new conversations; one whose chat already has one loses. Returns the ids that won."""
    if not drafts:
        return set()
    rows = [
        {
            "id": d.id,
            "channel": d.channel,
            "chat": d.chat,
            "slot": d.slot,
            "version": 1,
            "address": d.box.seal(d.address, "conversations.address"),
            "state": d.box.seal(d.state, "conversations.state"),
            "screen": _screen(d),
            "report_keys": d.report_keys,
            "account_recipient": d.account_recipient,
            "identity_recipient": d.identity_recipient,
            "hour": hour,
        }
        for d in drafts
    ]
    return set((await connection.execute(_begin(connection.dialect.name), rows)).scalars())


@cache
def _begin(dialect: str) -> Any:
    return (
        insert_into(dialect, t.conversations)
        .on_conflict_do_nothing()
        .returning(t.conversations.c.id)
    )


_DROP_ANSWER: Final = delete(t.answers).where(
    t.answers.c.conversation == bindparam("c"), t.answers.c.place == bindparam("p")
)
_DROP_PART: Final = delete(t.answers).where(
    t.answers.c.conversation == bindparam("c"),
    t.answers.c.place == bindparam("p"),
    t.answers.c.part == bindparam("q"),
)
_DROP_EXHIBIT: Final = delete(t.exhibits).where(
    t.exhibits.c.conversation == bindparam("c"), t.exhibits.c.name == bindparam("n")
)


async def answers(connection: Connection, drafts: Sequence[Draft]) -> None:
    """Drops first, then what is kept: a Draft has already put the two in order within one
    transaction.
    """
    await run(
        connection,
        _DROP_ANSWER,
        [{"c": d.id, "p": place} for d in drafts for place in d.changes.drop],
    )
    await run(
        connection,
        _DROP_PART,
        [
            {"c": d.id, "p": place, "q": part}
            for d in drafts
            for place, part in d.changes.drop_parts
        ],
    )
    await run(
        connection,
        upsert(connection.dialect.name, t.answers, ("conversation", "place", "part"), ("body",)),
        [
            {"conversation": d.id, "place": place, "part": part, "body": body}
            for d in drafts
            for (place, part), body in d.changes.keep.items()
        ],
    )


async def exhibits(connection: Connection, drafts: Sequence[Draft]) -> None:
    e = t.exhibits.c
    for draft in drafts:
        if draft.changes.drop_exhibits:
            held = select(e.object).where(
                e.conversation == draft.id, e.name.in_(draft.changes.drop_exhibits)
            )
            await discard(connection, [o for o in (await connection.execute(held)).scalars() if o])
    await run(
        connection,
        _DROP_EXHIBIT,
        [{"c": d.id, "n": name} for d in drafts for name in d.changes.drop_exhibits],
    )
    await run(
        connection,
        upsert(connection.dialect.name, t.exhibits, ("conversation", "name"), ("object", "body")),
        [
            {"conversation": d.id, "name": name, "object": object_, "body": body}
            for d in drafts
            for name, (object_, body) in d.changes.exhibits.items()
        ],
    )


async def messages(connection: Connection, drafts: Sequence[Draft], now: int) -> None:
    """What was shown, what is to be sent, and which messages the chat holds."""
    for table, rows in (
        (t.shown, [(d, body) for d in drafts for body in d.changes.shown]),
        (t.messages, [(d, body) for d in drafts for body in d.changes.messages]),
    ):
        await run(
            connection,
            insert(connection, table),
            [{"conversation": d.id, "body": b} for d, b in rows],
        )
    await run(
        connection,
        insert(connection, t.outbox),
        [
            {"channel": d.channel, "conversation": d.id, "slot": d.slot, "body": body, "since": now}
            for d in drafts
            for body in d.changes.outbox
        ],
    )


async def say(
    connection: Connection, farewells: Sequence[tuple[str, int, bytes]], now: int
) -> None:
    """What is to be sent of no conversation: by which channel, with which key, what."""
    rows = [{"channel": c, "slot": slot, "body": body, "since": now} for c, slot, body in farewells]
    await run(connection, insert(connection, t.outbox), rows)


async def work(connection: Connection, drafts: Sequence[Draft], now: int) -> None:
    await run(
        connection,
        upsert(
            connection.dialect.name,
            t.work,
            ("name",),
            ("due", "body", "held_until", "claim", "tries"),
        ),
        [
            {
                "kind": w.kind,
                "conversation": d.id,
                "slot": d.slot if w.body is not None else None,
                "name": f"{d.id}:{w.name}" if w.name else None,
                "body": d.seal("work.body", w.body) if w.body is not None else None,
                "due": w.due,
                "since": now,
                "held_until": 0,
                "claim": 0,
                "tries": 0,
            }
            for d in drafts
            for w in d.changes.work
        ],
    )
    await run(
        connection,
        insert(connection, t.quarantine),
        [
            {"conversation": d.id, "slot": d.slot, "body": body, "why": why, "hour": now // 3600}
            for d in drafts
            for body, why in d.changes.quarantine
        ],
    )


async def relink(connection: Connection, drafts: Sequence[Draft]) -> None:
    """Reports that were hidden, came back, or took return words; of a hidden one nothing leads to
    the chat.
    """
    c = t.conversations.c
    for d in (d for d in drafts if d.relinked):
        address = d.box.seal(d.address, "conversations.address")
        values = {"chat": d.chat, "address": address, "words": d.words}
        await connection.execute(update(t.conversations).where(c.id == d.id).values(**values))
    hidden = [d.id for d in drafts if d.relinked and d.hidden]
    if hidden:
        for table in (t.outbox, t.messages):
            await connection.execute(delete(table).where(table.c.conversation.in_(hidden)))
        waits = delete(t.work).where(t.work.c.conversation.in_(hidden), t.work.c.kind == "wait")
        await connection.execute(waits)


async def found_by(
    connection: Connection, chats: Sequence[bytes], ids: Sequence[str], words: Sequence[bytes]
) -> Sequence[Any]:
    """The conversations of these chats, of these ids, or opened by these return words."""
    wanted = {"chat": chats, "id": ids, "words": words}
    asked = {by: values for by, values in wanted.items() if values}
    return (await connection.execute(_found_by(tuple(asked)), asked)).all()


@cache
def _found_by(columns: tuple[str, ...]) -> Any:
    c = t.conversations.c
    return select(t.conversations).where(
        or_(*(c[by].in_(bindparam(by, expanding=True)) for by in columns))
    )
