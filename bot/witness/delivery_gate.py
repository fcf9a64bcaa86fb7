"""Holds back what a witness did while a message to them is on its way, so that it meets the screen
they saw.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, Protocol

from storage.keys import Box
from storage.locks import Locks

PATIENCE: Final = 5.0
"""Seconds: then the event is taken all the same, under the question known so far."""
ASK_SECONDS: Final = 0.02
DELIVER_SECONDS: Final = 1.0
"""How long the deliverer waits for one before it, which should be gone."""


class Gate(Protocol):
    """`delivering` says that a message is on its way to a chat; `quiet` returns when none is, or
    after a while. `own`: whatever comes after that is written by the one writer of this process, so
    behind what was queued with it meanwhile.
    """

    own: bool

    def delivering(self, channel: str, chat: str) -> AbstractAsyncContextManager[None]: ...

    async def quiet(self, channel: str, chat: str) -> None: ...


class OwnGate:
    """Of a process that takes in and delivers alone."""

    own = True

    def __init__(self) -> None:
        self._busy: dict[tuple[str, str], asyncio.Event] = {}

    @asynccontextmanager
    async def delivering(self, channel: str, chat: str) -> AsyncIterator[None]:
        done = self._busy[channel, chat] = asyncio.Event()
        try:
            yield
        finally:
            self._busy.pop((channel, chat), None)
            done.set()

    async def quiet(self, channel: str, chat: str) -> None:
        if done := self._busy.get((channel, chat)):
            try:
                async with asyncio.timeout(PATIENCE):
                    await done.wait()
            except TimeoutError:
                return


class SharedGate:
    """Of several processes: one delivers, and any may take in. Whoever dies lets go of all it held.

    `looking` asks on a connection of its own: what it looks for may be held by this very process.
    """

    own = False

    def __init__(self, holding: Locks, looking: Locks, master: Box) -> None:
        self._holding, self._looking, self._master = holding, looking, master

    def delivering(self, channel: str, chat: str) -> AbstractAsyncContextManager[None]:
        return self._holding.held(self._key(channel, chat), patience=DELIVER_SECONDS)

    async def quiet(self, channel: str, chat: str) -> None:
        key, loop = self._key(channel, chat), asyncio.get_running_loop()
        ends = loop.time() + PATIENCE
        # nobody tells
        while not await self._looking.is_free(key) and loop.time() < ends:  # noqa: ASYNC110
            await asyncio.sleep(ASK_SECONDS)

    def _key(self, channel: str, chat: str) -> int:
        """A keyed name, since whoever may look into the server sees which locks are held."""
        return int.from_bytes(self._master.name("gate", channel, chat)[:8], signed=True)
