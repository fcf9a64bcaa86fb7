"""Five hundred reports submitted at the same moment: all filed, none twice; how long it takes, and in how much memory."""

import resource
import tempfile
import time
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.numbers import Numbers
from tests.shell import shell
from tests.test_follow_up import WAY_IN
from tests.test_surge import all_say

PEOPLE = 500


async def main() -> list[Figure]:
    """The baseline is one of them alone, in the same run."""
    channel, chats = Numbers(), [f"{1000 + n}" for n in range(PEOPLE + 1)]
    with tempfile.TemporaryDirectory() as folder:
        async with shell(Path(folder), channel) as it:
            await all_say(it, channel, chats, *WAY_IN, "3", "I saw it.", "done")
            await all_say(it, channel, chats, "[Go on to sending]", "[Go on to sending]")
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
        f"({PEOPLE / together:.0f}/s); one alone {alone * 1000:.0f} ms, ratio {together / PEOPLE / alone:.2f} each\n"
        f"   {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most, the whole shell and all phones",
        flush=True,
    )
    value = f"{filed - 1} of {PEOPLE} in {together:.1f} s"
    return [Figure("reports sent at the same moment", value, alone / (together / PEOPLE), "500 of 500")]
