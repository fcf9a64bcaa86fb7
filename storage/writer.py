"""Group commit: one coroutine gathers what is waiting, steps it in memory and writes it in one
transaction.

1. Whoever waits, waits for their own durable commit; nobody is answered before.
2. Nobody waits for more company: what is there when the last commit ends goes into the next. Only
   patient jobs do, for a moment, in which each keeps its place: one commit serves what was just
   delivered and the next answer.
3. A job that raises is handed its failure, and the group goes on without it. A transaction that
   fails is done again job by job, so that the poison is found alone.
4. What another process changed first (on PostgreSQL) is run again on what it left, a few times, and
   then told that it was overtaken.
5. A job done for a row of work settles that row in the same transaction, and is not run if the
   claim is another's by then.
6. Key slots that were taken for a commit that did not come about are given back; where nobody
   knows whether it did, they are not.
7. After the commit, keys of rows that are gone are overwritten; if that fails, the row that says so
   stands, and their owner does it within a minute.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

import structlog
from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage import draft_rows, referrals
from storage import tables as t
from storage.connection import Connection
from storage.database import Database
from storage.drafts import Draft
from storage.group import Group, opened
from storage.group_rows import flush, load_claims, load_exhibit, load_more
from storage.jobs import Job, Overtaken
from storage.keys import Unsealable
from storage.shredding import Reserve, ShredKeys

log = structlog.get_logger()
GROUP = 64
PATIENT_SECONDS: Final = 0.02
REMEMBERED: Final = 500
DEADLOCK = "40P01"
TRIES = 5


_SEEN: Final = select(t.seen.c.name).where(t.seen.c.name.in_(bindparam("names", expanding=True)))

_SET_ASIDE: Final = select(func.count()).where(t.quarantine.c.conversation == bindparam("of"))

T = TypeVar("T")


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
        self.said = 0
        """How often something was committed that is to be delivered, as far as is known here."""
        self.recent: dict[bytes, object] = {}
        """The last of what was said that is no word of a witness, by its sealed row."""
        self.remembers = False
        """Whether this process delivers, so that it may need what was just said."""

    def queue(self, job: Job[T]) -> asyncio.Future[T]:
        """The job's result to come, after those that were queued before it."""
        self._waiting.put_nowait(job)
        return job.done

    async def write(self, job: Job[T]) -> T:
        """The job's result, once its changes are durable. Raises what the job raised; then nothing
        of it was written.
        """
        return await self.queue(job)

    def note_said(self) -> None:
        """Something is to be delivered: also by another process, which committed it."""
        self.said += 1
        self.committed.set()

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
            if jobs[0].patient:
                await self._wait_for_company(jobs)
            while len(jobs) < GROUP and not self._waiting.empty():
                jobs.append(self._waiting.get_nowait())
            await self._commit(jobs)

    async def _wait_for_company(self, jobs: list[Job[Any]]) -> None:
        """Until one comes that is not patient, or the moment is over."""
        try:
            async with asyncio.timeout(PATIENT_SECONDS):
                while jobs[-1].patient and len(jobs) < GROUP:
                    jobs.append(await self._waiting.get())
        except TimeoutError:
            return

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
        """One transaction for all; returns those that are to be run again, since another process
        changed a conversation of one of them first.
        """
        await self._reserve.fill()
        group, flushed = Group(self._reserve, int(self.clock())), False
        try:
            async with self._database.writing() as connection:
                await self._load(connection, group, jobs)
                alive = [job for job in jobs if _ran(job, group)]
                await load_more(connection, group)
                for _, what in group.later:
                    what()
                await flush(connection, group, self._reserve)
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
        if group.says:
            self._remember(group.recent)
            self.note_said()
        await self._shred(group)
        return []

    def _remember(self, said: dict[bytes, object]) -> None:
        if self.remembers:
            self.recent |= said
        while len(self.recent) > REMEMBERED:
            del self.recent[next(iter(self.recent))]

    async def _shred(self, group: Group) -> None:
        """Destroy keys whose rows are gone; the rows that say so stand until it is done."""
        if not group.loose.shred:
            return
        try:
            await self._keys.shred(sorted(group.loose.shred))
        except Exception as failure:  # noqa: BLE001 - the rows stand, and the keys' owner does it in a minute
            log.error("shredding put off", error=type(failure).__name__)

    async def _load(self, connection: Connection, group: Group, jobs: Sequence[Job[Any]]) -> None:
        chats = sorted({c for job in jobs for c in job.chats})
        ids = sorted({i for job in jobs for i in job.ids})
        names = sorted({n for job in jobs for n in job.names})
        words = sorted({w for job in jobs for w in job.words})
        await load_claims(connection, group, jobs)
        if chats or ids or words:
            await self._load_drafts(group, await draft_rows.found_by(connection, chats, ids, words))
        if names:
            known = await connection.execute(_SEEN, {"names": names})
            group.load_seen(set(known.scalars()))
        for id_, name in sorted({x for job in jobs for x in job.exhibits}):
            await load_exhibit(connection, group, id_, name)
        for id_ in sorted({job.counting for job in jobs if job.counting}):
            counted = await connection.execute(_SET_ASIDE, {"of": id_})
            group.aside[id_] = counted.scalar_one()

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
        job.result = group.run(job)
        if job.claim is not None:
            group.loose.settled_work.add(job.claim)
    except Exception as failure:  # noqa: BLE001 - handed to whoever waits for the job
        group.restore(kept)
        _fail(job, failure)
        return False
    return True
