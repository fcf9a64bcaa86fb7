"""A practice installation of its own for a test: real processes, a real sandbox, a home under a temporary folder."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import httpx

from tests import postgres
from tests.forge import Forge, Forged
from tests.people import Phone
from tests.reader import count

ROOT = Path(__file__).parent.parent
PYTHON = sys.executable
SANDBOX_OFFICER = 700_000_001
IN_FLIGHT = "(SELECT 1 FROM work WHERE kind != 'proof')"
"""Work that ends by itself soon; what proves a report to its witness stays for a day."""


ON_ITS_WAY = "(SELECT 1 FROM work WHERE kind NOT IN ('proof', 'wait'))"


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@cache
def forge() -> Forge:
    """This test process's own."""
    return Forge()


class Installation:
    """Its environment, its processes by role, and a client to its sandbox."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.home = folder / "home"
        self.port = free_port()
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("FIRSTHAND_")},
            "FIRSTHAND_HOME": str(self.home),
            "FIRSTHAND_KEYS": str(folder / "keys"),
            "FIRSTHAND_SANDBOX_PORT": str(self.port),
            "FIRSTHAND_SANDBOX_LIMITS": "0",
            "FIRSTHAND_SEND_OVERALL": "10000",
            "FIRSTHAND_SEND_CHAT": "10000",
            **({"FIRSTHAND_DATABASE_URL": postgres.one_for(folder)} if postgres.ASKED else {}),
            **settings,
        }
        self.keys = folder / "keys"
        self.log = folder / "log.txt"
        self.processes: dict[str, Forged] = {}
        self.http: httpx.AsyncClient

    @property
    def identity(self) -> Path:
        return self.home / "officer" / "officer.key"

    @property
    def database(self) -> Path | str:
        """Where tests/reader.py finds it: the file, or the address on PostgreSQL."""
        url = self.environment.get("FIRSTHAND_DATABASE_URL", "")
        if url.startswith("postgres"):
            return url
        return Path(url.removeprefix("sqlite:///")) if url else self.home / "firsthand.db"

    @property
    def vault(self) -> Path:
        url = self.environment.get("FIRSTHAND_VAULT_URL", "")
        return Path(url.removeprefix("file://")) if url else self.home / "vault"

    def command(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `firsthand …` to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert not check or not done.returncode, done.stderr
        return done

    def prepare(self) -> None:
        """Keys, schema, in the sandbox an officer to practise with: what `firsthand run` does before anything runs."""
        prepare = "import asyncio; from bot import config, ready; asyncio.run(ready.make_ready(config.read()))"
        subprocess.run([PYTHON, "-c", prepare], cwd=ROOT, env=self.environment, check=True, timeout=120)

    def start(self, *roles: str) -> None:
        """Start each role as a process of its own."""
        self.prepare()
        for role in roles:
            self.restart(role)

    def restart_dying(self, role: str, point: str) -> None:
        """Start a role that dies at a named point."""
        self.restart(role, FIRSTHAND_DRILL=f"kill={point}")

    def dies(self, role: str) -> None:
        """Wait until it has."""
        assert self.processes[role].wait() == -signal.SIGKILL

    def restart(self, role: str, **more: str) -> None:
        self.processes[role] = forge().start(role, {**self.environment, **more}, self.log)

    def kill(self, role: str) -> None:
        """As if the power went."""
        self.processes[role].send_signal(signal.SIGKILL)
        self.processes[role].wait()

    def connect(self) -> None:
        """A client of this event loop."""
        self.http = httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=30)

    async def answers(self) -> None:
        """Wait until the sandbox does."""
        for _ in range(300):
            try:
                await self.http.get("/channel")
            except httpx.TransportError:
                await asyncio.sleep(0.05)
            else:
                return
        raise AssertionError(self.log.read_text())

    async def settled(self) -> None:
        """Wait until nothing is to be sent, done or shredded any more."""
        for _ in range(600):
            waiting = sum(count(self.database, table) for table in ("outbox", "conversations", IN_FLIGHT))
            if not waiting:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(self.log.read_text())

    async def settled_but_open(self, reports: int) -> None:
        """Wait until nothing is on its way any more, and so many reports are open."""
        for _ in range(600):
            waiting = sum(count(self.database, table) for table in ("outbox", ON_ITS_WAY))
            if not waiting and count(self.database, "conversations") == reports:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(self.log.read_text())

    async def until_rows(self, table: str, least: int) -> None:
        for _ in range(600):
            if count(self.database, table) >= least:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(self.log.read_text())

    async def delivered(self) -> None:
        """Wait until every message that was sent is known to be on its screen."""
        for _ in range(600):
            if not count(self.database, "outbox"):
                return
            await asyncio.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def officer(self) -> Phone:
        return Phone(self.http, SANDBOX_OFFICER, "officers")

    def channel(self) -> Phone:
        return Phone(self.http, SANDBOX_OFFICER, "channel")

    async def stop(self) -> None:
        await self.http.aclose()
        self.end()

    def end(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait()
        postgres.drop(str(self.database))


ROLES = ("sandbox", "witness", "files", "officers")


@asynccontextmanager
async def running(folder: Path, *roles: str, **settings: str) -> AsyncIterator[Installation]:
    installation = Installation(folder, **settings)
    installation.connect()
    try:
        installation.start(*(roles or ROLES))
        await installation.answers()
        yield installation
    finally:
        await installation.stop()
