"""What is looked at again and again, with little and with much there: none of it may grow with what waits.

The baseline of each is the smaller one of the same run. Processor time, since the looks run where everybody is answered.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.channels.port import Rendered
from bot.witness.duties import KINDS
from bot.witness.outgoing import outgoing
from bot.witness.sender import Sender
from storage import custody, statements
from storage import tables as t
from storage.group import Group
from storage.jobs import Job
from storage.ledger import number_leaves
from storage.queues import Queues
from tests.benchmarks.figures import Figure
from tests.numbers import Numbers
from tests.shell import Shell, shell
from tests.witness.test_addenda import CHAT, WAY_IN
from tests.witness.test_addenda import say as told

FEW, MANY = 1_000, 60_000
WAITING = (300, 60_000)
MESSAGES = (10, 1_000)
FILES = (30, 300)
"""In one report."""
MORE = 20
RATE = 30.0
"""Messages a second, as Telegram wants it."""
DELIVERED = 200
LOOKS = 9
AT_ONCE = 1_000


async def main() -> list[Figure]:
    found = []
    small, large = await _looks(FEW), await _looks(MANY)
    for what, cost in large.items():
        found.append(_figure(f"{what} at {MANY:,}", cost, small[what]))
    few, many = [await _delivered(count) for count in WAITING]
    found.append(_figure(f"delivery of a message with {WAITING[1]:,} waiting", many, few))
    for what, say, (few_of, many_of) in (
        ("a message of an account with {:,}", _message, MESSAGES),
        ("a file beside {:,} others", _file, FILES),
    ):
        less, more = [await _one_more(say, count) for count in (few_of, many_of)]
        found.append(_figure(what.format(many_of), more, less))
    for figure in found:
        print(f"   {figure.what}: {figure.value}; {figure.ratio:.2f} of the smaller", flush=True)
    return found


def _figure(what: str, cost: float, smaller: float) -> Figure:
    return Figure(what, f"{cost:.2f} ms", smaller / cost, "flat")


async def _looks(count: int) -> dict[str, float]:
    """Milliseconds of each look, with so much there of what it looks through."""
    with tempfile.TemporaryDirectory(prefix="firsthand-bench-") as folder:
        async with shell(Path(folder), Numbers()) as it:
            await _fill(it, count)
            queues = Queues(it.database, it.shred)
            now = int(time.time())
            return {
                "work that is due": await _cost(lambda: queues.claim(KINDS, now=now, most=8)),
                "lines without a leaf": await _cost(lambda: number_leaves(it.database)),
                "a sweep": await _cost(it.sweep.once),
            }


async def _cost(look: Callable[[], Awaitable[object]]) -> float:
    costs = []
    for _ in range(LOOKS):
        began = time.thread_time()
        await look()
        costs.append((time.thread_time() - began) * 1000)
    return statistics.median(costs)


async def _fill(it: Shell, count: int) -> None:
    """Waits of open reports that are due tomorrow, and lines of custody with their leaves."""
    tomorrow = int(time.time()) + 86_400
    for at in range(0, count, AT_ONCE):
        numbers = range(at, at + AT_ONCE)
        waits = [
            {"kind": "wait", "conversation": f"c{n}", "name": f"c{n}:wait:consent", "due": tomorrow}
            for n in numbers
        ]
        lines = [
            {"log": f"log{n // 3}", "n": n % 3, "line": "{}", "hash": custody.FIRST}
            for n in numbers
        ]
        async with it.database.writing() as connection:
            await connection.execute(statements.insert(connection, t.work), waits)
            await connection.execute(statements.insert(connection, t.ledger), lines)
    await number_leaves(it.database)


class _Shut(Numbers):
    """Whose phones take nothing until they are opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open_ = asyncio.Event()
        self.taken = 0

    async def deliver(self, chat: str, message: Rendered, *, replacing: int = 0) -> int:
        await self.open_.wait()
        self.taken += 1
        return await super().deliver(chat, message, replacing=replacing)


async def _delivered(count: int) -> float:
    """Milliseconds of the processor a message, at `RATE`, while so many wait."""
    channel = _Shut()
    with tempfile.TemporaryDirectory(prefix="firsthand-bench-") as folder:
        async with shell(Path(folder), channel, rate=RATE) as it:
            for at in range(0, count, 64):
                await asyncio.gather(*(_say(it, n) for n in range(at, min(count, at + 64))))
            began = time.process_time()
            channel.open_.set()
            while channel.taken < DELIVERED:
                await asyncio.sleep(0.02)
            return (time.process_time() - began) / DELIVERED * 1000


async def _one_more(say: "Callable[[Numbers, int], None]", count: int) -> float:
    """Milliseconds of the processor for one more of something, of which a report has so many."""
    channel = Numbers()
    with tempfile.TemporaryDirectory(prefix="firsthand-bench-") as folder:
        async with shell(Path(folder), channel) as it:
            await told(it, channel, CHAT, *WAY_IN, "3")
            for number in range(count):
                say(channel, number)
                if number % 16 == 0:
                    await it.quiet()
            await it.quiet()
            costs = []
            for number in range(count, count + MORE):
                began = time.process_time()
                say(channel, number)
                await it.quiet()
                costs.append((time.process_time() - began) * 1000)
            return statistics.median(costs)


def _message(channel: Numbers, number: int) -> None:
    channel.write(CHAT, f"And then, as number {number}, they came again.", 1)


def _file(channel: Numbers, number: int) -> None:
    channel.send(CHAT, "photo", f"picture {number}".encode() * 100, 1)


async def _say(it: Shell, number: int) -> None:
    sender = Sender.of(it.master, it.channel.name, str(number))

    def said(group: Group) -> None:
        draft = group.begin(it.channel.name, sender.name, sender.sealed)
        draft.save(b"{}")
        draft.send(outgoing("Hello."))

    await it.writer.write(Job(said, chats=(sender.name,)))
