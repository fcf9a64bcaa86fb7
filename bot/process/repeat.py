"""What is looked at again and again beside other work: whatever it meets, it stops nothing else."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.logs import where_raised
from bot.process.retry import retry

log = structlog.get_logger()


async def repeat(once: Callable[[], Awaitable[object]], seconds: float, failed: str) -> None:
    """Do it every so many seconds until cancelled; `failed` is what the log says where it fails."""
    while True:
        try:
            await retry(once)
        except Exception as failure:  # noqa: BLE001 - see above
            log.error(failed, error=where_raised(failure))
        await asyncio.sleep(seconds)
