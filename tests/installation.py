"""A practice installation of its own for a test: real processes, a real sandbox, a home under a temporary folder."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from tests.people import Phone
from tests.reader import count

ROOT = Path(__file__).parent.parent
PYTHON = sys.executable
SANDBOX_OFFICER = 700_000_001


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


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
            **settings,
        }
        self.keys = folder / "keys"
        self.log = folder / "log.txt"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.http = httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=30)

    @property
    def identity(self) -> Path:
        return self.home / "officer" / "officer.key"

    @property
    def database(self) -> Path:
        return self.home / "firsthand.db"

    def command(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `firsthand …` to its end."""
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=check, timeout=120,
        )  # fmt: skip

    def start(self, *roles: str) -> None:
        """Start each role as a process of its own."""
        self.command("recipient", "list")  # makes ready: keys, schema, practice officer
        for role in roles:
            self.restart(role)

    def restart_dying(self, role: str, point: str) -> None:
        """Start a role that dies at a named point."""
        self.restart(role, FIRSTHAND_DRILL=f"kill={point}")

    def dies(self, role: str) -> None:
        """Wait until it has."""
        assert self.processes[role].wait(60) == -signal.SIGKILL

    def restart(self, role: str, **more: str) -> None:
        self.processes[role] = subprocess.Popen(
            [sys.executable, "-m", "bot", "run", "--role", role],
            cwd=ROOT, env={**self.environment, **more}, stdout=subprocess.DEVNULL, stderr=self.log.open("ab"),
        )  # fmt: skip

    def kill(self, role: str) -> None:
        """As if the power went."""
        self.processes[role].send_signal(signal.SIGKILL)
        self.processes[role].wait()

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
            waiting = sum(count(self.database, table) for table in ("outbox", "work", "conversations"))
            if not waiting:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def officer(self) -> Phone:
        return Phone(self.http, SANDBOX_OFFICER, "officers")

    def channel(self) -> Phone:
        return Phone(self.http, SANDBOX_OFFICER, "channel")

    async def stop(self) -> None:
        await self.http.aclose()
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


ROLES = ("sandbox", "witness", "files", "officers")


@asynccontextmanager
async def running(folder: Path, *roles: str, **settings: str) -> AsyncIterator[Installation]:
    installation = Installation(folder, **settings)
    try:
        installation.start(*(roles or ROLES))
        await installation.answers()
        yield installation
    finally:
        await installation.stop()
