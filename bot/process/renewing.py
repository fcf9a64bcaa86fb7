"""A process that ends, to be started afresh, once what was said in it has left: memory that is
given back keeps it.

What a report said lies in the memory of the processes that it went through until something is
written over it, on a quiet server for hours. A process that has ended has no memory; its successor
opens only reports that are unsent.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

AFTER_SECONDS: Final = 60
"""After the last report that left: several of one evening are one renewal."""
AT_LATEST_SECONDS: Final = 600
"""After the first thing that was said: where that never ends, or its report leaves through another
process.
"""
AGAIN_SECONDS: Final = 60
QUIET_SECONDS: Final = 10
"""How long it is waited for that nothing is under way; what is, then goes on in the successor."""
RENEW: Final = "FIRSTHAND_RENEW"
"""In the environment of a process that is started again when it ends: else it would be missing."""
SUPERVISED: Final = "FIRSTHAND_SUPERVISED"
"""In a child's environment: its standard input is a pipe that lives as long as its supervisor."""


class Renewal(Exception):
    """The process ends in order, and is to be started again at once."""


async def _passes() -> bool:
    return True


@dataclass(slots=True)
class Renewing:
    """`clock` in seconds. `busy`: whether something is under way that would have to begin anew."""

    clock: Callable[[], float] = time.monotonic
    busy: Callable[[], bool] = lambda: False
    quiet_seconds: float = QUIET_SECONDS
    passes: Callable[[], Awaitable[bool]] = field(default=_passes)
    """Whether a fresh process would start: else this one goes on, and it is asked again in a
    minute.
    """
    ending: bool = False
    """Whether nothing more should be begun here."""
    over: bool = False
    """Whether this process is ending for its successor."""
    _heard: float = field(default=0)
    _left: float = field(default=0)

    def heard(self) -> None:
        """Something of a witness is in this process now."""
        self._heard = self._heard or self.clock()

    def left(self) -> None:
        """A report was sent, erased or hidden: nothing of it should be here any more."""
        self.heard()
        self._left = self.clock()

    def due(self) -> bool:
        now = self.clock()
        left = bool(self._left) and now - self._left >= AFTER_SECONDS
        return left or (bool(self._heard) and now - self._heard >= AT_LATEST_SECONDS)

    async def serve(self) -> None:
        """Until it is due, and a moment when nothing is under way. Raises Renewal."""
        if RENEW not in os.environ:
            await asyncio.Event().wait()
        # time is what it waits for
        while not (self.due() and await self.passes()):  # noqa: ASYNC110
            await asyncio.sleep(AGAIN_SECONDS if self.due() else 1)
        self.ending = True
        until = self.clock() + self.quiet_seconds
        # a moment is looked for, not a change
        while self.busy() and self.clock() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        self.over = True
        raise Renewal
