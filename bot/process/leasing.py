"""What only one process may do: whoever has the lease does it, the others stand by."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from bot.logs import where_raised
from bot.process.holding import HOLD_SECONDS, RENEW_SECONDS
from storage.leases import Lease

log = structlog.get_logger()
ASK_SECONDS: Final = 0.5


async def run_while_leased(
    lease: Lease, clock: Callable[[], float], service: Callable[[], Awaitable[None]]
) -> None:
    """Run the service whenever this process has the lease. Until cancelled, or the service ends or
    fails.
    """
    loop = asyncio.get_running_loop()
    while True:
        asked = loop.time()
        # it may be half over by now
        while not await _taken(lease, clock) or loop.time() > asked + HOLD_SECONDS / 2:
            await asyncio.sleep(ASK_SECONDS)
            asked = loop.time()
        serving = asyncio.ensure_future(service())
        try:
            await _renewed(lease, clock, serving, asked + HOLD_SECONDS)
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
            with contextlib.suppress(Exception):  # then it is over when its time is
                await lease.end()
        if not serving.cancelled():
            return serving.result()
        log.warning("a lease was lost", kind=lease.name)


async def _renewed(
    lease: Lease, clock: Callable[[], float], serving: "asyncio.Future[None]", until: float
) -> None:
    """Return when the service ended, or must: the lease is another's, or could not be renewed in
    time.
    """
    loop = asyncio.get_running_loop()
    while loop.time() < until:
        done, _ = await asyncio.wait([serving], timeout=RENEW_SECONDS)
        if done:
            return
        asked = loop.time()
        try:
            async with asyncio.timeout(max(0.1, until - asked)):
                held = await _taken(lease, clock)
        except TimeoutError:
            return
        if held is False:
            return
        if held:
            until = asked + HOLD_SECONDS


async def _taken(lease: Lease, clock: Callable[[], float]) -> bool | None:
    """Whether this process has it; None where nobody can say."""
    try:
        return await lease.take(now=int(clock()), hold=HOLD_SECONDS)
    except Exception as failure:  # noqa: BLE001 - the database is away: it cannot be another's meanwhile, nor ours
        log.error("no lease", kind=lease.name, error=where_raised(failure))
        return None
