"""One drill: an installation, witnesses who come one after the other, a saboteur, and the verdict."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.drills.sabotage import Saboteur
from tests.drills.verdict import Verdict, judge
from tests.drills.witness import Told, report
from tests.installation import IN_FLIGHT, Installation, running
from tests.people import Phone
from tests.reader import count

AT_ONCE = 8
REST_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Drilled:
    """What was done, and what came of it."""

    seconds: float
    kills: int
    done: Counter[str]
    verdict: Verdict


async def drill(folder: Path, *, seed: int, kills: int, pause: float = 0.6) -> Drilled:
    """Witnesses report, `AT_ONCE` at a time, until so many kills are done; all of them finish."""
    chance, began = random.Random(seed), time.monotonic()
    async with running(folder) as it:
        saboteur, over = Saboteur(it, random.Random(seed + 1), pause), asyncio.Event()
        told: list[Told] = []

        async def come(number: int) -> None:
            mine = random.Random(f"{seed} {number}")
            while saboteur.kills < kills:
                told.append(await report(await Phone.new(it.http, f"Witness {number}"), mine))

        sabotage = asyncio.create_task(saboteur.work(over))
        try:
            await asyncio.gather(*(come(chance.randrange(10**6)) for _ in range(AT_ONCE)))
        finally:
            over.set()
            await sabotage
        await _at_rest(it)
        verdict = await judge(it, told, folder)
    return Drilled(time.monotonic() - began, saboteur.kills, saboteur.done, verdict)


async def _at_rest(it: Installation) -> None:
    """Until every message is sent, every key shredded (a crash puts that off for a minute) and every card posted."""
    ends = time.monotonic() + REST_SECONDS
    while time.monotonic() < ends:
        left = {table: count(it.database, table) for table in ("outbox", "conversations", IN_FLIGHT, "posts")}
        if not any(left.values()):
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"it does not come to rest: {left}")
