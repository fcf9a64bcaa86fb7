"""Rows of work to be done and messages to be sent: claimed with leases, settled when done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import statements
from storage import tables as t
from storage.database import Database
from storage.drafts import Body, load
from storage.keys import Box, ShredKeys, Unsealable

log = structlog.get_logger()
HOLD_SECONDS = 15
"""A claim that is not renewed for so long is another's: what a dead process held waits no longer."""


@dataclass(slots=True)
class Task:
    """A claimed work row; its body is None where it has none or its key was shredded meanwhile.

    `held_until` is the claim: a row that was claimed again, or asked for again under its name, has another, and
    is neither settled nor put off by whoever held it before.
    """

    id: int
    kind: str
    conversation: str | None
    slot: int | None
    name: str | None
    body: Body | None
    tries: int
    held_until: int

    @property
    def claim(self) -> tuple[int, int]:
        return self.id, self.held_until


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be sent, oldest first; without a conversation it carries its own address and key."""

    id: int
    conversation: str | None
    slot: int
    body: Body


@dataclass(frozen=True, slots=True)
class Chat:
    """Where a conversation is reached, still sealed under the master key, and what its screen shows."""

    address: bytes
    screen: bytes | None
    account_recipient: str


class Queues:
    """Claims for one process, which calls itself `holder`."""

    def __init__(self, database: Database, keys: ShredKeys, holder: str) -> None:
        self._database = database
        self._keys = keys
        self._holder = holder

    async def claim(self, kinds: Sequence[str], *, now: int, most: int, hold: int = HOLD_SECONDS) -> list[Task]:
        """Due rows of these kinds that nobody holds; they are held for so many seconds."""
        w = t.work.c
        due = select(w.id).where(w.kind.in_(kinds), w.due <= now, w.held_until <= now).order_by(w.due, w.id)
        if not await self._any(due):
            return []
        mine = due.limit(most).with_for_update(skip_locked=True).scalar_subquery()
        statement = (
            update(t.work)
            .where(w.id.in_(mine))
            .values(held_until=now + hold, tries=w.tries + 1)
            .returning(w.id, w.kind, w.conversation, w.slot, w.name, w.body, w.tries, w.held_until)
        )
        async with self._database.writing() as connection:
            rows = (await connection.execute(statement)).all()
        return sorted((self._task(row) for row in rows), key=lambda task: task.id)

    async def _any(self, due: Any) -> bool:
        """Look without the write lock first: an idle poll must hold nobody up."""
        async with self._database.reading() as connection:
            return (await connection.execute(due.limit(1))).first() is not None

    def _task(self, row: Any) -> Task:
        body = None
        if row.body is not None:
            try:
                body = load(self._keys.box(row.slot).open(row.body, "work.body"))
            except Unsealable:
                body = None
        return Task(row.id, row.kind, row.conversation, row.slot, row.name, body, row.tries, row.held_until)

    async def release(self, kinds: Sequence[str]) -> None:
        """Take back what a process held that is gone, leases included; only where there can be but one worker."""
        async with self._database.writing() as connection:
            await connection.execute(delete(t.leases))
            await connection.execute(update(t.work).where(t.work.c.kind.in_(kinds)).values(held_until=0))

    async def hold_longer(self, task: Task, *, now: int, hold: int = HOLD_SECONDS) -> None:
        await self._set(task, held_until=now + hold)
        task.held_until = now + hold

    async def later(self, task: Task, due: int) -> None:
        """Give a row back, to be done at `due`."""
        await self._set(task, due=due, held_until=0)

    async def _set(self, task: Task, **values: int) -> None:
        async with self._database.writing() as connection:
            await connection.execute(update(t.work).where(_held(task)).values(**values))

    async def settle(self, task: Task) -> bool:
        """Done; False if somebody else has claimed the row or asked for it again meanwhile."""
        async with self._database.writing() as connection:
            gone = delete(t.work).where(_held(task)).returning(t.work.c.id)
            return (await connection.execute(gone)).first() is not None

    async def named(self, name: str) -> dict[str, Any] | None:
        """The body of the work row of this name, whether it is due or not; None where there is none."""
        query = select(t.work).where(t.work.c.name == name)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None or row.slot is None else self._task(row).body

    async def outgoing(self, bot: str, *, most: int) -> list[tuple[Outgoing, Chat | None]]:
        """The oldest message of each conversation with its chat, so that one with many keeps nobody waiting.

        A farewell has no conversation any more, and no chat here. Only the leased worker calls this.
        """
        o = t.outbox.c
        oldest = select(func.min(o.id)).where(o.bot == bot, o.held.is_(False)).group_by(o.conversation, o.slot)
        query = select(t.outbox).where(o.id.in_(oldest)).order_by(o.id).limit(most)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
            known = await _chats(connection, self._keys, [r.conversation for r in rows if r.conversation])
        found = []
        for row in rows:
            if row.conversation and row.conversation not in known:
                continue
            try:
                body = load(self._keys.box(row.slot).open(row.body, "outbox.body"))
            except Unsealable:
                continue  # settled and shredded since the rows were read
            found.append((Outgoing(row.id, row.conversation, row.slot, body), known.get(row.conversation)))
        return found

    async def lease(self, name: str, *, now: int, hold: int) -> bool:
        """Whether this process is the one that may do `name` for the next `hold` seconds."""
        async with self._database.writing() as connection:
            return await _lease(connection, name, self._holder, now, hold)

    async def taken_slots(self) -> set[int]:
        """Every key slot that a row refers to."""
        found: set[int] = set()
        async with self._database.reading() as connection:
            for table in (t.conversations, t.outbox, t.work, t.quarantine):
                slots = await connection.execute(select(table.c.slot).where(table.c.slot.is_not(None)))
                found |= {int(s) for s in slots.scalars()}
        return found


def _held(task: Task) -> Any:
    return (t.work.c.id == task.id) & (t.work.c.held_until == task.held_until)


async def _lease(connection: AsyncConnection, name: str, holder: str, now: int, hold: int) -> bool:
    upsert = statements.insert(connection, t.leases).values(name=name, holder=holder, until=now + hold)
    upsert = upsert.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": holder, "until": now + hold},
        where=(t.leases.c.until <= now) | (t.leases.c.holder == holder),
    )
    return (await connection.execute(upsert.returning(t.leases.c.name))).first() is not None


async def chats(database: Database, keys: ShredKeys, ids: Sequence[str]) -> dict[str, Chat]:
    """The chats of open conversations by id."""
    async with database.reading() as connection:
        return await _chats(connection, keys, ids)


async def _chats(connection: AsyncConnection, keys: ShredKeys, ids: Sequence[str]) -> dict[str, Chat]:
    if not ids:
        return {}
    c = t.conversations.c
    query = select(c.id, c.slot, c.address, c.screen, c.account_recipient).where(c.id.in_(ids))
    found = {}
    for row in await connection.execute(query):
        try:
            found[row.id] = _chat(keys.box(row.slot), row)
        except Unsealable:
            log.error("a report cannot be opened")
    return found


def _chat(box: Box, row: Any) -> Chat:
    screen = box.open(row.screen, "conversations.screen") if row.screen else None
    return Chat(box.open(row.address, "conversations.address"), screen, row.account_recipient)
