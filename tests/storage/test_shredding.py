"""No slot is ever two reports', whoever owns the keys, dies or comes late; what a row says is to be destroyed, is."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from storage import leases
from storage import tables as t
from storage.connection import Connection
from storage.database import Database
from storage.group import Group
from storage.jobs import Job
from storage.key_file import STAMPS, KeyFile
from storage.key_owner import KeyOwner
from storage.keys import SLOTS, NoSlots, Unsealable
from storage.queues import Queues
from storage.shredding import RESERVE, NotOwner, OldKeys
from storage.writer import ClaimLost, Writer
from tests import postgres
from tests.waiting import until


@pytest.fixture
def file(tmp_path: Path) -> Iterator[KeyFile]:
    held = KeyFile(tmp_path / "shred.keys", owner=True)
    yield held
    held.close()


def copied(tmp_path: Path) -> KeyFile:
    """The key file as it is now, on another machine."""
    (tmp_path / "copy").mkdir()
    shutil.copy(tmp_path / "shred.keys", tmp_path / "copy")
    return KeyFile(tmp_path / "copy" / "shred.keys", owner=True)


async def owning(file: KeyFile, database: Database) -> KeyOwner:
    owner = KeyOwner(file, database)
    assert await owner.begin(now=0, hold=10)
    return owner


@asynccontextmanager
async def writing(database: Database, owner: KeyOwner) -> AsyncIterator[Writer]:
    writer = Writer(database, owner, lambda: 7200.0)
    serving = asyncio.create_task(writer.serve())
    yield writer
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


def begun(chat: bytes) -> Job[None]:
    def run(group: Group) -> None:
        draft = group.draft(chat=chat) or group.begin("b", chat, b"1")
        draft.save(b"{}")

    return Job(run, chats=(chat,))


def ended(chat: bytes) -> Job[None]:
    def run(group: Group) -> None:
        if (draft := group.draft(chat=chat)) is not None:
            draft.close()

    return Job(run, chats=(chat,))


async def slots(database: Database) -> list[int]:
    async with database.reading() as connection:
        return list((await connection.execute(select(t.conversations.c.slot))).scalars())


async def shredded(database: Database) -> None:
    """Wait until nothing is left to shred."""

    async def so() -> bool:
        return not await to_shred(database)

    await until(so)


async def to_shred(database: Database) -> int:
    async with database.reading() as connection:
        query = select(func.count()).select_from(t.work).where(t.work.c.kind == "shred")
        return int((await connection.execute(query)).scalar_one())


async def test_many_reports_have_a_slot_each_and_give_it_back_when_they_end(
    file: KeyFile, database: Database
) -> None:
    owner = await owning(file, database)
    chats = [b"%d" % n for n in range(900)]
    async with writing(database, owner) as writer:
        await asyncio.gather(*(writer.write(begun(chat)) for chat in chats))
        taken = await slots(database)
        assert len(taken) == len(set(taken)) == 900
        before = {slot: file.key(slot) for slot in taken}
        await asyncio.gather(*(writer.write(ended(chat)) for chat in chats))
        await shredded(database)
    assert all(file.key(slot) != key for slot, key in before.items())
    assert len(owner._free) + RESERVE >= SLOTS - len(STAMPS)


async def test_what_a_process_has_in_hand_is_void_once_another_owns_the_keys(
    file: KeyFile, database: Database
) -> None:
    old = await owning(file, database)
    async with writing(database, old) as writer:
        await writer.write(begun(b"first"))  # and hundreds of slots in hand
        new = await owning(file, database)
        theirs = await new.take(SLOTS - 1)
        failed = asyncio.ensure_future(writer.write(begun(b"second")))
        done, _ = await asyncio.wait([failed], timeout=0.3)
        assert not done or failed.exception()
        assert not set(theirs.boxes) & set(await slots(database))


async def test_a_process_goes_on_with_slots_of_the_new_epoch(
    file: KeyFile, database: Database
) -> None:
    owner = await owning(file, database)
    async with writing(database, owner) as writer:
        await writer.write(begun(b"first"))
        assert await owner.begin(now=0, hold=10)  # all it had in hand is void, and free
        await writer.write(begun(b"second"))
        assert len(set(await slots(database))) == 2


async def test_slots_that_died_with_their_process_are_found_again(
    file: KeyFile, database: Database
) -> None:
    owner = await owning(file, database)
    await owner.take(SLOTS)
    with pytest.raises(NoSlots):
        await owner.take(1)
    await owner.recount(now=5, hold=10)  # it began only five seconds ago
    with pytest.raises(NoSlots):
        await owner.take(1)
    await owner.recount(now=100, hold=10)
    assert len((await owner.take(5)).boxes) == 5


async def test_only_what_a_row_says_is_destroyed_and_only_once(
    file: KeyFile, database: Database
) -> None:
    owner = await owning(file, database)
    async with writing(database, owner) as writer:
        await writer.write(begun(b"mine"))
        (slot,) = await slots(database)
        key = file.key(slot)
        await owner.shred([slot])  # somebody who comes late: the slot is another report's by now
        assert file.key(slot) == key


async def test_an_owner_that_was_followed_destroys_nothing_more_and_says_so(
    file: KeyFile, database: Database
) -> None:
    old = await owning(file, database)
    await owning(file, database)
    if not database.is_sqlite:  # a file has one owner by its lock
        with pytest.raises(NotOwner):
            await old.renew(now=1, hold=10)
    async with database.writing() as connection:
        row = {"kind": "shred", "slot": 9, "due": 0, "held_until": 0, "tries": 0}
        await connection.execute(t.work.insert(), [row])
    with pytest.raises(NotOwner):
        await old.shred([9])
    assert await to_shred(database) == 1


@pytest.mark.skipif(not postgres.ASKED, reason="a database that is a file is on one machine")
async def test_the_owner_of_another_file_waits_until_the_lease_is_over(
    file: KeyFile, database: Database, tmp_path: Path
) -> None:
    await owning(file, database)
    second = KeyOwner(copied(tmp_path), database)
    assert not await second.begin(now=9, hold=10)
    assert await second.begin(now=10, hold=10)


@pytest.mark.skipif(not postgres.ASKED, reason="a database that is a file is on one machine")
async def test_a_clock_that_was_ahead_stops_nobody_for_long(
    file: KeyFile, database: Database, tmp_path: Path
) -> None:
    assert await KeyOwner(file, database).begin(now=3600, hold=10)
    assert await KeyOwner(copied(tmp_path), database).begin(now=0, hold=10)


async def test_an_older_copy_of_the_keys_is_refused_and_so_is_a_new_file(
    file: KeyFile, database: Database, tmp_path: Path
) -> None:
    owner = await owning(file, database)
    async with writing(database, owner) as writer:
        await writer.write(begun(b"mine"))
    copy = copied(tmp_path)
    await owning(file, database)
    for wrong in (copy, KeyFile(tmp_path / "new" / "shred.keys", owner=True)):
        with pytest.raises(OldKeys):
            await KeyOwner(wrong, database).begin(now=100, hold=10)
    assert await KeyOwner(file, database).begin(now=100, hold=10)
    assert await KeyOwner(copy, database).begin(now=200, hold=10, anew=True)
    with pytest.raises(OldKeys):
        await KeyOwner(file, database).begin(now=300, hold=10)


async def test_a_copy_of_the_same_time_neither_loses_a_report_nor_brings_a_key_back(
    file: KeyFile, database: Database, tmp_path: Path
) -> None:
    owner = await owning(file, database)
    async with writing(database, owner) as writer:
        await writer.write(begun(b"sent"))
        (sent,) = await slots(database)
        copy = copied(tmp_path)
        key = file.key(sent)
        await writer.write(ended(b"sent"))
        await owner.shred([sent])
    assert file.key(sent) != key == copy.key(sent)
    assert await KeyOwner(copy, database).begin(now=100, hold=10)
    assert copy.key(sent) != key, (
        "what was destroyed is destroyed in the copy as soon as it is used"
    )
    shutil.copy(tmp_path / "copy" / "shred.keys", tmp_path / "of now")
    later = await owning(copy, database)
    async with writing(database, later) as writer:
        for chat in range(RESERVE + 1):  # more than anybody had in hand when the copy was made
            await writer.write(begun(b"%d" % chat))
    early = KeyFile(tmp_path / "of now", owner=True)
    early.stamp(*copy.stamps)
    with pytest.raises(OldKeys):
        await KeyOwner(early, database).begin(now=200, hold=10)


async def test_a_new_file_is_refused_where_reports_are_open_even_if_none_was_stamped_before(
    file: KeyFile, database: Database, tmp_path: Path
) -> None:
    owner = await owning(file, database)
    async with writing(database, owner) as writer:
        await writer.write(begun(b"mine"))
    async with database.writing() as connection:
        await connection.execute(t.leases.delete())  # as before this release
    with pytest.raises(OldKeys):
        await KeyOwner(KeyFile(tmp_path / "new" / "shred.keys", owner=True), database).begin(
            now=100, hold=10
        )
    assert await KeyOwner(file, database).begin(now=100, hold=10)


async def test_a_crash_between_the_stamp_and_the_database_refuses_nobody(
    file: KeyFile, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await owning(file, database)

    async def crash(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(leases, "begin_epoch", crash)
        with pytest.raises(ConnectionError):
            await owner.begin(now=1, hold=10)
    assert await KeyOwner(file, database).begin(now=100, hold=10)


async def test_slots_of_a_commit_whose_answer_was_lost_are_not_given_out_again(
    file: KeyFile, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await owning(file, database)
    whole = database.writing

    @asynccontextmanager
    async def cut() -> AsyncIterator[Connection]:
        async with whole() as connection:
            yield connection
        raise ConnectionError("committed, and nobody was told")

    async with writing(database, owner) as writer:
        with monkeypatch.context() as patch:
            patch.setattr(database, "writing", cut)
            with pytest.raises(ConnectionError):
                await writer.write(begun(b"mine"))
        (slot,) = await slots(database)
        key = file.key(slot)
        for n in range(2 * RESERVE):
            await writer.write(begun(b"%d" % n))
    assert file.key(slot) == key and len(set(await slots(database))) == 2 * RESERVE + 1


async def test_a_crash_before_the_keys_are_destroyed_leaves_that_to_the_next_owner(
    file: KeyFile, database: Database
) -> None:
    owner = await owning(file, database)
    async with writing(database, owner) as writer:
        await writer.write(begun(b"mine"))
        (slot,) = await slots(database)
        sealed = file.box(slot).seal(b"words", "answers.body")
        owner.epoch = "died"  # what follows the commit fails, as it does for a process that is gone
        await writer.write(ended(b"mine"))
    assert await to_shred(database) == 1
    following = await owning(file, database)
    assert slot not in following._free
    await following.shred_due(7200 + 60)
    with pytest.raises(Unsealable):
        file.box(slot).open(sealed, "answers.body")
    assert slot in following._free and not await to_shred(database)


async def test_a_job_whose_claim_is_another_s_by_now_is_not_run(
    file: KeyFile, database: Database
) -> None:
    owner = await owning(file, database)
    async with database.writing() as connection:
        row = {"kind": "wait", "due": 0, "held_until": 0, "tries": 0}
        await connection.execute(t.work.insert(), [row])
    slow, quick = Queues(database, owner), Queues(database, owner)
    (late,) = await slow.claim(["wait"], now=1, most=1, hold=5)
    (mine,) = await quick.claim(["wait"], now=10, most=1, hold=5)
    ran: list[str] = []
    async with writing(database, owner) as writer:
        with pytest.raises(ClaimLost):
            await writer.write(Job(lambda _: ran.append("late"), claim=late.claim))
        await writer.write(Job(lambda _: ran.append("mine"), claim=mine.claim))
        with pytest.raises(ClaimLost):
            await writer.write(Job(lambda _: ran.append("again"), claim=mine.claim))
    assert ran == ["mine"]


async def test_a_message_settled_twice_destroys_its_key_once(
    file: KeyFile, database: Database
) -> None:
    owner = await owning(file, database)
    async with writing(database, owner) as writer:
        await writer.write(Job(lambda group: group.say_last("b", {"text": "goodbye"})))
        async with database.reading() as connection:
            ((id_, slot),) = (
                await connection.execute(select(t.outbox.c.id, t.outbox.c.slot))
            ).all()
        await writer.write(Job(lambda group: group.delivered(id_)))
        await shredded(database)
        key = file.key(slot)
        await writer.write(Job(lambda group: group.delivered(id_)))
        assert not await to_shred(database) and file.key(slot) == key
