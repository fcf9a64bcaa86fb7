"""`python -m tests.drills.many WITNESSES`: eight processes, each as if on a machine of its own, over one PostgreSQL and
one bucket, behind a load balancer, while two of them are killed and started again over and over.
"""

import asyncio
import os
import random
import secrets
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.keyring import tls
from tests import postgres, seaweed
from tests.drills.balancer import balancer
from tests.drills.drill import REST_SECONDS, at_rest
from tests.drills.verdict import Verdict, judge
from tests.drills.witness import Told, report
from tests.installation import Installation, free_port
from tests.people import Phone
from tests.reader import count

NAMES = (
    "keys-a",
    "keys-b",
    "witness-a",
    "witness-b",
    "files-a",
    "files-b",
    "officers-a",
    "officers-b",
)
KEPT = {
    "witness": ("master.key", "facts.key", "installation.pem"), "files": ("master.key", "facts.key"),
    "officers": ("facts.key",), "custody": ("custody.pem",), "keys": ("shred.keys", "installation.pem"),
}  # fmt: skip
"""Beside certificates, what of the installation's keys each role's machine has."""


FREEZES = 0.2
"""Of what is done to two processes, what is no kill."""


@dataclass
class Several:
    """The installation, and what was done to it: by process, how often it was killed."""

    it: Installation
    killed: Counter[str] = field(default_factory=Counter)
    frozen: int = 0

    async def sabotage(self, over: asyncio.Event, chance: random.Random) -> None:
        """Two at a time, whichever; then all of them run again."""
        while not over.is_set():
            await asyncio.sleep(1 + chance.random() * 3)
            two = chance.sample(NAMES, 2)
            if chance.random() < FREEZES:
                await self._freeze(two, chance)
                continue
            for name in two:
                self.it.kill(name)
                self.killed[name] += 1
            await asyncio.sleep(chance.random() * 3)
            for name in two:
                self.it.restart(name)

    async def _freeze(self, names: list[str], chance: random.Random) -> None:
        """As a machine that swaps, or whose network is away: others take over, then these go on where they were."""
        for number in (signal.SIGSTOP, signal.SIGCONT):
            for name in names:
                self.it.processes[name].send_signal(number)
            await asyncio.sleep(7 + chance.random() * 5 if number == signal.SIGSTOP else 0)
        self.frozen += len(names)


@asynccontextmanager
async def several(folder: Path) -> AsyncIterator[Several]:
    """All of them running, the sandbox besides."""
    name, hook = seaweed.bucket(), free_port()
    ports = {process: free_port() for process in NAMES if process.startswith(("keys", "witness"))}
    certificates = folder / "certificates"
    tls.make(certificates, ["127.0.0.1"])
    services = ",".join(
        f"https://127.0.0.1:{ports[process]}" for process in ports if process.startswith("keys")
    )
    it = Installation(
        folder, FIRSTHAND_DATABASE_URL=postgres.one_for(folder), FIRSTHAND_KEYS_SERVICE=services,
        FIRSTHAND_WEBHOOK_URL=f"http://127.0.0.1:{hook}/telegram", FIRSTHAND_WEBHOOK_SECRET=secrets.token_hex(32),
        **seaweed.settings(name),
    )  # fmt: skip
    it.connect()
    it.prepare(FIRSTHAND_KEYS_LISTEN="127.0.0.1:1")
    for process in NAMES:
        it.own[process] = _machine(it, folder / process, certificates, ports.get(process, 0))
    try:
        async with balancer(
            hook, [port for process, port in ports.items() if process.startswith("witness")]
        ):
            for process in ("sandbox", *NAMES):
                it.restart(process)
            await it.answers()
            yield Several(it)
    except AssertionError:
        print(it.log.read_text()[-5000:])
        raise
    finally:
        await it.stop()


def _machine(it: Installation, folder: Path, certificates: Path, port: int) -> dict[str, str]:
    """A home and a key folder of its own; the two that can own the shred keys share a disk for them."""
    role = folder.name.partition("-")[0]
    keys = folder.parent / "shared" if role == "keys" else folder / "keys"
    keys.mkdir(parents=True, exist_ok=True)
    (folder / "tls").mkdir(parents=True)
    for name in KEPT[role]:
        if not (
            keys / name
        ).exists():  # a copy over the file of a running owner would be another's keys
            shutil.copy(it.keys / name, keys)
    for name in ("ca.pem", f"{role}.pem") if role != "officers" else ():
        shutil.copy(certificates / name, folder / "tls")
    return {
        "FIRSTHAND_HOME": str(folder / "home"), "FIRSTHAND_KEYS": str(keys), "FIRSTHAND_KEYS_TLS": str(folder / "tls"),
        **({"FIRSTHAND_KEYS_LISTEN": f"127.0.0.1:{port}"} if role == "keys" else {}),
        **({"FIRSTHAND_WEBHOOK_LISTEN": f"127.0.0.1:{port}"} if role == "witness" else {}),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    verdict: Verdict
    killed: Counter[str]
    frozen: int
    seconds: float


async def drill(folder: Path, *, witnesses: int, at_once: int, seed: int) -> Outcome:
    """So many witnesses report, `at_once` at a time, while processes die."""
    began, over, chance = time.monotonic(), asyncio.Event(), random.Random(seed)
    async with several(folder) as all_of_them:
        it, places = all_of_them.it, asyncio.Semaphore(at_once)

        async def one(number: int) -> Told:
            async with places:
                told = await report(
                    await Phone.new(it.http, f"Witness {number}"), random.Random(f"{seed} {number}")
                )
                print(".", end="", flush=True)
                return told

        sabotage = asyncio.create_task(all_of_them.sabotage(over, chance))
        try:
            told = await asyncio.gather(*(one(number) for number in range(witnesses)))
        finally:
            over.set()
            await sabotage
        await at_rest(
            it, patience=REST_SECONDS + 4 * count(it.database, "posts")
        )  # 17 cards a minute
        verdict = await judge(it, told, folder)
        return Outcome(verdict, all_of_them.killed, all_of_them.frozen, time.monotonic() - began)


def main(witnesses: int) -> int:
    with tempfile.TemporaryDirectory(prefix="firsthand-many-") as folder:
        outcome = asyncio.run(
            drill(Path(folder), witnesses=witnesses, at_once=40, seed=int(time.time()))
        )
    v = outcome.verdict
    figures = {
        "processes": len(NAMES), "witnesses": witnesses, "kills": outcome.killed.total(),
        "frozen for some seconds": outcome.frozen, "reports filed": v.reports,
        "words and files acknowledged": v.acknowledged, "lost": len(v.lost), "doubled": len(v.doubled),
        "words out of their order": v.out_of_order, "cards missing": len(v.cards),
        "cards posted twice": v.cards_twice, "messages shown to a witness twice": v.shown_twice,
    }  # fmt: skip
    day = time.strftime("%Y-%m-%d", time.gmtime())
    print(
        f"\n{day}, {os.cpu_count()} cores, PostgreSQL, SeaweedFS, {outcome.seconds / 60:.1f} minutes\n"
    )
    print("\n".join(f"| {name} | {value:,} |" for name, value in figures.items()))
    print(
        "\n".join(f"| {name} killed | {times} |" for name, times in sorted(outcome.killed.items()))
    )
    print("\n".join([*v.lost, *v.doubled, *v.changed, *v.cards][:20]))
    return 0 if v.sound and not v.out_of_order else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
