"""What one noisy person costs the others, over HTTP: how long an answer takes with and without them, in the same run."""

import asyncio
import tempfile
import time
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.installation import running
from tests.people import Phone
from tests.whole.test_end_to_end import LABELS, consented

OTHERS = 8
QUESTIONS = 12
PAUSE = 0.4
SAY = LABELS["en"]


async def main() -> list[Figure]:
    """The sandbox holds to Telegram's limits a chat and overall, as real phones meet them."""
    folder = Path(tempfile.mkdtemp(prefix="firsthand-bench-"))
    async with running(folder, "sandbox", "witness", "files") as it:
        others = [await Phone.new(it.http) for _ in range(OTHERS)]
        await asyncio.gather(*(consented(phone, SAY) for phone in others))
        noisy = await Phone.new(it.http)
        await consented(noisy, SAY)
        alone = await _waits(others)
        over = asyncio.Event()
        making_noise = asyncio.create_task(_noise(noisy, over))
        await asyncio.sleep(2)
        beside = await _waits(others)
        over.set()
        said = await making_noise
        await it.delivered()
    print(
        f"   {OTHERS} people asking for help, an answer after {_at(alone, 0.5):.0f} ms (p50), {_at(alone, 0.99):.0f} ms (p99)\n"
        f"   beside somebody who sent {said} messages and photos meanwhile: {_at(beside, 0.5):.0f} ms, "
        f"{_at(beside, 0.99):.0f} ms; ratio {_at(beside, 0.5) / _at(alone, 0.5):.2f} and "
        f"{_at(beside, 0.99) / _at(alone, 0.99):.2f} (the sandbox and all phones share the machine)",
        flush=True,
    )
    value = f"p50 {_at(beside, 0.5):.0f} ms, p99 {_at(beside, 0.99):.0f} ms"
    return [
        Figure(
            "an answer beside one noisy person",
            value,
            _at(alone, 0.5) / _at(beside, 0.5),
            "the same as without",
        )
    ]


async def _waits(phones: list[Phone]) -> list[float]:
    """Milliseconds each answer took, in order of length."""

    async def one(phone: Phone) -> list[float]:
        found = []
        for _ in range(QUESTIONS):
            await asyncio.sleep(PAUSE)
            await phone.look()
            shown = len(phone.history)
            began = time.perf_counter()
            await phone.write("/help")
            while not any(Phone.from_bot(message) for _, message in phone.history[shown:]):
                await asyncio.sleep(0.01)
                await phone.look()
            found.append((time.perf_counter() - began) * 1000)
        return found

    return sorted(
        wait for waits in await asyncio.gather(*(one(phone) for phone in phones)) for wait in waits
    )


async def _noise(phone: Phone, over: asyncio.Event) -> int:
    """Thirty a second, an album among them: more than the app lets a person send; returns how many."""
    said = 0
    while not over.is_set():
        await asyncio.gather(
            *(phone.write(f"noise {said + n}") for n in range(20)), asyncio.sleep(1)
        )
        await phone.send(*((f"{n}.jpg", b"noise" * 1000) for n in range(10)), kind="photo")
        said += 30
    return said


def _at(waits: list[float], share: float) -> float:
    return waits[min(len(waits) - 1, int(len(waits) * share))]
