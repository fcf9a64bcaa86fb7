"""Holds back what a witness did while a message to them is on its way, so that it meets the screen they saw."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PATIENCE = 5.0
"""Seconds: then the event is taken all the same, under the question known so far."""


class Gate:
    """One gate a process, which both takes in and delivers."""

    def __init__(self) -> None:
        self._busy: dict[str, asyncio.Event] = {}

    @asynccontextmanager
    async def delivering(self, chat: str) -> AsyncIterator[None]:
        done = self._busy[chat] = asyncio.Event()
        try:
            yield
        finally:
            self._busy.pop(chat, None)
            done.set()

    async def quiet(self, chat: str) -> None:
        """Return when nothing is on its way to this chat, or after a while."""
        if done := self._busy.get(chat):
            try:
                async with asyncio.timeout(PATIENCE):
                    await done.wait()
            except TimeoutError:
                return
