"""Leases: one holder at a time, on one machine or several, and nobody waits for a process that is gone."""

import os
from pathlib import Path

import pytest

from storage import leases
from storage.database import Database
from storage.leases import Lease
from tests import postgres

apart = pytest.mark.skipif(not postgres.ASKED, reason="a database that is a file is on one machine")


@apart
async def test_processes_of_two_machines_wait_for_each_other(
    database: Database, tmp_path: Path
) -> None:
    here, there = (Lease(database, "deliver:x", tmp_path / name) for name in ("here", "there"))
    assert await here.take(now=100, hold=6)
    assert not await there.take(now=105, hold=6)
    assert await here.take(now=105, hold=6), "it is renewed"
    assert not await there.take(now=110, hold=6)
    assert await there.take(now=111, hold=6)
    assert not await here.take(now=112, hold=6), "and whoever was frozen is told so"


async def test_a_process_that_died_is_not_waited_for(database: Database, tmp_path: Path) -> None:
    died, next_ = (Lease(database, "deliver:x", tmp_path / name) for name in ("here", "here"))
    assert await died.take(now=100, hold=6)
    assert not await next_.take(now=105, hold=6)
    os.close(died._fd)  # what the kernel does for a process that is killed
    assert await next_.take(now=105, hold=6)


@apart
async def test_a_frozen_process_keeps_its_lock_and_not_the_lease(
    database: Database, tmp_path: Path
) -> None:
    frozen, next_ = (Lease(database, "deliver:x", tmp_path / name) for name in ("here", "here"))
    assert await frozen.take(now=100, hold=6)
    assert not await next_.take(now=105, hold=6)
    assert await next_.take(now=106, hold=6)
    assert not await frozen.take(now=107, hold=6)


@apart
async def test_a_process_that_died_is_not_waited_for_on_its_machine(
    database: Database, tmp_path: Path
) -> None:
    died, next_, elsewhere = (
        Lease(database, "deliver:x", tmp_path / name) for name in ("here", "here", "there")
    )
    assert await died.take(now=100, hold=6)
    assert not await next_.take(now=100, hold=6)
    os.close(died._fd)  # what the kernel does for a process that is killed
    assert not await elsewhere.take(now=101, hold=6)
    assert await next_.take(now=101, hold=6)


@apart
async def test_what_is_let_go_is_free_at_once(database: Database, tmp_path: Path) -> None:
    here, there = (Lease(database, "deliver:x", tmp_path / name) for name in ("here", "there"))
    assert await here.take(now=100, hold=6)
    await here.end()
    assert await there.take(now=100, hold=6)
    await here.end()
    assert not await here.take(now=100, hold=6), "and not taken from whoever has it since"
    async with database.reading() as connection:
        assert await leases.is_held(connection, "deliver:x", now=105)
        assert not await leases.is_held(connection, "deliver:x", now=106)
        assert not await leases.is_held(connection, "another", now=100)


async def test_leases_of_different_names_do_not_meet(database: Database, tmp_path: Path) -> None:
    several = [
        Lease(database, name, tmp_path / "here") for name in ("deliver:a", "deliver:b", "sweep")
    ]
    assert all([await lease.take(now=1, hold=6) for lease in several])
