"""A service that one process at a time may run: it follows the lease, and stops when that is lost."""

import asyncio
from pathlib import Path

import pytest

from bot.process import leasing
from bot.process.leasing import run_while_leased
from storage.database import Database
from storage.leases import Lease
from tests import postgres
from tests.waiting import until


class Machine:
    """Runs a service while it has the lease; `now` is its clock."""

    def __init__(self, database: Database, folder: Path, running: list[str]) -> None:
        self.name, self.now, self.running = folder.name, 100.0, running
        self.task = asyncio.create_task(
            run_while_leased(Lease(database, "x", folder), lambda: self.now, self.service)
        )

    async def service(self) -> None:
        self.running.append(self.name)
        try:
            await asyncio.Event().wait()
        finally:
            self.running.remove(self.name)


async def only(running: list[str], *names: str) -> None:
    """Wait until these run; never two at once."""

    def so() -> bool:
        assert len(running) < 2
        return running == list(names)

    await until(so)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leasing, "RENEW_SECONDS", 0.1)
    monkeypatch.setattr(leasing, "ASK_SECONDS", 0.05)


apart = pytest.mark.skipif(not postgres.ASKED, reason="a database that is a file is on one machine")


@apart
async def test_another_stands_by_and_follows_whoever_stops(
    database: Database, tmp_path: Path
) -> None:
    running: list[str] = []
    first = Machine(database, tmp_path / "first", running)
    await only(running, "first")
    second = Machine(database, tmp_path / "second", running)
    await asyncio.sleep(0.5)
    assert running == ["first"]
    first.task.cancel()
    await only(running, "second")
    second.task.cancel()
    await asyncio.gather(first.task, second.task, return_exceptions=True)
    assert running == []


@apart
async def test_whoever_cannot_renew_stops_before_another_may_begin(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leasing, "HOLD_SECONDS", 1)
    running: list[str] = []
    first = Machine(database, tmp_path / "first", running)
    await only(running, "first")
    asked = Lease.take

    async def away(self: Lease, *, now: int, hold: int) -> bool:
        if "first" in str(self._lock):
            raise ConnectionError
        return await asked(self, now=now, hold=hold)

    monkeypatch.setattr(Lease, "take", away)
    await only(running)
    second = Machine(database, tmp_path / "second", running)
    second.now = 102
    await only(running, "second")
    for machine in (first, second):
        machine.task.cancel()
    await asyncio.gather(first.task, second.task, return_exceptions=True)


async def test_what_the_service_fails_with_is_not_hidden(
    database: Database, tmp_path: Path
) -> None:
    async def fails() -> None:
        raise LookupError("gone")

    with pytest.raises(LookupError):
        await run_while_leased(Lease(database, "x", tmp_path), lambda: 1.0, fails)
