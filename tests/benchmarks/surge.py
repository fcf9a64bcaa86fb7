"""Five hundred reports submitted at the same moment: all filed, none twice; how long it takes, and in how much memory."""

import resource
import tempfile
import time
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.benchmarks.naive import naive_answers
from tests.numbers import Numbers
from tests.shell import shell
from tests.whole.test_surge import all_say
from tests.witness.test_addenda import SKIPPED, WAY_IN

CROWDS = (500, 5_000)


async def main() -> list[Figure]:
    """The baseline is one ORM commit an answer, unsealed, in the same run: how many such one of these reports costs."""
    with tempfile.TemporaryDirectory() as folder:
        naive = await naive_answers(Path(folder) / "naive.db", 400)
    return [await _surge(people, naive) for people in CROWDS]


async def _surge(people: int, naive: float) -> Figure:
    channel, chats = Numbers(), [f"{10_000 + n}" for n in range(people + 1)]
    with tempfile.TemporaryDirectory() as folder:
        async with shell(Path(folder), channel) as it:
            it.patience = 600.0
            await all_say(it, channel, chats, *WAY_IN, "3", "I saw it.", "done")
            await all_say(it, channel, chats, "[Go on to sending]", *SKIPPED, "[Go on to sending]")
            began = time.perf_counter()
            await all_say(it, channel, chats[:1], "[Send]")
            alone = time.perf_counter() - began
            began, used = time.perf_counter(), time.process_time()
            await all_say(it, channel, chats[1:], "[Send]")
            together, used = time.perf_counter() - began, time.process_time() - used
            filed = len(await it.referrals())
    numbers = sum(any("Number: " in said for said in channel.said[chat]) for chat in chats)
    assert filed == numbers == people + 1, (filed, numbers)
    print(
        f"   {people:,} reports sent at the same moment: all filed and all told their number in {together:.1f} s "
        f"({people / together:.0f}/s), {used / people * 1000:.1f} ms of a core each; one alone {alone * 1000:.0f} ms; "
        f"baseline {naive:.0f} answers/s\n"
        f"   {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most, the whole shell and all phones",
        flush=True,
    )
    what = "reports sent at the same moment"
    name = what if people == CROWDS[0] else f"{people:,} {what}"
    value = f"{people} of {people} in {together:.1f} s"
    return Figure(name, value, people / together / naive, f"{people:,} of {people:,}")
