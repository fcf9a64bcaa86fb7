"""Owning the shred keys while a process lives: the lease is kept, and what a crash left is
destroyed.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

import structlog

from bot.errors import Misconfigured
from bot.process.holding import HOLD_SECONDS, RENEW_SECONDS, renew_forever
from bot.process.retry import retry
from storage.key_owner import KeyOwner
from storage.shredding import NotOwner, OldKeys

log = structlog.get_logger()
PUT_OFF_SECONDS: Final = 30
"""Destroying failed, as it does while the mirror's disk is away: the rows stand, and it is tried
again.
"""


async def own(owner: KeyOwner, clock: Callable[[], float]) -> None:
    """Return as the owner, once that of another file is gone. Raises Misconfigured where the file
    is an old one.
    """
    said = False
    try:
        while not await retry(lambda: owner.begin(now=int(clock()), hold=HOLD_SECONDS)):
            if not said:
                log.warning("another process owns the shred keys; waiting until it is gone")
            said = True
            await asyncio.sleep(RENEW_SECONDS / 4)
    except OldKeys:
        raise Misconfigured(
            "FIRSTHAND_KEYS: shred.keys is not the file that was used last with this database (it "
            "is a copy, or new): see that FIRSTHAND_DATABASE_URL names the right database, and put "
            "that file back, or its mirror; if both are lost for good, run: firsthand keys accept"
        ) from None


async def serve(owner: KeyOwner, clock: Callable[[], float]) -> None:
    """Until cancelled. Raises NotOwner, as after a pause in which another process took over."""

    async def renew() -> None:
        await owner.renew(now=int(clock()), hold=HOLD_SECONDS)

    services = [
        asyncio.ensure_future(renew_forever(renew, RENEW_SECONDS)),
        asyncio.ensure_future(_care(owner, clock)),
    ]
    try:
        done, _ = await asyncio.wait(services, return_when=asyncio.FIRST_COMPLETED)
        for service in done:
            service.result()
    finally:
        for service in services:
            service.cancel()
        await asyncio.gather(*services, return_exceptions=True)
        with contextlib.suppress(Exception):  # then it is over when its time is
            await owner.end()


async def _care(owner: KeyOwner, clock: Callable[[], float]) -> None:
    """Slots that died with their processes, and keys that a crash left."""
    again = 0.0
    while True:
        await retry(lambda: owner.recount(now=int(clock()), hold=HOLD_SECONDS))
        if (now := int(clock())) >= again:
            again = 0 if await _shredded(owner, now) else now + PUT_OFF_SECONDS
        await asyncio.sleep(RENEW_SECONDS)


async def _shredded(owner: KeyOwner, now: int) -> bool:
    try:
        await owner.shred_due(now)
    except NotOwner:
        raise
    except Exception as failure:  # noqa: BLE001 - the rows stand
        log.error("shredding put off", error=type(failure).__name__)
        return False
    return True
