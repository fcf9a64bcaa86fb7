"""How long an answer takes until it is durable, at 10, 100 and 500 messages a second, in one process."""

import asyncio
import tempfile
import time
from pathlib import Path

from bot.channels.incoming import Incoming, Typed
from tests.benchmarks.figures import Figure
from tests.numbers import Numbers
from tests.shell import Shell, shell
from tests.whole.test_surge import all_say
from tests.witness.test_addenda import WAY_IN

RATES = (10, 100, 500)
SECONDS = 6
CHATS = [f"{1000 + n}" for n in range(100)]


async def main() -> list[Figure]:
    """The baseline is an answer at 10 a second; messages come at their times, however many wait."""
    channel, found = Numbers(), []
    with tempfile.TemporaryDirectory() as folder:
        async with shell(Path(folder), channel) as it:
            await all_say(it, channel, CHATS, *WAY_IN, "3")
            for rate in RATES:
                waits = sorted(await _at(it, rate))
                p50, p99 = (waits[int(len(waits) * share)] * 1000 for share in (0.5, 0.99))
                wanted = "p99 < 50 ms" if rate == 100 else ""
                value = f"p50 {p50:.0f} ms, p99 {p99:.0f} ms"
                found.append(
                    Figure(f"an answer, durable, at {rate} messages a second", value, wanted=wanted)
                )
                print(f"   {rate} a second: {value}", flush=True)
                async with asyncio.timeout(120):
                    await it.quiet()
    return found


async def _at(it: Shell, rate: int) -> list[float]:
    began = time.perf_counter()

    async def one(number: int) -> float:
        await asyncio.sleep(began + number / rate - time.perf_counter())
        chat, key = CHATS[number % len(CHATS)], f"{rate}.{number}"
        asked = time.perf_counter()
        await it.taking.take(
            "numbers",
            [Incoming(chat, key, key, 0, 1, Typed(f"words {number}"), delivery=f"{chat}.{key}")],
        )
        return time.perf_counter() - asked

    return await asyncio.gather(*(one(number) for number in range(rate * SECONDS)))
