"""Group commit: one coroutine gathers what is waiting, steps it in memory and writes it in one
transaction.

Every caller still waits for its own durable commit; what fails is set apart and the rest goes on.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

import structlog
from sqlalchemy import bindparam, delete, func, select, tuple_, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import draft_rows, referrals, statements
from storage import tables as t
from storage.bodies import Body
from storage.database import Database
from storage.drafts import Draft
from storage.group import Group, Job, Loose, opened
from storage.keys import Unsealable
from storage.shredding import Reserve, ShredKeys

log = structlog.get_logger()
GROUP = 64
DEADLOCK = "40P01"
TRIES = 5
HOUR = 3600
SHRED_AGAIN_SECONDS = 60
"""Keys are overwritten right after the commit; a row that still stands after this was left by a
crash.
"""


_SEEN: Final = select(t.seen.c.name).where(t.seen.c.name.in_(bindparam("names", expanding=True)))
_SETTLED: Final = (
    delete(t.outbox)
    .where(t.outbox.c.id.in_(bindparam("ids", expanding=True)))
    .returning(t.outbox.c.conversation, t.outbox.c.slot)
)

T = TypeVar("T")


class Overtaken(Exception):
    """Another process changed the conversation first; the job is run again on what it left."""


class ClaimLost(Exception):
    """Another process has claimed the row of work since, and does it."""


class Writer:
    """The only way to change conversations. `clock` gives whole seconds since 1970."""

    def __init__(self, database: Database, keys: ShredKeys, clock: Callable[[], float]) -> None:
        self._database = database
        self._keys, self._reserve = keys, Reserve(keys)
        self.clock = clock
        self._waiting: asyncio.Queue[Job[Any]] = asyncio.Queue()
        self.committed = asyncio.Event()

    async def write(self, job: Job[T]) -> T:
        """The job's result, once its changes are durable. Raises what the job raised; then nothing
        of it was written.
        """
        self._waiting.put_nowait(job)
        return await job.done

    async def look(self, *, chat: bytes = b"", id_: str = "") -> Draft | None:
        """The open conversation of a chat, or of that id, as it is now; nothing is locked."""
        chats, ids = [chat] if chat else [], [id_] if id_ else []
        async with self._database.reading() as connection:
            rows = await draft_rows.found_by(connection, chats, ids, [])
        boxes = await self._keys.boxes({row.slot for row in rows})
        for row in rows:
            try:
                return opened(row, boxes[row.slot])
            except Unsealable:
                log.error("a report cannot be opened")
        return None

    async def sent_with(self, words: Iterable[bytes]) -> dict[bytes, str]:
        """The references of referrals by the names of their return words."""
        async with self._database.reading() as connection:
            return await referrals.by_words(connection, list(words))

    async def serve(self) -> None:
        """Write groups until cancelled."""
        while True:
            jobs = [await self._waiting.get()]
            while len(jobs) < GROUP and not self._waiting.empty():
                jobs.append(self._waiting.get_nowait())
            await self._commit(jobs)

    async def _commit(self, jobs: list[Job[Any]]) -> None:
        try:
            again = await self._together(jobs)
        except Exception as failure:  # noqa: BLE001 - one job may spoil the group: find out which, alone
            if len(jobs) == 1:
                _fail(jobs[0], failure)
                return
            for job in jobs:
                if not job.done.done():
                    await self._commit([job])
            return
        for job in again:
            job.tries += 1
            if job.tries < TRIES:
                self._waiting.put_nowait(job)
            elif len(jobs) > 1:  # it may be the others' fault
                await self._commit([job])
            else:
                _fail(job, Overtaken())

    async def _together(self, jobs: list[Job[Any]]) -> list[Job[Any]]:
        """One transaction for all; returns the jobs whose conversation another process changed
        first.
        """
        await self._reserve.fill()
        group, flushed = Group(self._reserve, int(self.clock())), False
        try:
            async with self._database.writing() as connection:
                await self._load(connection, group, jobs)
                alive = [job for job in jobs if _ran(job, group)]
                await _load_more(connection, group)
                for _, what in group.later:
                    what()
                await _flush(connection, group, self._reserve)
                flushed = True
        except BaseException as failure:
            # else the commit may have come through all the same, and the slots are somebody's
            if not flushed:
                self._reserve.back(group.taken)
            if not _worth_repeating(failure):
                raise
            return [job for job in jobs if not job.done.done()]
        for job in alive:
            if not job.done.done():
                job.done.set_result(job.result)
        self.committed.set()
        await self._shred(group)
        return []

    async def _shred(self, group: Group) -> None:
        """Destroy keys whose rows are gone; the rows that say so stand until it is done."""
        if not group.loose.shred:
            return
        try:
            await self._keys.shred(sorted(group.loose.shred))
        except Exception as failure:  # noqa: BLE001 - the rows stand, and the keys' owner does it in a minute
            log.error("shredding put off", error=type(failure).__name__)

    async def _load(
        self, connection: AsyncConnection, group: Group, jobs: Sequence[Job[Any]]
    ) -> None:
        chats = sorted({c for job in jobs for c in job.chats})
        ids = sorted({i for job in jobs for i in job.ids})
        names = sorted({n for job in jobs for n in job.names})
        words = sorted({w for job in jobs for w in job.words})
        await _load_claims(connection, group, jobs)
        if chats or ids:
            await self._load_drafts(group, await draft_rows.found_by(connection, chats, ids, words))
        if names:
            known = await connection.execute(_SEEN, {"names": names})
            group.load_seen(set(known.scalars()))
        for id_, name in sorted({x for job in jobs for x in job.exhibits}):
            await _load_exhibit(connection, group, id_, name)
        for id_ in sorted({job.counting for job in jobs if job.counting}):
            query = select(func.count()).where(t.quarantine.c.conversation == id_)
            group.aside[id_] = (await connection.execute(query)).scalar_one()

    async def _load_drafts(self, group: Group, rows: Sequence[Any]) -> None:
        boxes = await self._keys.boxes({row.slot for row in rows})
        for row in rows:
            # its key is gone, as after a restore: the chat begins anew, the row waits to expire
            try:
                group.put(opened(row, boxes[row.slot]))
            except Unsealable:
                log.error("a report cannot be opened")
                group.loose.detached.add(row.id)


def _worth_repeating(failure: BaseException) -> bool:
    """Whether somebody was first, so that the same may be tried again on what they left."""
    if isinstance(failure, DBAPIError) and getattr(failure.orig, "sqlstate", "") == DEADLOCK:
        return True
    return isinstance(failure, (Overtaken, IntegrityError))  # the latter: it inserted the same


def _fail(job: Job[Any], failure: BaseException) -> None:
    if not job.done.done():
        job.done.set_exception(failure)


def _ran(job: Job[Any], group: Group) -> bool:
    """Run one job; if it fails, nothing of it stays in memory and the others go on."""
    if job.claim is not None and job.claim not in group.claims:
        _fail(job, ClaimLost())
        return False
    kept = group.snapshot(job)
    try:
        job.result = job.run(group)
        if job.claim is not None:
            group.loose.settled_work.add(job.claim)
    except Exception as failure:  # noqa: BLE001 - handed to whoever waits for the job
        group.restore(kept)
        _fail(job, failure)
        return False
    return True


async def _load_claims(connection: AsyncConnection, group: Group, jobs: Sequence[Job[Any]]) -> None:
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


async def _load_exhibit(connection: AsyncConnection, group: Group, id_: str, name: str) -> None:
    draft = group.draft(id_=id_)
    e = t.exhibits.c
    query = select(e.body).where(e.conversation == id_, e.name == name)
    body = (await connection.execute(query)).scalar()
    if draft is not None and body is not None:
        group.exhibits[id_, name] = draft.opened("exhibits.body", body)


async def _load_more(connection: AsyncConnection, group: Group) -> None:
    for id_ in {draft.id for draft, _ in group.later}:
        await _load_answers(connection, group, id_)


async def _load_answers(connection: AsyncConnection, group: Group, id_: str) -> None:
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


async def _flush(connection: AsyncConnection, group: Group, reserve: Reserve) -> None:
    """Write everything. Raises Overtaken if another process was first somewhere, or owns the shred
    keys since.
    """
    if group.taken and not await reserve.still_good(connection):
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
    await draft_rows.close(connection, [d.id for d in closed if d.version], keeping=keeping)
    await draft_rows.relink(connection, alive)
    group.loose.shred |= {d.slot for d in closed}
    await _flush_loose(connection, group.loose, group.now)
    await statements.wake(connection)


async def _flush_loose(connection: AsyncConnection, loose: Loose, now: int) -> None:
    for what in loose.also:
        await what(connection)
    if loose.settled_outbox:
        gone = await connection.execute(_SETTLED, {"ids": sorted(loose.settled_outbox)})
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
