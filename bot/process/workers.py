"""Doing rows of work as they fall due, so many at once; no more are claimed than can be begun."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import structlog

from bot.process.holding import renewed
from bot.process.retry import retry
from storage.database import Database
from storage.queues import HOLD_SECONDS, Queues, Task
from storage.writer import ClaimLost

log = structlog.get_logger()


async def run_workers(
    kinds: Sequence[str],
    queues: Queues,
    database: Database,
    clock: Callable[[], float],
    one: Callable[[Task], Awaitable[None]],
    *,
    at_once: Callable[[], int],
    idle: float,
    together: int = 1,
) -> None:
    """Until cancelled. `one` does a row and must raise nothing but ClaimLost; its claim is renewed
    meanwhile.

    `at_once`: how many may be under way now; 0 where nothing more is to be begun. `idle`: seconds
    until the next look where nothing was due and nobody said that something is. `together`: how
    many places must be free before more rows are claimed, since every claim is a transaction.
    """
    under_way, ended = 0, asyncio.Event()

    async def begun(task: Task) -> None:
        nonlocal under_way
        try:
            hold = partial(_hold_longer, queues, task, clock)
            async with renewed(hold, HOLD_SECONDS / 3):
                await one(task)
        except ClaimLost:
            log.info("another process has taken a row over", kind=task.kind)
        finally:
            under_way -= 1
            ended.set()

    async with asyncio.TaskGroup() as tasks:
        while True:
            while (free := at_once() - under_way) < together:
                ended.clear()
                await ended.wait()
            due = await retry(lambda: queues.claim(kinds, now=int(clock()), most=free))
            under_way += len(due)
            for task in due:
                tasks.create_task(begun(task))
            if not due:
                await database.woken(idle)


async def _hold_longer(queues: Queues, task: Task, clock: Callable[[], float]) -> None:
    await queues.hold_longer(task, now=int(clock()))
