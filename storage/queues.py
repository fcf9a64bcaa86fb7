"""Rows of work to be done: each is claimed, and settled when done."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from sqlalchemy import bindparam, delete, or_, select, update

from storage import tables as t
from storage.bodies import Body, load
from storage.database import Database
from storage.keys import Box, Unsealable
from storage.shredding import ShredKeys
from storage.statements import FAR_SECONDS

log = structlog.get_logger()
HOLD_SECONDS = 15
"""A claim that is not renewed for so long is another's: what a dead process held waits no longer.
"""


@dataclass(slots=True)
class Task:
    """A claimed work row; its body is None where it has none or its key was shredded meanwhile.

    A row that was claimed again, or asked for again under its name, has another claim, and is
    neither settled nor put off by whoever held it before.
    """

    id: int
    kind: str
    conversation: str | None
    slot: int | None
    name: str | None
    body: Body | None = field(repr=False)
    tries: int
    claim: tuple[int, int]


PUT_OFF: Final = ("fetch", "discard", "hold")
"""Whose time is never one that was asked for, as that of a reminder is."""
# Built once, since they run all the time.
_W = t.work.c
_DUE: Final = (
    select(_W.id)
    .where(
        _W.kind.in_(bindparam("kinds", expanding=True)),
        or_(
            _W.due <= bindparam("now"),
            (_W.due > bindparam("now") + FAR_SECONDS) & _W.kind.in_(PUT_OFF),
        ),
        or_(_W.held_until <= bindparam("now"), _W.held_until > bindparam("now") + FAR_SECONDS),
    )
    .order_by(_W.due, _W.id)
)
_ANY: Final = _DUE.limit(1)
_CLAIM: Final = (
    update(t.work)
    .where(
        _W.id.in_(_DUE.limit(bindparam("most")).with_for_update(skip_locked=True).scalar_subquery())
    )
    .values(held_until=bindparam("until"), claim=bindparam("number"), tries=_W.tries + 1)
    .returning(_W.id, _W.kind, _W.conversation, _W.slot, _W.name, _W.body, _W.tries, _W.claim)
)


class Queues:
    """What waits, opened with the shred keys."""

    def __init__(self, database: Database, keys: ShredKeys) -> None:
        self._database = database
        self._keys = keys

    async def claim(
        self, kinds: Sequence[str], *, now: int, most: int, hold: int = HOLD_SECONDS
    ) -> list[Task]:
        """Due rows of these kinds that nobody holds; they are held for so many seconds."""
        due = {"kinds": kinds, "now": now}
        if not await self._any(due):
            return []
        values = {**due, "most": most, "until": now + hold, "number": secrets.randbits(62)}
        async with self._database.writing() as connection:
            rows = (await connection.execute(_CLAIM, values)).all()
        try:
            return sorted(await self._tasks(rows), key=lambda task: task.id)
        except Exception:  # nobody who has the keys answers: nothing was tried
            await self._unclaim([row.id for row in rows], rows[0].claim)
            raise

    async def _unclaim(self, ids: Sequence[int], claim: int) -> None:
        w = t.work.c
        given_back = update(t.work).where(w.id.in_(ids), w.claim == claim)
        async with self._database.writing() as connection:
            await connection.execute(given_back.values(held_until=0, claim=0, tries=w.tries - 1))

    async def _any(self, due: Mapping[str, Any]) -> bool:
        """Look without the write lock first: an idle poll must hold nobody up."""
        async with self._database.reading() as connection:
            return (await connection.execute(_ANY, due)).first() is not None

    async def _tasks(self, rows: Sequence[Any]) -> list[Task]:
        boxes = await self._keys.boxes({row.slot for row in rows if row.body is not None})
        return [_task(row, boxes) for row in rows]

    async def release(self, kinds: Sequence[str]) -> None:
        """Take back what a process held that is gone; only where there can be but one worker."""
        async with self._database.writing() as connection:
            await connection.execute(
                update(t.work).where(t.work.c.kind.in_(kinds)).values(held_until=0, claim=0)
            )

    async def hold_longer(self, task: Task, *, now: int, hold: int = HOLD_SECONDS) -> None:
        await self._set(task, held_until=now + hold)

    async def later(self, task: Task, due: int) -> None:
        """Give a row back, to be done at `due`."""
        await self._set(task, due=due, held_until=0, claim=0)

    async def _set(self, task: Task, **values: int) -> None:
        async with self._database.writing() as connection:
            await connection.execute(update(t.work).where(_held(task)).values(**values))

    async def settle(self, task: Task) -> None:
        """Done; a row that somebody else has claimed, or asked for again meanwhile, stays."""
        async with self._database.writing() as connection:
            await connection.execute(delete(t.work).where(_held(task)))

    async def named(self, name: str) -> dict[str, Any] | None:
        """The body of the work row of this name, whether it is due or not; None where there is
        none.
        """
        query = select(t.work).where(t.work.c.name == name)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None or row.slot is None else (await self._tasks([row]))[0].body


def _held(task: Task) -> Any:
    return (t.work.c.id == task.id) & (t.work.c.claim == task.claim[1])


def _task(row: Any, boxes: Mapping[int, Box]) -> Task:
    body = None
    if row.body is not None:
        try:
            body = load(boxes[row.slot].open(row.body, "work.body"))
        except Unsealable:
            body = None
    return Task(
        row.id, row.kind, row.conversation, row.slot, row.name, body, row.tries, (row.id, row.claim)
    )
