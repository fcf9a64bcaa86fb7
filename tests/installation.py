"""A practice installation of its own for a test: real processes, a real sandbox, a home under a temporary folder."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from itertools import cycle
from pathlib import Path

import httpx
from httpx_aiohttp import HttpxAiohttpClient

from tests import postgres
from tests.forge import Forge, Forged
from tests.people import Phone
from tests.reader import count
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).parent.parent
PYTHON = sys.executable
SHARE = 1000
"""Ports of a test process."""
SANDBOX_OFFICER, SANDBOX_SPECIALIST = 700_000_001, 700_000_002
IN_FLIGHT = "(SELECT 1 FROM work WHERE kind != 'proof')"
"""Work that ends by itself soon; what proves a report to its witness stays for a day."""


ON_ITS_WAY = "(SELECT 1 FROM work WHERE kind NOT IN ('proof', 'wait'))"


def free_port() -> int:
    """One that nobody else is given before its server has it.

    Below those from which connections go out, of this process's own share, and none twice until all were given.
    """
    while True:
        port = next(_ports())
        with contextlib.suppress(OSError), socket.socket() as s:
            s.bind(("127.0.0.1", port))
            return port


@cache
def _ports() -> Iterator[int]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    share = int(worker) if worker else os.getpid()
    first = 20_000 + share % (12_000 // SHARE) * SHARE
    begin = secrets.randbelow(SHARE)  # another run on this machine has the same shares
    return cycle((*range(first + begin, first + SHARE), *range(first, first + begin)))


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
        self.own: dict[str, dict[str, str]] = {}
        """By process, named as witness-a where there are several of a role: what it has of its own."""
        self.http: httpx.AsyncClient

    @property
    def identity(self) -> Path:
        return self.home / "officer" / "officer.key"

    @property
    def specialist_identity(self) -> Path:
        return self.home / "officer" / "specialist.key"

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

    def object(self, name: str) -> bytes:
        """As it lies in the vault, be it a folder or a bucket."""
        url = self.environment.get("FIRSTHAND_VAULT_URL", "")
        if url.startswith("s3://"):
            from tests import seaweed  # noqa: PLC0415 - it needs this module

            return seaweed.sealed(url, name)
        (path,) = self.vault.rglob(name)
        return path.read_bytes()

    def command(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `firsthand …` to its end."""
        return self._command(arguments, self.environment, check=check)

    def by_hand(
        self, arguments: Sequence[str], environment: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Run `firsthand …` to its end with other settings, whatever comes of it."""
        return self._command(arguments, environment, check=False)

    @staticmethod
    def _command(
        arguments: Sequence[str], environment: dict[str, str], *, check: bool
    ) -> subprocess.CompletedProcess[str]:  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            output, error = Path(folder) / "output", Path(folder) / "error"
            code = forge().run(list(arguments), environment, output=output, error=error).wait()
            done = subprocess.CompletedProcess(
                arguments, code, output.read_text(), error.read_text()
            )
        assert not check or not done.returncode, done.stderr
        return done

    def prepare(self, **more: str) -> None:
        """Keys, schema, in the sandbox an officer to practise with: what `firsthand run` does before anything runs."""
        self._command(["prepare"], {**self.environment, **more}, check=True)

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

    def restart(self, process: str, **more: str) -> None:
        environment = {**self.environment, **self.own.get(process, {}), **more}
        self.processes[process] = forge().start(process.partition("-")[0], environment, self.log)

    def kill(self, role: str) -> None:
        """As if the power went."""
        self.processes[role].send_signal(signal.SIGKILL)
        self.processes[role].wait()

    def connect(self) -> None:
        """A client of this event loop; it costs half of what httpx's own transport does."""
        self.http = HttpxAiohttpClient(
            base_url=f"http://127.0.0.1:{self.port}", timeout=PATIENCE, limits=httpx.Limits()
        )

    async def until(self, holds: Callable[[], bool | Awaitable[bool]]) -> None:
        """Wait until it does; what the processes said is told when it never does."""
        await until(holds, otherwise=lambda: self.log.read_text()[-4000:])

    def left(self, *tables: str) -> int:
        """How many rows they have together."""
        return sum(count(self.database, table) for table in tables)

    async def answers(self) -> None:
        """Wait until the sandbox does."""

        async def answers() -> bool:
            try:
                return (await self.http.get("/channel")).is_success
            except httpx.TransportError:
                return False

        await self.until(answers)

    async def settled(self) -> None:
        """Wait until nothing is to be sent, done or shredded any more."""
        await self.until(lambda: not self.left("outbox", "conversations", IN_FLIGHT))

    async def settled_but_open(self, reports: int) -> None:
        """Wait until nothing is on its way any more, and so many reports are open."""
        await self.until(
            lambda: not self.left("outbox", ON_ITS_WAY) and self.left("conversations") == reports
        )

    async def until_rows(self, table: str, least: int) -> None:
        await self.until(lambda: self.left(table) >= least)

    async def delivered(self) -> None:
        """Wait until every message that was sent is known to be on its screen."""
        await self.until(lambda: not self.left("outbox"))

    def officer(self, account: int = SANDBOX_OFFICER) -> Phone:
        return Phone(self.http, account, "officers")

    def channel(self, account: int = SANDBOX_OFFICER) -> Phone:
        return Phone(self.http, account, "channel")

    async def stop(self) -> None:
        await self.http.aclose()
        self.end()

    def end(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait()
        postgres.drop(str(self.database))


ROLES = ("sandbox", "custody", "witness", "files", "officers")


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
