"""Updates pushed to us: kept before 200 is said, refused where they are none of ours, and nothing lost in between."""

import asyncio
import json
import secrets
from pathlib import Path

import httpx
import pytest

from bot.channels.incoming import Incoming, Strange
from bot.channels.webhook import MOST_BYTES, Webhook
from bot.process.http_server import bind_socket
from tests.installation import Installation, free_port, running
from tests.people import Phone
from tests.reader import away, count, referral
from tests.waiting import until
from tests.whole.test_end_to_end import LABELS, consented, sent

SAY = LABELS["en"]
KEY = secrets.token_hex(32)


def settings(port: int) -> dict[str, str]:
    return {
        "FIRSTHAND_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram", "FIRSTHAND_WEBHOOK_SECRET": KEY,
        "FIRSTHAND_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
    }  # fmt: skip


async def push(port: int, content: bytes, secret: str = KEY) -> int:
    async with httpx.AsyncClient() as client:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        return (
            await client.post(f"http://127.0.0.1:{port}/telegram", content=content, headers=headers)
        ).status_code


def update(text: str, chat: int = 5, message: int = 1) -> bytes:
    who = {"id": chat, "is_bot": False, "first_name": "A"}
    said = {
        "message_id": message,
        "date": 1,
        "chat": {"id": chat, "type": "private", "first_name": "A"},
        "from": who,
    }
    return json.dumps({"update_id": message, "message": {**said, "text": text}}).encode()


async def test_a_report_comes_through_the_webhook_whole(tmp_path: Path) -> None:
    port = free_port()
    async with running(tmp_path, **settings(port)) as it:
        phone = await Phone.new(it.http)
        await consented(phone, SAY)
        await phone.write("said")
        await phone.send(("a.jpg", b"x" * 1000), kind="photo")
        await phone.until("Received: 1")
        await phone.write("/finish")
        story = referral(it.database, await sent(phone, SAY), it.identity, tmp_path)
        assert [part["text"] for part in story["incidents"][0]["account"]] == ["said"]


async def test_a_witness_process_that_starts_before_telegram_answers_waits_for_it(
    tmp_path: Path,
) -> None:
    port = free_port()
    it = Installation(tmp_path, **settings(port))
    it.connect()
    try:
        it.start("witness")
        await listens(port)
        await it.until(lambda: "nothing is pushed yet" in it.log.read_text())
        it.restart("sandbox")
        await it.answers()
        phone = await Phone.new(it.http)
        await phone.write("/start")
        await phone.until("Choose a language")
    finally:
        await it.stop()


async def test_what_is_no_update_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    port = free_port()
    async with running(tmp_path, **settings(port)) as it:
        await Phone.new(it.http)
        await listens(port)
        refused = [
            (update("hello"), "", 401), (update("hello"), "wrong" * 10, 401), (b"not json", KEY, 400), (b"[]", KEY, 400),
            (b'{"update_id": "1"}', KEY, 400), (b"[" * 100_000, KEY, 400), (b"\xff\xfe", KEY, 400), (b"", KEY, 400),
            (b"x" * 50_000_000, KEY, 413), (b"x" * (MOST_BYTES + 1), KEY, 413),
        ]  # fmt: skip
        for content, secret, code in refused:
            assert await push(port, content, secret) == code
        assert count(it.database, "conversations") == 0 == count(it.database, "quarantine")
        assert await push(port, b'{"update_id": 1}') == 200, "of a kind that is none of ours"
        assert (
            await push(
                port,
                b'{"update_id": 2, "message": {"chat": {"id": 7, "type": "private"}, "message_id": 2}}',
            )
            == 200
        )
        assert count(it.database, "quarantine") == 1, (
            "what cannot be read of a witness is set aside"
        )
        assert {await push(port, update("/start", message=3)) for _ in range(3)} == {200}
        await it.settled_but_open(2)
        log = it.log.read_text()
        assert KEY not in log and "hello" not in log and log.count("without the secret") == 3, (
            "the first to see whether anybody listens"
        )


async def listens(port: int) -> None:
    async def answers() -> bool:
        try:
            await push(port, b"", "")
        except httpx.TransportError:
            return False
        return True

    await until(answers)


async def test_an_update_is_refused_while_it_cannot_be_kept_and_comes_again(tmp_path: Path) -> None:
    port = free_port()
    async with running(tmp_path, **settings(port)) as it:
        phone = await Phone.new(it.http)
        await consented(phone, SAY)
        await it.delivered()
        with away(it.database):
            await phone.write("said while the database was away")
            await asyncio.sleep(3)
        await phone.until("Kept: 1")
        it.kill("witness")
        await phone.write("said while nobody was there")
        it.restart("witness")
        await phone.until("Kept: 2")


@pytest.mark.parametrize("accepted", [True, False])
async def test_what_is_said_is_what_became_of_it(accepted: bool) -> None:  # noqa: FBT001
    hook = Webhook(
        bind_socket("127.0.0.1:0", "X"),
        KEY,
        lambda raw: Incoming("c", str(raw), "", 0, 0, Strange("x"), delivery=str(raw)),
    )
    app = httpx.ASGITransport(hook.application())

    async def take() -> None:
        async for batch in hook.receive():
            if accepted:
                await batch.accept()

    taking = asyncio.ensure_future(take())
    async with httpx.AsyncClient(transport=app, base_url="http://hook") as client:
        headers = {"X-Telegram-Bot-Api-Secret-Token": KEY}
        answers = await asyncio.gather(
            *(client.post("/", content=update("x", message=n), headers=headers) for n in range(250))
        )
    taking.cancel()
    assert {answer.status_code for answer in answers} == {200 if accepted else 503}


def test_a_webhook_without_a_secret_is_refused_at_the_start(tmp_path: Path) -> None:
    it = Installation(tmp_path, FIRSTHAND_WEBHOOK_URL="https://example.org")
    said = it.command("run", "--role", "witness", check=False)
    assert said.returncode == 78 and "FIRSTHAND_WEBHOOK_SECRET is missing" in said.stderr
