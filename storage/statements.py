"""The statements a group of drafts is written with; each runs once for the whole group."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Integer,
    LargeBinary,
    String,
    bindparam,
    cast,
    column,
    delete,
    func,
    select,
    update,
    values,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import tables as t
from storage.database import WAKE
from storage.drafts import Draft

Row = dict[str, Any]


def insert(connection: AsyncConnection, table: Any) -> Any:
    """An INSERT that knows ON CONFLICT, which both databases spell alike but SQLAlchemy keeps apart."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


async def alone(connection: AsyncConnection, what: str) -> None:
    """Nobody else does this until the transaction ends; on SQLite the write lock says so already."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(what))))


async def wake(connection: AsyncConnection) -> None:
    """Whoever waits for work, messages or posts is told once this transaction is committed."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_notify(WAKE, "")))


async def run(connection: AsyncConnection, statement: Any, rows: Sequence[Row]) -> None:
    if rows:
        await connection.execute(statement, rows)


async def claim(connection: AsyncConnection, drafts: Sequence[Draft], hour: int) -> set[str]:
    """Write the states whose version is still the one that was loaded; returns the ids that won."""
    if not drafts:
        return set()
    rows = [(d.id, d.version, hour, d.box.seal(d.state, "conversations.state"), _screen(d)) for d in drafts]
    if connection.dialect.name == "sqlite":
        return await _claim_locked(connection, rows)
    v = (
        values(
            column("id", String),
            column("version", Integer),
            column("hour", Integer),
            column("state", LargeBinary),
            column("screen", LargeBinary),
            name="v",
        )
        .data(rows)
        .cte("v")
    )
    c = t.conversations.c
    statement = (
        update(t.conversations)
        .where(c.id == v.c.id, c.version == v.c.version)
        .values(state=v.c.state, hour=v.c.hour, screen=cast(v.c.screen, LargeBinary), version=c.version + 1)
        .returning(c.id)
    )
    return set((await connection.execute(statement)).scalars())


async def _claim_locked(connection: AsyncConnection, rows: Sequence[tuple[Any, ...]]) -> set[str]:
    """SQLite's write lock is held since before the drafts were loaded: nobody can have been first."""
    c = t.conversations.c
    names = ("i", "v", "h", "s", "w")
    statement = (
        update(t.conversations)
        .where(c.id == bindparam("i"), c.version == bindparam("v"))
        .values(state=bindparam("s"), hour=bindparam("h"), screen=bindparam("w"), version=c.version + 1)
    )
    await connection.execute(statement, [dict(zip(names, row, strict=True)) for row in rows])
    return {row[0] for row in rows}


def _screen(draft: Draft) -> bytes | None:
    return None if draft.screen is None else draft.box.seal(draft.screen, "conversations.screen")


async def begin(connection: AsyncConnection, drafts: Sequence[Draft], hour: int) -> set[str]:
    """Insert new conversations; one whose chat already has one loses. Returns the ids that won."""
    if not drafts:
        return set()
    rows = [
        {
            "id": d.id, "bot": d.bot, "chat": d.chat, "slot": d.slot, "version": 1,
            "address": d.box.seal(d.address, "conversations.address"),
            "state": d.box.seal(d.state, "conversations.state"), "screen": _screen(d),
            "report_keys": d.report_keys, "account_recipient": d.account_recipient,
            "identity_recipient": d.identity_recipient, "hour": hour,
        }
        for d in drafts
    ]  # fmt: skip
    statement = insert(connection, t.conversations).values(rows).on_conflict_do_nothing()
    return set((await connection.execute(statement.returning(t.conversations.c.id))).scalars())


async def answers(connection: AsyncConnection, drafts: Sequence[Draft]) -> None:
    """Drops first, then what is kept: a Draft has already put the two in order within one transaction."""
    a = t.answers.c
    await run(
        connection,
        delete(t.answers).where(a.conversation == bindparam("c"), a.place == bindparam("p")),
        [{"c": d.id, "p": place} for d in drafts for place in d.changes.drop],
    )
    upsert = insert(connection, t.answers)
    upsert = upsert.on_conflict_do_update(
        index_elements=["conversation", "place", "part"], set_={"body": upsert.excluded.body}
    )
    await run(
        connection,
        upsert,
        [
            {"conversation": d.id, "place": place, "part": part, "body": body}
            for d in drafts
            for (place, part), body in d.changes.keep.items()
        ],
    )


async def exhibits(connection: AsyncConnection, drafts: Sequence[Draft]) -> None:
    e = t.exhibits.c
    for draft in drafts:
        if draft.changes.drop_exhibits:
            held = select(e.object).where(e.conversation == draft.id, e.name.in_(draft.changes.drop_exhibits))
            await discard(connection, [o for o in (await connection.execute(held)).scalars() if o])
    await run(
        connection,
        delete(t.exhibits).where(e.conversation == bindparam("c"), e.name == bindparam("n")),
        [{"c": d.id, "n": name} for d in drafts for name in d.changes.drop_exhibits],
    )
    upsert = insert(connection, t.exhibits)
    upsert = upsert.on_conflict_do_update(
        index_elements=["conversation", "name"], set_={"object": upsert.excluded.object, "body": upsert.excluded.body}
    )
    await run(
        connection,
        upsert,
        [
            {"conversation": d.id, "name": name, "object": object_, "body": body}
            for d in drafts
            for name, (object_, body) in d.changes.exhibits.items()
        ],
    )


async def messages(connection: AsyncConnection, drafts: Sequence[Draft], now: int) -> None:
    """What was shown, what is to be sent, and which messages the chat holds."""
    for table, rows in (
        (t.shown, [(d, body) for d in drafts for body in d.changes.shown]),
        (t.messages, [(d, body) for d in drafts for body in d.changes.messages]),
    ):
        await run(connection, insert(connection, table), [{"conversation": d.id, "body": b} for d, b in rows])
    await run(
        connection,
        insert(connection, t.outbox),
        [
            {"bot": d.bot, "conversation": d.id, "slot": d.slot, "body": body, "since": now}
            for d in drafts
            for body in d.changes.outbox
        ],
    )


async def discard(connection: AsyncConnection, objects: Iterable[str]) -> None:
    """Rows that say which vault objects belong to nobody any more."""
    await _with_objects(connection, "discard", objects)


async def hold(connection: AsyncConnection, objects: Iterable[str]) -> None:
    """From now on nobody may remove these objects of the vault: work of the files process, after this commit."""
    await _with_objects(connection, "hold", objects)


async def _with_objects(connection: AsyncConnection, kind: str, objects: Iterable[str]) -> None:
    rows = [{"kind": kind, "name": name, "due": 0, "held_until": 0, "tries": 0} for name in objects]
    await run(connection, insert(connection, t.work).on_conflict_do_nothing(), rows)


async def work(connection: AsyncConnection, drafts: Sequence[Draft], now: int) -> None:
    upsert = insert(connection, t.work)
    upsert = upsert.on_conflict_do_update(
        index_elements=["name"],
        set_={"due": upsert.excluded.due, "body": upsert.excluded.body, "held_until": 0, "tries": 0},
    )
    await run(
        connection,
        upsert,
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


async def close(connection: AsyncConnection, gone: Sequence[str], *, keeping: Iterable[str] = ()) -> None:
    """Delete every row of these conversations; their vault objects are discarded but for those of `keeping`."""
    if not gone:
        return
    e = t.exhibits.c
    for name in set(gone) - set(keeping):
        held = select(e.object).where(e.conversation == name, e.object.is_not(None))
        await discard(connection, [str(o) for o in (await connection.execute(held)).scalars()])
    for table in (t.answers, t.shown, t.exhibits, t.messages, t.outbox, t.work, t.quarantine):
        await connection.execute(delete(table).where(table.c.conversation.in_(gone)))
    await connection.execute(delete(t.conversations).where(t.conversations.c.id.in_(gone)))


async def take_shred(connection: AsyncConnection, slots: Iterable[int], *, due: int) -> None:
    """Rows that say which slots must be overwritten; they stand until it is done."""
    await run(
        connection,
        insert(connection, t.work),
        [{"kind": "shred", "slot": s, "due": due, "held_until": 0, "tries": 0} for s in slots],
    )


async def relink(connection: AsyncConnection, drafts: Sequence[Draft]) -> None:
    """Reports that were hidden, came back, or took return words; of a hidden one nothing leads to the chat."""
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


def found_by(chats: Sequence[bytes], ids: Sequence[str], words: Sequence[bytes]) -> Any:
    """The conversations of these chats, of these ids, or opened by these return words."""
    c = t.conversations.c
    wanted = c.chat.in_(chats) | c.id.in_(ids)
    return select(t.conversations).where(wanted | c.words.in_(words) if words else wanted)
