"""Group commit: one coroutine gathers what is waiting, steps it in memory and writes it in one transaction.

Every caller still waits for its own durable commit; what fails is set apart and the rest goes on.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence

import structlog
from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import referrals, statements
from storage import tables as t
from storage.database import Database
from storage.drafts import Body
from storage.group import Group, Job, Loose
from storage.keys import ShredKeys, Unsealable

log = structlog.get_logger()
GROUP = 64
TRIES = 5
HOUR = 3600
SHRED_AGAIN_SECONDS = 60
"""Keys are overwritten right after the commit; a row that still stands after this was left by a crash."""


class Overtaken(Exception):
    """Another process changed the conversation first; the job is run again on what it left."""


class Writer:
    """The only way to change conversations. `clock` gives whole seconds since 1970."""

    def __init__(self, database: Database, keys: ShredKeys, clock: Callable[[], float]) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._waiting: asyncio.Queue[Job] = asyncio.Queue()
        self.committed = asyncio.Event()

    async def write(self, job: Job) -> None:
        """Return once the job's changes are durable. Raises what the job raised; then nothing of it was written."""
        self._waiting.put_nowait(job)
        await job.done

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

    async def _commit(self, jobs: list[Job]) -> None:
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
            if job.tries > TRIES:
                _fail(job, Overtaken())
            else:
                self._waiting.put_nowait(job)

    async def _together(self, jobs: list[Job]) -> list[Job]:
        """One transaction for all; returns the jobs whose conversation another process changed first."""
        group = Group(self._keys, int(self._clock()))
        try:
            async with self._database.writing() as connection:
                await _load(connection, group, jobs)
                alive = [job for job in jobs if _ran(job, group)]
                await _load_more(connection, group)
                for _, what in group.later:
                    what()
                if group.taken:
                    await asyncio.to_thread(self._keys.settle)
                await _flush(connection, group)
        except (Overtaken, IntegrityError):  # the latter: another process inserted the same first
            self._undo(group)
            return [job for job in jobs if not job.done.done()]
        except BaseException:
            self._undo(group)
            raise
        for job in alive:
            if not job.done.done():
                job.done.set_result(None)
        self.committed.set()
        await self._shred(group)
        return []

    def _undo(self, group: Group) -> None:
        self._keys.free(group.taken)

    async def _shred(self, group: Group) -> None:
        """Overwrite keys whose rows are gone, then drop the rows that said so; a failure between leaves the rows."""
        slots = sorted(group.loose.shred)
        if not slots:
            return
        try:
            await asyncio.to_thread(self._keys.overwrite, slots)
            async with self._database.writing() as connection:
                rows = delete(t.work).where(t.work.c.kind == "shred", t.work.c.slot.in_(slots))
                gone = (await connection.execute(rows.returning(t.work.c.slot))).scalars().all()
        except Exception as failure:  # noqa: BLE001 - the rows stand, and the timers do it again in a minute
            log.error("shredding put off", error=type(failure).__name__)
        else:
            self._keys.free([int(slot) for slot in gone])


def _fail(job: Job, failure: BaseException) -> None:
    if not job.done.done():
        job.done.set_exception(failure)


def _ran(job: Job, group: Group) -> bool:
    """Run one job; if it fails, nothing of it stays in memory and the others go on."""
    kept = group.snapshot(job)
    try:
        job.run(group)
    except Exception as failure:  # noqa: BLE001 - handed to whoever waits for the job
        group.restore(kept, job)
        _fail(job, failure)
        return False
    return True


async def _load(connection: AsyncConnection, group: Group, jobs: Sequence[Job]) -> None:
    chats = sorted({c for job in jobs for c in job.chats})
    ids = sorted({i for job in jobs for i in job.ids})
    names = sorted({n for job in jobs for n in job.names})
    words = sorted({w for job in jobs for w in job.words})
    if chats or ids:
        for row in await connection.execute(statements.found_by(chats, ids, words)):
            try:
                group.put(group.opened(row))
            except Unsealable:  # its key is gone, as after a restore: the chat begins anew, the row waits to expire
                log.error("a report cannot be opened")
                group.loose.detached.add(row.id)
    if names:
        known = await connection.execute(select(t.seen.c.name).where(t.seen.c.name.in_(names)))
        group.known(set(known.scalars()))
    for id_, name in sorted({x for job in jobs for x in job.exhibits}):
        await _load_exhibit(connection, group, id_, name)


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
    rows = await connection.execute(select(t.answers).where(t.answers.c.conversation == id_).order_by(t.answers.c.id))
    kept: dict[tuple[bytes, bytes], Body] = {}
    for row in rows:
        if row.place not in draft.changes.drop:
            kept[row.place, row.part] = draft.opened("answers.body", row.body)
    for key, body in draft.changes.keep.items():
        kept[key] = draft.opened("answers.body", body)
    group.answers[id_] = list(kept.values())
    found = await connection.execute(select(t.messages.c.body).where(t.messages.c.conversation == id_))
    group.messages[id_] = [draft.opened("messages.body", b) for b in (*found.scalars(), *draft.changes.messages)]


async def _flush(connection: AsyncConnection, group: Group) -> None:
    """Write everything. Raises Overtaken if another process was first somewhere."""
    hour = group.now // HOUR
    drafts = group.drafts()
    if group.loose.detached:
        c = t.conversations.c
        await connection.execute(update(t.conversations).where(c.id.in_(group.loose.detached)).values(chat=None))
    begun = [d for d in drafts if not d.version and not d.closed]
    changed = [d for d in drafts if d.version and (d.touched or d.rescreened)]
    won = await statements.begin(connection, begun, hour) | await statements.claim(connection, changed, hour)
    if won != {d.id for d in (*begun, *changed)}:
        raise Overtaken
    if group.loose.settled_work:  # before new work: a wait that is over may be asked for again under its old name
        mine = tuple_(t.work.c.id, t.work.c.held_until).in_(group.loose.settled_work)
        await connection.execute(delete(t.work).where(mine))
    alive = [d for d in drafts if not d.closed]
    await statements.answers(connection, alive)
    await statements.exhibits(connection, alive)
    await statements.messages(connection, alive, group.now)
    await statements.work(connection, alive, group.now)
    closed = [d for d in drafts if d.closed]
    keeping = [d.id for d in closed if d.filed]
    await statements.close(connection, [d.id for d in closed if d.version], keeping=keeping)
    await statements.relink(connection, alive)
    group.loose.shred |= {d.slot for d in closed}
    await _flush_loose(connection, group.loose, group.now)
    await statements.wake(connection)


async def _flush_loose(connection: AsyncConnection, loose: Loose, now: int) -> None:
    for what in loose.also:
        await what(connection)
    if loose.settled_outbox:
        await connection.execute(delete(t.outbox).where(t.outbox.c.id.in_(loose.settled_outbox)))
    await statements.run(
        connection,
        statements.insert(connection, t.seen),
        [{"name": n, "hour": now // HOUR} for n in sorted(loose.seen)],
    )
    await statements.run(
        connection,
        statements.insert(connection, t.outbox),
        [{"bot": bot, "slot": slot, "body": body, "since": now} for bot, slot, body in loose.farewells],
    )
    await statements.run(
        connection,
        statements.insert(connection, t.work),
        [
            {"kind": a.kind, "slot": a.slot, "name": a.name, "body": a.body, "due": a.due, "held_until": 0, "tries": 0}
            for a in loose.alone
        ],
    )
    await statements.take_shred(connection, sorted(loose.shred), due=now + SHRED_AGAIN_SECONDS)
