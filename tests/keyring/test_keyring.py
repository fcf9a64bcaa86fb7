"""Shred keys asked for over mutual TLS: each role only what it may, nobody without a certificate, one owner at a time."""

import asyncio
import io
import shutil
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.errors import Misconfigured
from bot.keyring import tls
from bot.keyring.client import KeyClient
from bot.keyring.service import KeyService
from bot.operator.doctor import keyring
from bot.settings import Settings
from storage.database import Database
from storage.group import Group
from storage.jobs import Job
from storage.key_file import KeyFile
from storage.key_owner import KeyOwner
from storage.keys import NoSlots, Unsealable
from storage.shredding import KeysAway
from storage.writer import Writer
from tests.installation import free_port
from tests.waiting import until


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    tls.make(folder, ["127.0.0.1"])
    return folder


@asynccontextmanager
async def serving(certificates: Path, owner: KeyOwner | None) -> AsyncIterator[str]:
    """A service's address."""
    port, service = free_port(), KeyService(lambda: 5.0)
    service.owner = owner
    task = asyncio.create_task(service.serve("127.0.0.1", port, tls.context(certificates, "keys")))
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            assert not task.done(), task.exception()
            await asyncio.sleep(0.01)
        else:
            writer.close()
            break
    try:
        yield f"https://127.0.0.1:{port}"
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def asking(certificates: Path, role: str, *addresses: str) -> AsyncIterator[KeyClient]:
    client = KeyClient(addresses, tls.context(certificates, role))
    yield client
    await client.close()


async def owner_of(folder: Path, database: Database) -> tuple[KeyFile, KeyOwner]:
    file = KeyFile(folder / "shred.keys", owner=True)
    owner = KeyOwner(file, database)
    assert await owner.begin(now=0, hold=10)
    return file, owner


async def test_a_witness_process_begins_and_destroys_a_report_without_the_key_file(
    tmp_path: Path, database: Database, certificates: Path
) -> None:
    file, owner = await owner_of(tmp_path / "far", database)
    sealed: list[tuple[int, bytes]] = []

    def begun(group: Group) -> None:
        draft = group.begin("b", b"chat", b"1")
        draft.save(b"{}")
        sealed.append((draft.slot, draft.box.seal(b"words", "answers.body")))

    def ended(group: Group) -> None:
        draft = group.draft(chat=b"chat")
        assert draft is not None and draft.box.open(sealed[0][1], "answers.body") == b"words"
        draft.close()

    async with (
        serving(certificates, owner) as address,
        asking(certificates, "witness", address) as client,
    ):
        writer = Writer(database, client, lambda: 7200.0)
        working = asyncio.create_task(writer.serve())
        await writer.write(Job(begun, chats=(b"chat",)))
        slot, words = sealed[0]
        assert file.box(slot).open(words, "answers.body") == b"words"
        await writer.write(Job(ended, chats=(b"chat",)))
        await until(lambda: slot in owner._free)
        with pytest.raises(Unsealable):
            file.box(slot).open(words, "answers.body")
        working.cancel()
    file.close()


async def test_files_may_read_and_nothing_else(
    tmp_path: Path, database: Database, certificates: Path
) -> None:
    file, owner = await owner_of(tmp_path, database)
    taken = await owner.take(1)
    async with serving(certificates, owner) as address:
        async with asking(certificates, "files", address) as client:
            assert set(await client.boxes(taken.boxes)) == set(taken.boxes)
            with pytest.raises(NoSlots):
                await KeyClient([address], tls.context(certificates, "files"), takes=False).take(1)
            for refused in (client.take(1), client.shred([1]), client.give_back(owner.epoch, [1])):
                with pytest.raises(KeysAway):
                    await refused
        async with asking(
            certificates, "keys", address
        ) as client:  # a service's own certificate asks for nothing
            with pytest.raises(KeysAway):
                await client.boxes([1])
    file.close()


@pytest.mark.parametrize("who", ["nobody", "a stranger"])
async def test_without_a_certificate_of_this_installation_nobody_is_answered(
    tmp_path: Path, database: Database, certificates: Path, who: str
) -> None:
    file, owner = await owner_of(tmp_path, database)
    context = ssl.create_default_context(cafile=certificates / "ca.pem")
    if who == "a stranger":
        tls.make(tmp_path / "theirs", ["127.0.0.1"])
        context.load_cert_chain(tmp_path / "theirs" / "witness.pem")
    async with serving(certificates, owner) as address:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as session:
            with pytest.raises(aiohttp.ClientError):
                await session.post(f"{address}/boxes", json={"slots": [1]})
        async with asking(certificates, "witness", address) as client:
            assert len(await client.boxes([1])) == 1, "and whoever has one still is"
    file.close()


async def test_a_service_that_is_not_this_installation_s_is_not_asked(
    tmp_path: Path, database: Database, certificates: Path
) -> None:
    file, owner = await owner_of(tmp_path, database)
    tls.make(tmp_path / "theirs", ["127.0.0.1"])
    async with (
        serving(tmp_path / "theirs", owner) as address,
        asking(certificates, "witness", address) as client,
    ):
        with pytest.raises(KeysAway):
            await client.boxes([1])
        assert await client.states() == {address: "away"}
    file.close()


@pytest.mark.parametrize(
    "name, body",
    [
        ("boxes", b"{"), ("boxes", b"[]"), ("boxes", b'{"slots": ["x"]}'), ("boxes", b'{"slots": [-1]}'),
        ("boxes", b'{"slots": [65536]}'), ("take", b'{"most": "x"}'), ("shred", b"{}"), ("shred", b"x" * 2_000_000),
    ],
)  # fmt: skip
async def test_what_is_no_question_is_refused(
    tmp_path: Path, database: Database, certificates: Path, name: str, body: bytes
) -> None:
    file, owner = await owner_of(tmp_path, database)
    context = tls.context(certificates, "witness")
    async with (
        serving(certificates, owner) as address,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as session,
    ):
        answer = await session.post(
            f"{address}/{name}", data=io.BytesIO(body), headers={"content-type": "application/json"}
        )
        assert 400 <= answer.status < 500
    file.close()


async def test_whoever_asks_finds_the_owner_among_those_that_stand_by_and_the_next_one(
    tmp_path: Path, database: Database, certificates: Path
) -> None:
    file, owner = await owner_of(tmp_path, database)
    async with serving(certificates, None) as waiting:
        async with (
            serving(certificates, owner) as address,
            asking(certificates, "witness", waiting, address) as client,
        ):
            assert len((await client.take(3)).boxes) == 3
            assert await client.states() == {address: "owner", waiting: "stands by"}
            file.close()
        with pytest.raises(KeysAway):
            async with asking(certificates, "witness", waiting, address) as client:
                await client.take(1)


def test_what_is_missing_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="firsthand keys certificates"):
        tls.context(tmp_path, "witness")


def test_no_authority_but_the_installation_s_own_is_trusted(certificates: Path) -> None:
    for role in tls.ROLES:
        (only,) = tls.context(certificates, role).get_ca_certs()
        assert "Firsthand keys" in str(only)


async def found(tmp_path: Path, **settings: str) -> list[str]:
    """What doctor says of the keys service."""
    mine = Settings(home=tmp_path / "home", keys=tmp_path, **settings)  # type: ignore[arg-type]
    return [finding.what async for finding in keyring.examine(mine)]


async def test_doctor_says_what_is_wrong_with_the_service_and_its_certificates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = "https://127.0.0.1:9"
    assert await found(tmp_path) == []
    assert "holds no certificate" in (await found(tmp_path, keys_service=away))[0]
    tls.make(tmp_path / "tls", ["127.0.0.1"])
    assert await found(tmp_path, keys_service=away) == [
        f"The keys service at {away} does not answer.", "No keys service gives out shred keys.",
    ]  # fmt: skip
    (tmp_path / "tls" / "files.pem").write_text("x")
    assert "cannot be read" in (await found(tmp_path, keys_service=away))[0]
    shutil.rmtree(tmp_path / "tls")
    monkeypatch.setattr(tls, "DAYS", 30)
    tls.make(tmp_path / "tls", ["127.0.0.1"])
    assert sum("is good until" in what for what in await found(tmp_path, keys_service=away)) == 4


async def test_doctor_is_content_with_one_owner_and_one_that_stands_by(
    tmp_path: Path, database: Database, certificates: Path
) -> None:
    file, owner = await owner_of(tmp_path / "far", database)
    shutil.copytree(certificates, tmp_path / "tls")
    async with serving(certificates, owner) as address, serving(certificates, None) as waiting:
        assert await found(tmp_path, keys_service=f"{waiting},{address}") == []
    file.close()
