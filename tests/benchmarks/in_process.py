"""Whole short reports a second in one process, durable, against one ORM commit an answer in the same run."""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from sqlalchemy import text

from bot.channels.incoming import Commanded, Incoming, Pressed, Typed, What
from bot.channels.port import Rendered
from storage import tables as t
from tests.benchmarks.figures import Figure
from tests.benchmarks.naive import naive_answers
from tests.numbers import Numbers
from tests.shell import Shell, shell

REPORTS = 200
AT_ONCE = 32
CONNECTED = "How are you connected"
"""Its answer brings two messages: consent is asked on two screens."""
ANSWERS = [
    ("", "/start"), ("Choose a language", "lang"), ("safe for you", "first"), ("18 or older", "first"),
    (CONNECTED, "first"), ("kept so that you can go on later", "first"), ("return words can open", "third"),
    ("Tell us in your own words", "I saw it."), ("Kept: 1", "done"),
    ("not sent yet. You can go on to sending now", "first"), ("Which of these fit", "skip"),
    ("Where were you", "skip"), ("When did", "12 March 2022"), ("Where did it happen", "Bucha"),
    ("Press the name of the place", "first"), ("who did it", "/finish"), ("You can read it", "first"),
    ("With whom may the police share", "skip"), ("May the police contact you", "skip"),
    ("This is what I remember", "first"),
]  # fmt: skip
"""A short report of the whole flow, each answer after a piece of the question it answers: what a changed flow would ask
instead stops the bench, which would otherwise measure something else."""


class Phones(Numbers):
    """Whose people look when something comes, and cost nothing while they wait."""

    _looking: dict[str, asyncio.Event]

    def __init__(self) -> None:
        super().__init__()
        self._looking = {}

    async def deliver(self, chat: str, message: Rendered, *, replacing: int = 0) -> int:
        sent = await super().deliver(chat, message, replacing=replacing)
        self._looking.setdefault(chat, asyncio.Event()).set()
        return sent

    async def shown(self, chat: str) -> None:
        looking = self._looking.setdefault(chat, asyncio.Event())
        looking.clear()
        await looking.wait()


async def main() -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="firsthand-bench-"))
    naive = await naive_answers(folder / "naive.db", 400)
    async with shell(folder, Phones()) as it:
        await _durable(it)
        places = asyncio.Semaphore(AT_ONCE)
        waits: list[float] = []
        began = time.perf_counter()
        await asyncio.gather(*(report(it, number, places, waits) for number in range(REPORTS)))
        answered = time.perf_counter() - began
        async with asyncio.timeout(60):
            while await it.count(t.referrals) < REPORTS:
                await asyncio.sleep(0.02)
        filed = time.perf_counter() - began
    rate = REPORTS * len(ANSWERS) / answered
    print(
        f"   {REPORTS / filed:.0f} reports/s of {len(ANSWERS)} answers, filed; {rate:.0f} answers/s durable with "
        f"{AT_ONCE} at once, p50 {statistics.median(waits) * 1000:.0f} ms, "
        f"p99 {sorted(waits)[int(len(waits) * 0.99)] * 1000:.0f} ms.\n"
        f"   Baseline, one ORM commit an answer, unsealed: {naive:.0f} answers/s; ratio {rate / naive:.1f}",
        flush=True,
    )
    return [
        Figure(
            "whole reports a second, in process",
            f"{REPORTS / filed:.0f} of {len(ANSWERS)} answers",
            wanted="≥ 60",
        ),
        Figure("answers a second, durable, in process", f"{rate:.0f}", rate / naive, "≥ 1,000"),
    ]


async def _durable(it: Shell) -> None:
    async with it.database.reading() as connection:
        if it.database.is_sqlite:
            assert (await connection.execute(text("PRAGMA synchronous"))).scalar() == 2
        else:
            assert (await connection.execute(text("SHOW synchronous_commit"))).scalar() == "on"


async def report(it: Shell, number: int, places: asyncio.Semaphore, waits: list[float]) -> None:
    """One, from the first word to Send, once there is a place."""
    chat = str(number)
    async with places:
        for step, (question, answer) in enumerate(ANSWERS):
            asked = it.channel.said.get(chat, [""])[-1]  # type: ignore[attr-defined]
            assert question in asked, f"{answer!r} would answer {asked!r}"
            what = _what(it, chat, answer)
            item = Incoming(
                chat, key := f"{number}.{step}", key, 0, 1, what, delivery=f"{chat}.{key}"
            )
            shown = len(it.channel.said.get(chat, ()))  # type: ignore[attr-defined]
            began = time.perf_counter()
            await it.taking.take("numbers", [item])
            waits.append(time.perf_counter() - began)
            await _on_screen(it, chat, shown + 1 + (question == CONNECTED))


async def _on_screen(it: Shell, chat: str, messages: int) -> None:
    """Wait until the next question is: nobody answers what they have not seen."""
    channel = it.channel
    assert isinstance(channel, Phones)
    async with asyncio.timeout(60):
        while len(channel.said.get(chat, ())) < messages:
            await channel.shown(chat)


def _what(it: Shell, chat: str, answer: str) -> What:
    """A button by its place on the last list, as a phone would press it."""
    if answer == "/start":
        return Commanded("start")
    if answer == "/finish":
        return Commanded("finish")
    place = {"lang": 2, "first": 0, "third": 2}.get(answer)
    if place is None:
        return Typed(answer)
    assert isinstance(it.channel, Numbers)
    return Pressed(it.channel.listed[chat][place].token)
