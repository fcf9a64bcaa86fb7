"""From a channel into the database: a batch is accepted only when everything in it is durable."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable

import structlog

from bot.channels.incoming import Batch, Incoming, Unread
from bot.kill_points import kill_point
from bot.logs import where_raised
from bot.witness.taking import Taking

log = structlog.get_logger()


class Behind:
    """How old the oldest update is that was received and is not durable yet."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._oldest = 0

    def take(self, items: Iterable[Incoming | Unread]) -> None:
        times = [item.at for item in items if isinstance(item, Incoming) and item.at]
        self._oldest = min(times, default=0)

    def done(self) -> None:
        self._oldest = 0

    def seconds(self) -> int:
        return max(0, int(self._clock()) - self._oldest) if self._oldest else 0


async def intake(
    channel: str, batches: AsyncIterator[Batch], taking: Taking, behind: Behind
) -> None:
    """Take in until cancelled. What cannot be stored is not accepted, so that the channel sends it
    again.
    """
    async for batch in batches:
        behind.take(batch.items)
        try:
            await taking.take(channel, batch.items)
        except Exception as failure:  # noqa: BLE001 - the database is away or the disk full: ask again
            log.error("intake waits", error=where_raised(failure))
            await asyncio.sleep(1)
            continue
        kill_point("after commit")
        await batch.accept()
        behind.done()
