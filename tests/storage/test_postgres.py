"""What only PostgreSQL has to keep: several processes at once, a role of its own, connections that die."""

import asyncio
import contextlib
import multiprocessing
import time
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import DBAPIError

from bot.witness.delivery_gate import SharedGate
from storage import keys, posts, roles, schema
from storage import tables as t
from storage.connection import DatabaseAway
from storage.database import Database
from storage.group import Group
from storage.jobs import Job
from storage.key_file import KeyFile
from storage.key_owner import KeyOwner
from storage.ledger import INSTALLATION, Entry, append, number_leaves
from storage.locks import Locks
from storage.queues import Queues
from storage.shredding import KeyReader
from storage.writer import Writer
from tests import postgres
from tests.waiting import until

pytestmark = pytest.mark.skipif(not postgres.ASKED, reason="is about PostgreSQL")


def begin(bot: str, chat: bytes) -> Job[None]:
    def run(group: Group) -> None:
        if group.draft(chat=chat) is None:
            group.begin(bot, chat, b"1").state = b"{}"

    return Job(run, chats=(chat,))


async def test_two_processes_that_migrate_at_once_make_one_schema(tmp_path: Path) -> None:
    url = postgres.create(postgres.named(tmp_path))
    several = [Database(url) for _ in range(4)]
    names = await asyncio.gather(*(schema.prepare(one, practice=True) for one in several))
    assert len(set(names)) == 1
    for one in several:
        await one.close()
    postgres.drop(url)


def _prepare(url: str, role: str) -> None:
    vars(roles)["OFFICERS_ROLE"] = role  # in a process of its own
    asyncio.run(_prepared(url))


async def _prepared(url: str) -> None:
    database = Database(url)
    await schema.prepare(database, practice=True)
    await database.close()


def test_installations_side_by_side_may_make_the_officers_role_at_once(tmp_path: Path) -> None:
    role = f"{postgres.named(tmp_path)}_officers"
    urls = [postgres.create(postgres.named(tmp_path / str(number))) for number in range(4)]
    with ProcessPoolExecutor(4, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_prepare, urls, [role] * len(urls)))
    for url in urls:
        postgres.drop(url)
    postgres.rows(postgres.server(), f"DROP ROLE {role}")


async def test_two_writers_begin_one_conversation_for_one_chat(
    tmp_path: Path, database: Database
) -> None:
    shred = KeyOwner(KeyFile(tmp_path / "shred.keys", owner=True), database)
    await shred.begin(now=0, hold=10)
    writers = [Writer(database, shred, lambda: 1.0) for _ in range(2)]
    serving = [asyncio.create_task(writer.serve()) for writer in writers]
    await asyncio.gather(
        *(writer.write(begin("b", b"%d" % chat)) for chat in range(40) for writer in writers)
    )
    async with database.reading() as connection:
        chats = (await connection.execute(select(t.conversations.c.chat))).scalars().all()
    assert sorted(chats) == sorted(b"%d" % chat for chat in range(40))
    for task in serving:
        task.cancel()


async def test_a_row_of_work_is_claimed_once_by_whoever_comes(
    tmp_path: Path, database: Database
) -> None:
    shred = KeyReader(KeyFile(tmp_path / "shred.keys", owner=True))
    async with database.writing() as connection:
        rows = [
            {"kind": "shred", "slot": n, "due": 0, "held_until": 0, "tries": 0} for n in range(60)
        ]
        await connection.execute(t.work.insert(), rows)
    several = [Queues(database, shred) for n in range(6)]
    claimed = await asyncio.gather(
        *(q.claim(["shred"], now=1, most=7) for q in several for _ in range(2))
    )
    ids = [task.id for tasks in claimed for task in tasks]
    assert len(ids) == len(set(ids)) == 60


async def test_entries_of_one_log_written_at_once_are_one_chain_with_every_leaf(
    database: Database,
) -> None:
    async def enter(number: int) -> None:
        async with database.writing() as connection:
            await append(
                connection,
                INSTALLATION,
                [Entry(f"tried {number}", "a", "b")],
                hour=1,
                recipient=None,
            )

    await asyncio.gather(
        *(enter(number) for number in range(25)), *(number_leaves(database) for _ in range(5))
    )
    await number_leaves(database)
    async with database.reading() as connection:
        numbers = (
            (await connection.execute(select(t.ledger.c.n).order_by(t.ledger.c.n))).scalars().all()
        )
        leaves = (
            (await connection.execute(select(t.leaves.c.leaf).order_by(t.leaves.c.leaf)))
            .scalars()
            .all()
        )
    assert numbers == leaves == list(range(25))


async def test_a_connection_that_died_is_replaced(database: Database) -> None:
    async with database.reading() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar() == 1
    with postgres.away(database.url), pytest.raises(DatabaseAway):
        async with database.reading():
            pass
    async with database.reading() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar() == 1


def cut_off(url: str) -> None:
    """The server closes every connection of this database; what it says of it is on its way."""
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    postgres.rows(url, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
    time.sleep(0.05)


@pytest.mark.parametrize("turns", range(4))
async def test_a_connection_that_is_being_closed_is_replaced(
    turns: int, database: Database
) -> None:
    one = text("SELECT 1")
    for begin in (database.reading, database.writing):
        async with begin() as connection:
            await connection.execute(one)
        cut_off(database.url)
        for _ in range(turns):
            await asyncio.sleep(0)
        async with begin() as connection:
            assert (await connection.execute(one)).scalar() == 1


@pytest.mark.parametrize("turns", range(4))
async def test_a_transaction_that_is_cut_off_fails_as_the_database_does(
    turns: int, database: Database
) -> None:
    async def cut() -> None:
        async with database.writing() as connection:
            await connection.execute(text("SELECT 1"))
            cut_off(database.url)
            for _ in range(turns):
                await asyncio.sleep(0)
            await connection.execute(text("SELECT 1"))

    with pytest.raises(DBAPIError):
        await cut()
    async with database.writing() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar() == 1


async def test_who_waits_is_woken_by_what_another_process_commits_and_after_a_lost_connection(
    database: Database,
) -> None:
    """It would otherwise wait longer than this test may take."""
    box = keys.Box(b"k" * keys.SIZE)

    async def commits() -> None:
        async with database.writing() as connection:
            await posts.ask_for_post(connection, box, "card", referral="a")

    other = Database(database.url)
    for lost in (False, True):
        if lost:
            with postgres.away(database.url):
                await asyncio.sleep(0.1)
        waiting = asyncio.create_task(other.woken(1000))
        while not waiting.done():
            await asyncio.sleep(0.2)  # until the listener's connection is there, too
            await commits()
        await waiting
    await other.close()


async def test_the_officers_role_cannot_touch_a_sequence_of_the_witnesses(
    database: Database,
) -> None:
    officers = Database(database.url, officers=True)
    async with officers.writing() as connection:
        await connection.execute(text("SELECT nextval('posts_id_seq')"))
    with pytest.raises(Exception, match="permission denied"):
        async with officers.writing() as connection:
            await connection.execute(text("SELECT nextval('answers_id_seq')"))
    await officers.close()


FORBIDDEN = (
    "SELECT * FROM conversations",
    "INSERT INTO recipients (fingerprint, recipient, kind, state) VALUES ('f', 'age1', 'team', 'active')",
    "UPDATE recipients SET state = 'active'",
    "UPDATE officers SET role = 'specialist'",
    "UPDATE officers SET call_sign = 'Heron'",
    "INSERT INTO officers (call_sign, role, state) VALUES ('Heron', 'supervisor', 'active')",
    "DELETE FROM officers",
    "UPDATE referrals SET account_recipient = 'age1'",
    "UPDATE referrals SET facts = ''",
    "DELETE FROM referrals",
    "UPDATE ledger SET line = ''",
    "DELETE FROM ledger",
    "ALTER TABLE ledger DISABLE TRIGGER ALL",
    "DROP TRIGGER ledger_append_only ON ledger",
    "INSERT INTO leaves (leaf, entry, hash) VALUES (0, 1, '')",
    "INSERT INTO heads (size, hour, note) VALUES (1, 1, '')",
    "UPDATE installation SET custody_key = 'x'",
    "UPDATE pieces SET body = ''",
    "SELECT nextval('heads_id_seq')",
    "CREATE TABLE mine (a int)",
    "SET ROLE postgres",
)


@pytest.fixture
async def officers_login(database: Database) -> AsyncIterator[Database]:
    """As whoever runs code in the officers' process, with FIRSTHAND_OFFICERS_DATABASE_URL."""
    async with database.writing() as connection:
        await connection.execute(text("ALTER ROLE firsthand_officers LOGIN"))
    url = make_url(database.url).set(username="firsthand_officers")
    login = Database(url.render_as_string(hide_password=False))
    yield login
    await login.close()


@pytest.mark.parametrize("statement", FORBIDDEN)
async def test_the_officers_login_is_refused_what_is_not_its_to_say(
    statement: str, officers_login: Database
) -> None:
    async def attack() -> None:
        async with officers_login.writing() as connection:
            await connection.execute(text("RESET ROLE"))
            await connection.execute(text(statement))

    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        await attack()


async def test_the_officers_login_does_its_own_work(officers_login: Database) -> None:
    async with officers_login.writing() as connection:
        entry = Entry("claimed", "officer 1", "7K3M-9QXW-WK")
        await append(connection, "7K3M-9QXW-WK", [entry], hour=1, recipient=None)
        for statement in (
            "UPDATE referrals SET status = 'claimed', officer = 1, card = 1",
            "UPDATE officers SET state = 'active', account = '', account_name = '', invite = NULL",
            "INSERT INTO posts (kind, due, tries) VALUES ('note', 0, 0)",
            "INSERT INTO head_posts (head, message) VALUES (1, 1)",
            "SELECT version_num FROM alembic_version",
            "SELECT 1 FROM officers WHERE id = 1 FOR SHARE",
        ):
            await connection.execute(text(statement))


async def test_what_refuses_names_neither_address_nor_password() -> None:
    for url in (
        "postgresql://someone:kanarka@127.0.0.1:9/a",
        "postgresql://someone:kanarka@nowhere.invalid/a",
    ):
        database = Database(url)
        with pytest.raises(DatabaseAway) as refused:
            async with database.reading():
                pass
        assert "kanarka" not in str(refused.value) + repr(refused.value)
        await database.close()


async def test_an_answer_waits_for_a_message_on_its_way_in_whichever_process(
    database: Database,
) -> None:
    master = keys.Box(b"k" * keys.SIZE)
    delivering = SharedGate(Locks(database), Locks(database), master)
    taking_in = SharedGate(Locks(database), Locks(database), master)
    order: list[str] = []

    async def answered() -> None:
        await taking_in.quiet("b", "7")
        order.append("answered")

    async with delivering.delivering("b", "7"):
        waiting = asyncio.create_task(answered())
        await taking_in.quiet("b", "8")  # another chat does not wait
        await asyncio.sleep(0.2)
        order.append("delivered")
    await waiting
    assert order == ["delivered", "answered"]


async def test_a_process_that_dies_while_it_delivers_holds_nothing_back(database: Database) -> None:
    holding, other = Locks(database), Locks(database)
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(holding.held(5, patience=1))
        assert not await other.is_free(5)
        await holding.close()
        await until(lambda: other.is_free(5))


async def test_a_frozen_process_is_thrown_out_by_whoever_follows_it(database: Database) -> None:
    frozen, following, looking = Locks(database), Locks(database), Locks(database)
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(frozen.held(-5, patience=1))
        await stack.enter_async_context(frozen.held(6, patience=1))
        async with following.held(-5, patience=0.1):
            assert not await looking.is_free(-5)
            assert await looking.is_free(6), "all that it held is free"
        assert await looking.is_free(-5)
        await frozen.close()
    await following.close()
    await looking.close()
