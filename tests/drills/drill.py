"""One drill: an installation, witnesses who come one after the other, a saboteur, and the verdict."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests import postgres
from tests.drills.disk import disk
from tests.drills.sabotage import Pace, Saboteur
from tests.drills.verdict import Verdict, judge
from tests.drills.witness import Told, report
from tests.installation import IN_FLIGHT, Installation, running
from tests.people import Phone
from tests.reader import count

AT_ONCE = 8
REST_SECONDS = 180.0
PACE = Pace()


@dataclass(frozen=True, slots=True)
class Drilled:
    """What was done, and what came of it."""

    seconds: float
    kills: int
    done: Counter[str]
    verdict: Verdict


async def drill(folder: Path, *, seed: int, kills: int, pace: Pace = PACE) -> Drilled:
    """Witnesses report, `AT_ONCE` at a time, until so many kills are done; all of them finish."""
    began = time.monotonic()
    with disk(folder) as small:
        settings = small.settings
        if postgres.ASKED:
            del settings["FIRSTHAND_DATABASE_URL"]
        async with running(folder, **settings) as it:
            saboteur = Saboteur(it, small, random.Random(seed + 1), pace)
            told = await _reported(it, saboteur, seed, kills)
            await at_rest(it)
            verdict = await judge(it, told, folder)
    return Drilled(time.monotonic() - began, saboteur.kills, saboteur.done, verdict)


async def _reported(it: Installation, saboteur: Saboteur, seed: int, kills: int) -> list[Told]:
    """What all witnesses said and were told."""
    chance, over, told = random.Random(seed), asyncio.Event(), []

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
    return told


async def at_rest(it: Installation, *, patience: float = REST_SECONDS) -> None:
    """Until every message is sent, every key shredded (a crash puts that off for a minute) and every card posted."""
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        left = {
            table: count(it.database, table)
            for table in ("outbox", "conversations", IN_FLIGHT, "posts")
        }
        if not any(left.values()):
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"it does not come to rest: {left}")
