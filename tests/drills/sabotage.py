"""What a drill does to an installation: kills at any instant and at named points, takes the database, fails Telegram."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.drills.disk import Disk
from tests.installation import Installation
from tests.reader import away

KILLED = ("witness", "files", "officers", "custody")
POINTS = {
    "after commit": "witness", "before send": "witness", "after send": "witness", "before filing": "witness",
    "after filing": "witness", "after vault": "files", "after head": "custody",
}  # fmt: skip
FAULTS = (
    {"429": 0.3}, {"5xx": 0.3}, {"cut": 0.3}, {"garbage": 0.3}, {"duplicate": 1, "reorder": True}, {"offline": True},
    {"delay": 0.5}, {"slow": 60.0},
)  # fmt: skip


NAMES = {"cut": "half a file", "garbage": "no JSON", "slow": "silent", "delay": "late"}


A_WHILE = 300
"""Seconds, at the end: what a crash has put off (the keys of sent reports, for a minute) is due then."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: the longest between two acts, and how long a silent Telegram says nothing."""

    pause: float = 0.6
    silence: float = 60.0


class Saboteur:
    """Counts what it did, by kind."""

    def __init__(self, it: Installation, disk: Disk, chance: random.Random, pace: Pace) -> None:
        self.it, self.disk, self.chance, self.pace = it, disk, chance, pace
        self.done: Counter[str] = Counter()
        self.ahead = 0
        """Seconds by which the clocks of all processes have been moved so far."""

    @property
    def kills(self) -> int:
        return self.done["kill"] + self.done["kill at a named point"]

    async def work(self, over: asyncio.Event) -> None:
        """Until told to stop; then everything runs again and Telegram is well."""
        acts: tuple[tuple[Callable[[], Awaitable[None]], int], ...] = (
            (self.kill, 12), (self.kill_at_a_point, 5), (self.fail_telegram, 3), (self.take_the_database, 1),
            (self.fill_the_disk, 1), (self.move_the_clock, 1),
        )  # fmt: skip
        while not over.is_set():
            await asyncio.sleep(self.chance.random() * self.pace.pause)
            (act,) = self.chance.choices([a for a, _ in acts], [weight for _, weight in acts])
            await act()
        await self.it.http.put("/faults", json={})
        self._all_start(ahead=A_WHILE)

    async def kill(self) -> None:
        role = self.chance.choice(KILLED)
        self.it.kill(role)
        await asyncio.sleep(self.chance.random() * 0.2)
        self.start(role)
        self.done["kill"] += 1

    def start(self, role: str, point: str = "") -> None:
        """With the clock as it is by now, and to die at a point if one is named."""
        self.it.restart(
            role, FIRSTHAND_DRILL=f"ahead={self.ahead}" + (f",kill={point}" if point else "")
        )

    async def kill_at_a_point(self) -> None:
        """Whoever comes to it within some seconds dies there; who does not is killed all the same."""
        point, role = self.chance.choice(list(POINTS.items()))
        self.it.kill(role)
        self.start(role, point)
        for _ in range(60):
            await asyncio.sleep(0.05)
            if self.it.processes[role].poll() is not None:
                break
        died_there = self.it.processes[role].poll() == -signal.SIGKILL
        self.it.kill(role)
        self.start(role)
        self.done["kill at a named point" if died_there else "kill"] += 1

    async def fail_telegram(self) -> None:
        fault = self.chance.choice(FAULTS)
        if "slow" in fault:
            fault = {"slow": self.pace.silence}
        await self.it.http.put("/faults", json=fault)
        await asyncio.sleep(self.chance.random() * 2)
        await self.it.http.put("/faults", json={})
        self.done["Telegram: " + ", ".join(NAMES.get(kind, kind) for kind in fault)] += 1

    async def take_the_database(self) -> None:
        with away(self.it.database):
            await asyncio.sleep(self.chance.random() * 3)
        self.done["database away"] += 1

    async def fill_the_disk(self) -> None:
        with self.disk.full([self.it.processes[role].pid for role in KILLED]):
            await asyncio.sleep(self.chance.random() * 3)
        self.done["disk full" if self.disk.mounted else "no file may grow"] += 1

    async def move_the_clock(self) -> None:
        """Some minutes ahead, for all processes at once."""
        self._all_start(ahead=self.chance.randint(1, 300))
        self.done["kill"] += len(KILLED)
        self.done["clock moved"] += 1

    def _all_start(self, *, ahead: int) -> None:
        self.ahead += ahead
        for role in KILLED:
            self.it.kill(role)
            self.start(role)
