"""SQLite in the loop's own thread: nobody stands still for another, and nothing is left half done."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import OperationalError

from storage import sqlite
from storage import tables as t
from storage.database import Database
from tests import postgres, prepared

pytestmark = pytest.mark.skipif(bool(postgres.ASKED), reason="is about SQLite")
ROW = {"name": b"a", "hour": 1}


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = prepared.database(tmp_path / "a.db")
    yield made
    await prepared.over(made)


def elsewhere(tmp_path: Path) -> sqlite3.Connection:
    """Another process of the same file."""
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


async def hours(database: Database) -> list[int]:
    async with database.reading() as connection:
        return list((await connection.execute(select(t.seen.c.hour))).scalars())


async def test_while_another_process_writes_this_one_goes_on(
    tmp_path: Path, database: Database
) -> None:
    other, ticks = elsewhere(tmp_path), 0

    async def write() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(t.seen), ROW)

    writing = asyncio.create_task(write())
    while ticks < 20:
        await asyncio.sleep(0.001)
        assert await hours(database) == []
        ticks += 1
    assert not writing.done()
    other.execute("COMMIT")
    await writing
    assert await hours(database) == [1]
    other.close()


async def test_another_process_that_writes_for_too_long_is_said_to(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)
    other = elsewhere(tmp_path)
    with pytest.raises(OperationalError, match="locked"):
        async with database.writing():
            pass
    other.execute("ROLLBACK")
    other.close()
    async with database.writing() as connection:
        await connection.execute(insert(t.seen), ROW)
    assert await hours(database) == [1]


async def test_whoever_waits_behind_others_waits_no_longer_than_they_do(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.3)
    other, loop = elsewhere(tmp_path), asyncio.get_running_loop()
    began = loop.time()

    async def write() -> float:
        with pytest.raises(OperationalError, match="locked"):
            async with database.writing():
                pass
        return loop.time() - began

    waited = await asyncio.gather(*(write() for _ in range(8)))
    other.execute("ROLLBACK")
    other.close()
    assert max(waited) < 0.3 * 4


async def test_a_schema_that_is_altered_lets_the_writer_commit(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(t.seen), ROW)
        altering = asyncio.create_task(database.alter(lambda each: each.execute(text("SELECT 1"))))
        await asyncio.sleep(0.05)
    await altering
    assert await hours(database) == [1]


async def test_a_stream_that_is_left_keeps_no_older_snapshot(database: Database) -> None:
    rows = [{"name": b"%05d" % number, "hour": number} for number in range(1_200)]
    async with database.writing() as connection:
        await connection.execute(insert(t.seen), rows)
    async with (
        database.reading() as connection,
        aclosing(connection.stream(select(t.seen))) as parts,
    ):
        assert len(await anext(parts)) == 500
    async with database.writing() as connection:
        await connection.execute(insert(t.seen), {"name": b"late", "hour": 1_200})
    assert len(await hours(database)) == 1_201


async def test_what_is_cancelled_in_the_middle_leaves_nothing_and_holds_nobody_up(
    database: Database,
) -> None:
    begun = asyncio.Event()

    async def write() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(t.seen), ROW)
            begun.set()
            await asyncio.Event().wait()

    writing = asyncio.create_task(write())
    await begun.wait()
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    async with database.writing() as connection:
        await connection.execute(insert(t.seen), {**ROW, "hour": 2})
    assert await hours(database) == [2]


@pytest.mark.parametrize("cancels", [1, 3])
async def test_a_commit_under_way_is_waited_for_whoever_is_cancelled(
    cancels: int, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, under_way, go = sqlite._commit, asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def slowly(raw: sqlite3.Connection) -> None:
        loop.call_soon_threadsafe(under_way.set)
        asyncio.run_coroutine_threadsafe(go.wait(), loop).result()
        commit(raw)

    async def write() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(t.seen), ROW)

    monkeypatch.setattr(sqlite, "_commit", slowly)
    writing = asyncio.create_task(write())
    await under_way.wait()
    for _ in range(cancels):
        writing.cancel()
        await asyncio.sleep(0)
    assert not writing.done()
    go.set()
    await asyncio.gather(writing, return_exceptions=True)
    assert writing.cancelled()
    monkeypatch.setattr(sqlite, "_commit", commit)
    async with database.writing() as connection:
        await connection.execute(insert(t.seen), {"name": b"b", "hour": 2})
    assert await hours(database) == [1, 2]


async def test_a_commit_that_fails_is_told_and_rolled_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(sqlite3.OperationalError):
        pass

    def full(_: sqlite3.Connection) -> None:
        raise OperationalError("COMMIT", None, Full("database or disk is full"))

    with monkeypatch.context() as patch:
        patch.setattr(sqlite, "_commit", full)
        with pytest.raises(OperationalError, match="disk is full"):
            async with database.writing() as connection:
                await connection.execute(insert(t.seen), ROW)
    assert await hours(database) == []
    async with database.writing() as connection:
        await connection.execute(insert(t.seen), ROW)
    assert await hours(database) == [1]


async def test_a_file_that_is_full_says_so_and_keeps_what_was_there(
    tmp_path: Path, database: Database
) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(t.seen), ROW)
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
        await connection.execute(text(f"PRAGMA max_page_count = {pages + 3}"))
    rows = [{"name": b"%0500d" % number, "hour": 2} for number in range(1000)]
    with pytest.raises(OperationalError, match="full"):
        async with database.writing() as connection:
            await connection.execute(insert(t.seen), rows)
    assert await hours(database) == [1]
    assert (tmp_path / "a.db").exists()


async def test_writers_of_one_process_take_turns_in_the_order_they_came(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.writing() as connection:
            await connection.execute(insert(t.seen), {"name": bytes([number]), "hour": number})

    await asyncio.gather(*(write(number) for number in range(20)))
    async with database.reading() as connection:
        rowids = text("SELECT hour FROM seen ORDER BY rowid")
        assert (await connection.execute(rowids)).scalars() == list(range(20))


async def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'none.db'}")
    with pytest.raises(OperationalError, match="unable to open"):
        async with database.reading():
            pass
    assert not (tmp_path / "none.db").exists()
    await database.close()


async def test_what_never_ran_before_is_compiled_once(database: Database) -> None:
    statement = select(t.seen.c.hour)
    before = sqlite._STATEMENTS._compiled.cache_info().misses
    for _ in range(5):
        async with database.reading() as connection:
            await connection.execute(statement)
    assert sqlite._STATEMENTS._compiled.cache_info().misses == before + 1
