"""What one process holds for some seconds and goes on holding: a claim, a lease, the shred keys."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from bot.process.retry import retry

HOLD_SECONDS: Final = 6
RENEW_SECONDS: Final = 2
"""A lease and the shred keys are held so long, and held longer so often: what a process held that
died is another's some six seconds later. Claims of work have their own (storage/queues.py).
"""


async def renew_forever(renew: Callable[[], Awaitable[object]], every: float) -> None:
    """Hold it longer, again and again. Raises what `renew` raises, unless the database is away."""
    while True:
        await asyncio.sleep(every)
        await retry(renew)


@asynccontextmanager
async def renewed(renew: Callable[[], Awaitable[object]], every: float) -> AsyncIterator[None]:
    """Hold it as long as the work inside goes on."""
    renewing = asyncio.create_task(renew_forever(renew, every))
    try:
        yield
    finally:
        renewing.cancel()
