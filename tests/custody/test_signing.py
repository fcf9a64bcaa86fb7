"""Heads of the custody log: signed every hour and for each hand-out, on from the one before, and never changed."""

import time
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from bot.custody.signing import LEASE, Signing, sign_if_alone
from bot.errors import Tampered
from bot.officers.posted_heads import PostedHeads
from bot.operator.doctor import custody_log as doctor
from bot.process.holding import HOLD_SECONDS
from bot.referral import head as head_
from bot.referral.head import Head
from storage import age, custody, heads, ledger, tree
from storage import tables as t
from storage.custody import HANDED_OUT
from storage.database import Database
from storage.leases import Lease
from storage.ledger import INSTALLATION, Entry
from tests import prepared
from tests.handed_out import signing
from tests.waiting import until


class Log:
    """A database with its custody process, whose clock stands where it is put."""

    def __init__(self, database: Database, folder: Path, signs: Signing) -> None:
        self.database, self.folder, self.signs = database, folder, signs
        self.now = 493_000 * 3600.0
        self.signs.clock = lambda: self.now

    async def enter(self, kind: str = "claimed", log: str = "7K3M-9QXW-WK", count: int = 1) -> None:
        async with self.database.writing() as connection:
            entries = [Entry(kind, "officer 1", log) for _ in range(count)]
            await ledger.append(connection, log, entries, hour=1, recipient=None)

    async def head(self) -> Head | None:
        signed = await self.signs.once()
        return head_.read(signed.note, self.signs.private.public_key()) if signed else None


@pytest.fixture
async def log(tmp_path: Path):  # type: ignore[no-untyped-def]  # noqa: ANN201
    database = prepared.database(tmp_path / "log.db")
    yield Log(database, tmp_path, await signing(database, tmp_path / "keys"))
    await prepared.over(database)


async def root(log: Log, size: int) -> bytes:
    async with log.database.reading() as connection:
        return await heads.hash_of(connection, (0, size))


async def test_the_first_head_says_with_which_key_the_log_is_signed(log: Log) -> None:
    head = await log.head()
    assert head is not None and head.size == 1
    async with log.database.reading() as connection:
        (line,) = await ledger.lines(connection, INSTALLATION)
    assert b'"kind":"custody key in use"' in line


async def test_an_hour_has_its_head_and_a_hand_out_one_of_its_own(log: Log) -> None:
    await log.head()
    await log.enter()
    assert await log.head() is None
    await log.enter(HANDED_OUT)
    handed = await log.head()
    assert handed is not None and handed.size == 3 and handed.root == await root(log, 3)
    assert await log.head() is None
    log.now += 3600
    hourly = await log.head()
    assert hourly is not None and (hourly.size, hourly.hour) == (3, handed.hour + 1)


async def test_a_head_that_could_not_be_written_is_signed_at_the_next_look(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    await log.head()
    await log.enter(HANDED_OUT)
    with monkeypatch.context() as broken:
        broken.setattr(heads, "add", _fails)
        with pytest.raises(OSError, match="away"):
            await log.head()
    assert await log.head() is not None


async def _fails(*_: object) -> None:
    raise OSError("away")


async def test_a_clock_that_was_set_back_takes_the_hour_of_the_head_before(log: Log) -> None:
    first = await log.head()
    log.now -= 5 * 3600
    await log.enter(HANDED_OUT)
    second = await log.head()
    assert first is not None and second is not None and second.hour == first.hour


async def test_every_head_goes_on_from_the_one_before(log: Log) -> None:
    found: list[Head] = []
    for count in (1, 3, 250, 2, 300):
        await log.enter(count=count)
        log.now += 3600
        head = await log.head()
        assert head is not None
        found.append(head)
    async with log.database.reading() as connection:
        for earlier, later in pairwise(found):
            path = await heads.hashes_of(connection, tree.consistency(earlier.size, later.size))
            assert tree.is_continued(earlier.size, earlier.root, later.size, later.root, path)


@pytest.mark.parametrize("statement", [update(t.heads).values(hour=1), delete(t.heads)])
async def test_a_signed_head_is_neither_changed_nor_removed(log: Log, statement: object) -> None:
    await log.head()
    with pytest.raises(DBAPIError):
        async with log.database.writing() as connection:
            await connection.execute(statement)  # type: ignore[arg-type]


async def test_a_command_signs_only_where_no_custody_process_does(log: Log) -> None:
    locks = log.folder / "leases"
    lease = Lease(log.database, LEASE, locks)
    assert await lease.take(now=int(time.time()), hold=HOLD_SECONDS)
    await sign_if_alone(log.database, log.folder / "keys", locks, time.time)
    async with log.database.reading() as connection:
        assert await heads.newest(connection) is None
    await lease.end()
    await sign_if_alone(log.database, log.folder / "nowhere", locks, time.time)
    async with log.database.reading() as connection:
        assert await heads.newest(connection) is None
    await sign_if_alone(log.database, log.folder / "keys", locks, time.time)
    async with log.database.reading() as connection:
        assert await heads.newest(connection) is not None


async def test_officers_have_each_hours_head_once_something_happened_in_it(log: Log) -> None:
    said: list[str] = []

    async def say(text: str) -> int:
        said.append(text)
        return len(said)

    posted = PostedHeads(log.database, say, lambda: log.now)
    await log.head()
    await posted.once()
    assert said == []  # its hour is not over
    log.now += 3600
    await log.head()
    await posted.once()
    await posted.once()
    assert len(said) == 1 and "Custody log, " in said[0]
    for _ in range(20):
        log.now += 3600
        await log.head()
        await posted.once()
    assert len(said) == 1  # nothing happened
    await log.enter()
    for _ in range(2):
        log.now += 3600
        await log.head()
        await posted.once()
    assert len(said) == 2
    note = said[1].partition("\n\n")[2]
    assert head_.read(note, log.signs.private.public_key()).size == 2


async def test_the_custody_process_signs_until_it_is_stopped(log: Log) -> None:
    import asyncio  # noqa: PLC0415

    serving = asyncio.ensure_future(log.signs.serve())
    await log.enter(HANDED_OUT)

    async def covered() -> bool:
        async with log.database.reading() as connection:
            return await heads.ending(connection, 1) is not None

    await until(covered)
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def change(log: Log, *statements: str) -> None:
    """As somebody with SQL and no key, past the triggers."""
    async with log.database.writing() as connection:
        for table in ("ledger", "leaves", "heads", "openings"):
            off = (
                [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in ("UPDATE", "DELETE")]
                if log.database.is_sqlite
                else [f"ALTER TABLE {table} DISABLE TRIGGER ALL"]
            )
            for statement in off:
                await connection.execute(text(statement))
        for statement in statements:
            await connection.execute(text(statement))


def forged(line: str) -> str:
    return line.replace("officer 1", "officer 9")


async def forge_signed(log: Log) -> None:
    """A line that was signed, with its hash everywhere it stands."""
    async with log.database.reading() as connection:
        line = (await ledger.lines(connection, "7K3M-9QXW-WK"))[0].decode()
    new = forged(line)
    old, hash_ = custody.leaf(line.encode()), custody.leaf(new.encode())
    await change(
        log,
        f"UPDATE ledger SET line = '{new.replace(':', chr(92) + ':')}', hash = '{hash_}' WHERE hash = '{old}'",
        f"UPDATE leaves SET hash = '{hash_}' WHERE hash = '{old}'",
    )


async def remove_newest(log: Log) -> None:
    await change(
        log,
        "DELETE FROM heads WHERE size > 2",
        "DELETE FROM leaves WHERE leaf >= 2",
        "DELETE FROM ledger WHERE id > 2",
    )


@pytest.mark.parametrize(
    "attack, why",
    [
        (forge_signed, "the first 3 entries are not those that were signed"),
        (remove_newest, "fewer entries are here than the 3 that were signed"),
    ],
)
@pytest.mark.parametrize("heads_too", [False, True])
async def test_nothing_is_signed_over_entries_that_are_not_those_signed_before(
    attack: Callable[[Log], Awaitable[None]],
    why: str,
    heads_too: bool,  # noqa: FBT001
    log: Log,
) -> None:
    await log.head()
    await log.enter()
    await log.enter(HANDED_OUT)
    head = await log.head()
    assert head is not None and head.size == 3
    await attack(log)
    if heads_too:
        await change(log, "DELETE FROM heads WHERE size > 1")
    log.now += 3600
    with pytest.raises(Tampered, match=why):
        await log.head()
    async with log.database.reading() as connection:
        found = [f.what async for f in doctor.examine(connection, log.folder / "keys")]
    assert (
        found and "The custody log: its first 3 entries are not those that were signed" in found[0]
    )


async def test_after_a_restore_the_log_begins_anew_from_the_backup(log: Log) -> None:
    await log.head()
    await log.enter()
    await log.enter(HANDED_OUT)
    await log.head()
    await remove_newest(log)
    log.signs.floor.path.unlink()  # as firsthand restore does
    await log.enter("restored")
    await log.enter(HANDED_OUT)
    head = await log.head()
    assert head is not None and head.size == 4


async def test_a_hand_out_that_is_committed_late_is_found(log: Log) -> None:
    """On PostgreSQL a lower id may be committed after a higher one."""
    await log.head()
    await log.enter()
    await log.enter(HANDED_OUT)
    async with log.database.reading() as connection:
        assert await heads.is_wanted(connection)
        assert not await heads.handed_out(connection, 0)
    assert await log.head() is not None
    async with log.database.reading() as connection:
        assert not await heads.is_wanted(connection)
        assert await heads.handed_out(connection, 0) == [2]


async def test_two_hand_outs_at_once_have_a_head_each(log: Log) -> None:
    await log.head()
    for _ in range(2):
        await log.enter(HANDED_OUT)
        await log.enter()
    assert await log.head() is not None
    async with log.database.reading() as connection:
        assert [head.size for head in await heads.every(connection)] == [1, 2, 4]


@pytest.mark.parametrize(
    "statement, why",
    [
        ("UPDATE heads SET hour = 1", "says something else than the row"),
        ("UPDATE ledger SET hash = '00' WHERE id = 2", "stands with another hash"),
        ("INSERT INTO tiles (n, hash) VALUES (3, '00')", "there is a tile 3"),
        (
            "UPDATE leaves SET hash = '00' WHERE leaf = 1",
            "entry 1 is not the one that was numbered",
        ),
        ("UPDATE installation SET custody_key = 'MFkw'", "its key in the database is another"),
    ],
)
async def test_doctor_names_what_was_changed_in_the_rows_of_the_log(
    statement: str, why: str, log: Log
) -> None:
    await log.head()
    async with log.database.writing() as connection:
        entry = Entry("claimed", "officer 1", "7K3M-9QXW-WK")
        recipient, _ = age.new_identity()
        await ledger.append(connection, "7K3M-9QXW-WK", [entry], hour=1, recipient=recipient)
    log.now += 3600
    await log.head()
    async with log.database.reading() as connection:
        told = [f.what async for f in doctor.examine(connection, log.folder / "keys")]
    assert [what for what in told if "was last signed" not in what] == []
    await change(log, statement)
    async with log.database.reading() as connection:
        told = [f.what async for f in doctor.examine(connection, log.folder / "keys")]
    assert why in told[0]
