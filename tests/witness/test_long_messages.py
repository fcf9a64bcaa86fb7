"""A message of several parts, of which one does not go: what stands in the chat is known, and Hide takes it."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

from bot.channels.port import Rendered, Undelivered
from bot.channels.split import split
from bot.process.rate_limit import RateLimit
from bot.witness.outgoing import Waiting
from bot.witness.putting import Putting
from bot.witness.screen import Screen
from tests.numbers import Numbers
from tests.shell import shell
from tests.waiting import until
from tests.witness.test_addenda import CHAT, WAY_IN, say

LONG = "They came in the morning and took him away. " * 60
"""Two messages of this channel, read back."""


@dataclass
class Refusing(Numbers):
    """Messages have ids; the second part of a long text does not go."""

    why: Literal["retry", "refused"] = "retry"
    standing: dict[int, str] = field(default_factory=dict)
    refuses: bool = False
    given: int = 0

    async def deliver(self, chat: str, message: Rendered, *, replacing: int = 0) -> int:
        if self.refuses and LONG[:40] in "".join(self.standing.values()):
            raise Undelivered(self.why, 600)
        await super().deliver(chat, message, replacing=replacing)
        self.given += 1
        self.standing[self.given] = message.text
        return self.given

    async def remove(self, chat: str, ids: Sequence[int]) -> list[int]:
        await super().remove(chat, ids)
        for id_ in ids:
            self.standing.pop(id_, None)
        return []


@pytest.mark.parametrize("why", ["retry", "refused"])
async def test_hide_takes_the_part_that_was_sent(
    why: Literal["retry", "refused"], tmp_path: Path
) -> None:
    channel = Refusing(why=why)
    async with shell(tmp_path, channel) as it:
        await say(it, channel, CHAT, *WAY_IN, "3", LONG, "done", "/finish")
        channel.refuses = True
        channel.write(CHAT, channel.number_of(CHAT, "Read it all") or "", 1)
        await until(lambda: any(LONG[:40] in text for text in channel.standing.values()))
        channel.write(CHAT, "/hide", 1)
        await until(lambda: not channel.standing)


async def test_a_message_that_waits_for_its_next_part_keeps_nobody_waiting() -> None:
    """A place for each part: were they all held by messages that want another, nothing would go any more."""
    channel, pace = Numbers(), RateLimit(time.monotonic, overall=1, chat=100)
    putting = Putting(channel, pace)
    assert pace.take_or_wait(CHAT) == 0
    said = Waiting(Rendered("They came. " * 200))
    parts = split(said.message.text, channel.limits.text, channel.limits.unit)
    async with asyncio.timeout(30):
        assert len(await putting.put(CHAT, 1, said, Screen())) == len(parts) > 1
    assert channel.said[CHAT] == parts
