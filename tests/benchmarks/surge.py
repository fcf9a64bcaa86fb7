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

PEOPLE = 500


async def main() -> list[Figure]:
    """The baseline is one ORM commit an answer, unsealed, in the same run: how many such one of these reports costs."""
    channel, chats = Numbers(), [f"{1000 + n}" for n in range(PEOPLE + 1)]
    with tempfile.TemporaryDirectory() as folder:
        naive = await naive_answers(Path(folder) / "naive.db", 400)
        async with shell(Path(folder), channel) as it:
            await all_say(it, channel, chats, *WAY_IN, "3", "I saw it.", "done")
            await all_say(it, channel, chats, "[Go on to sending]", *SKIPPED, "[Go on to sending]")
            began = time.perf_counter()
            await all_say(it, channel, chats[:1], "[Send]")
            alone = time.perf_counter() - began
            began = time.perf_counter()
            await all_say(it, channel, chats[1:], "[Send]")
            together = time.perf_counter() - began
            filed = len(await it.referrals())
    numbers = sum(any("Number: " in said for said in channel.said[chat]) for chat in chats)
    assert filed == numbers == PEOPLE + 1, (filed, numbers)
    print(
        f"   {PEOPLE} reports sent at the same moment: all filed and all told their number in {together:.1f} s "
        f"({PEOPLE / together:.0f}/s); one alone {alone * 1000:.0f} ms; baseline {naive:.0f} answers/s\n"
        f"   {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most, the whole shell and all phones",
        flush=True,
    )
    value = f"{filed - 1} of {PEOPLE} in {together:.1f} s"
    return [
        Figure("reports sent at the same moment", value, PEOPLE / together / naive, "500 of 500")
    ]
