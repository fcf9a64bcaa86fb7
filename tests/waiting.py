"""Waiting for what must come. How soon it comes is no test's business: what keeps time is the bench."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable

PATIENCE = 150.0
"""Seconds. A machine that is busy elsewhere starts a process, or syncs its disk, for many."""


async def until(
    holds: Callable[[], bool | Awaitable[bool]],
    *,
    patience: float = PATIENCE,
    every: float = 0.03,
    otherwise: Callable[[], str] = lambda: "it never came",
) -> None:
    """Return as soon as it holds; `otherwise` is what to say when it never does."""
    ends = time.monotonic() + patience
    while True:
        found = holds()
        if await found if inspect.isawaitable(found) else found:
            return
        assert time.monotonic() < ends, otherwise()
        await asyncio.sleep(every)
