"""The rows of a group: read before its jobs run, written after, in the one transaction."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import bindparam, delete, select, tuple_, update

from storage import draft_rows, ended_rows, statements
from storage import tables as t
from storage.bodies import Body
from storage.connection import Connection
from storage.group import Group
from storage.jobs import Job, Loose, Overtaken
from storage.shredding import Reserve

HOUR = 3600
SHRED_AGAIN_SECONDS = 60
"""Keys are overwritten right after the commit; a row that still stands after this was left by a
crash.
"""
SETTLED: Final = (
    delete(t.outbox)
    .where(t.outbox.c.id.in_(bindparam("ids", expanding=True)))
    .returning(t.outbox.c.conversation, t.outbox.c.slot)
)


async def load_claims(connection: Connection, group: Group, jobs: Sequence[Job[Any]]) -> None:
    """Those of the jobs' claims that still hold; until this transaction ends nobody takes them."""
    claims = sorted({job.claim for job in jobs if job.claim is not None})
    if claims:
        w, c = t.work.c, t.conversations.c
        ids = {id_ for job in jobs if job.claim is not None for id_ in job.ids}
        if connection.dialect.name == "postgresql":  # on SQLite nobody else writes meanwhile
            # Conversations first, as whoever erases one does: two that wait for each other would
            # cost a second.
            await connection.execute(
                select(c.id).where(c.id.in_(ids)).order_by(c.id).with_for_update()
            )
        query = select(w.id, w.claim).where(tuple_(w.id, w.claim).in_(claims)).order_by(w.id)
        found = await connection.execute(query.with_for_update())
        group.claims = {(row.id, row.claim) for row in found}


async def load_exhibit(connection: Connection, group: Group, id_: str, name: str) -> None:
    draft = group.loaded(id_)
    e = t.exhibits.c
    query = select(e.body).where(e.conversation == id_, e.name == name)
    body = (await connection.execute(query)).scalar()
    if draft is not None and body is not None:
        group.exhibits[id_, name] = draft.opened("exhibits.body", body)


async def load_more(connection: Connection, group: Group) -> None:
    for id_ in {draft.id for draft, _ in group.later}:
        await _load_answers(connection, group, id_)


async def _load_answers(connection: Connection, group: Group, id_: str) -> None:
    draft = group._drafts.get(id_)  # noqa: SLF001 - same room
    if draft is None:
        return
    rows = await connection.execute(draft_rows.of_conversation(t.answers), {"of": id_})
    kept: dict[tuple[bytes, bytes], Body] = {}
    for row in rows:
        if (
            row.place not in draft.changes.drop
            and (row.place, row.part) not in draft.changes.drop_parts
        ):
            kept[row.place, row.part] = draft.opened("answers.body", row.body)
    for key, body in draft.changes.keep.items():
        kept[key] = draft.opened("answers.body", body)
    group.answers[id_] = list(kept.values())
    found = [
        row.body
        for row in await connection.execute(draft_rows.of_conversation(t.messages), {"of": id_})
    ]
    group.messages[id_] = [
        draft.opened("messages.body", b) for b in (*found, *draft.changes.messages)
    ]


async def flush(connection: Connection, group: Group, reserve: Reserve) -> None:
    """Write everything. Raises Overtaken if another process was first somewhere, or owns the shred
    keys since.
    """
    if group.taken and not await reserve.hold_epoch(connection):
        raise Overtaken
    hour = group.now // HOUR
    drafts = group.drafts()
    begun = [d for d in drafts if not d.version and not d.closed]
    left = {d.id for d in drafts if d.version and (d.closed or d.hidden)} if begun else set()
    # nobody's chat any more, before another conversation begins there
    if left := left | group.loose.detached:
        await connection.execute(
            update(t.conversations).where(t.conversations.c.id.in_(left)).values(chat=None)
        )
    changed = [d for d in drafts if d.version and d.changed]
    won = await draft_rows.begin(connection, begun, hour) | await draft_rows.save(
        connection, changed, hour
    )
    if won != {d.id for d in (*begun, *changed)}:
        raise Overtaken
    # before new work: a wait that is over may be asked for again under its old name
    if group.loose.settled_work:
        mine = tuple_(t.work.c.id, t.work.c.claim).in_(group.loose.settled_work)
        await connection.execute(delete(t.work).where(mine))
    alive = [d for d in drafts if not d.closed]
    await statements.discard(connection, [name for d in drafts for name in d.changes.discarded])
    # before what a new conversation says there
    await draft_rows.say(connection, group.loose.farewells, group.now)
    await draft_rows.answers(connection, alive)
    await draft_rows.exhibits(connection, alive)
    await draft_rows.messages(connection, alive, group.now)
    await draft_rows.work(connection, alive, group.now)
    closed = [d for d in drafts if d.closed]
    keeping = [d.id for d in closed if d.filed]
    await ended_rows.delete_conversations(
        connection, [d.id for d in closed if d.version], keeping=keeping
    )
    await draft_rows.relink(connection, alive)
    group.loose.shred |= {d.slot for d in closed}
    await _flush_loose(connection, group.loose, group.now)
    await statements.wake(connection)


async def _flush_loose(connection: Connection, loose: Loose, now: int) -> None:
    for what in loose.also:
        await what(connection)
    if loose.settled_outbox:
        gone = await connection.execute(SETTLED, {"ids": sorted(loose.settled_outbox)})
        loose.shred |= {row.slot for row in gone if row.conversation is None}
    await statements.run(
        connection,
        statements.insert(connection, t.seen),
        [{"name": n, "hour": now // HOUR} for n in sorted(loose.seen)],
    )
    await statements.run(
        connection,
        statements.insert(connection, t.work),
        [
            {
                "kind": a.kind,
                "slot": a.slot,
                "name": a.name,
                "body": a.body,
                "due": a.due,
                "held_until": 0,
                "tries": 0,
            }
            for a in loose.alone
        ],
    )
    await statements.take_shred(connection, sorted(loose.shred), due=now + SHRED_AGAIN_SECONDS)
