"""The sandbox refuses what Telegram refuses, in its words; and both real libraries read what it says."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiogram.methods
import httpx
import pytest
import telegram
import uvicorn
from aiogram.methods import TelegramMethod
from aiogram.methods.base import Response as Answer
from aiogram.types import Update
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.settings import SANDBOX_TOKENS
from tests.installation import Installation, running
from tests.people import Phone
from tests.waiting import until
from tests.whole.test_end_to_end import LABELS, consented, told

TOKEN = SANDBOX_TOKENS["witness"]


@pytest.fixture
async def it(tmp_path: Path) -> AsyncIterator[Installation]:
    async with running(tmp_path, "sandbox") as installation:
        yield installation


async def call(it: Installation, method: str, **params: Any) -> dict[str, Any]:
    answer = await it.http.post(f"/bot{TOKEN}/{method}", json=params, timeout=60)
    body: dict[str, Any] = answer.json()
    assert answer.status_code == (200 if body["ok"] else body["error_code"])
    return body


async def refused(it: Installation, method: str, **params: Any) -> str:
    body = await call(it, method, **params)
    assert not body["ok"]
    return str(body["description"])


def button(data: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Go", "callback_data": data}]]}


async def test_it_refuses_what_telegram_refuses(it: Installation) -> None:
    phone = await Phone.new(it.http)
    assert "can't initiate conversation" in await refused(
        it, "sendMessage", chat_id=phone.person, text="hi"
    )
    assert await refused(it, "sendMessage", chat_id=5, text="hi") == "Bad Request: chat not found"
    mine = await phone.write("/start")
    say: dict[str, Any] = {"chat_id": phone.person}
    assert await refused(it, "sendMessage", **say, text=" ") == "Bad Request: message text is empty"
    assert (
        await refused(it, "sendMessage", **say, text="x" * 4097)
        == "Bad Request: message is too long"
    )
    assert (
        await refused(it, "sendMessage", **say, text="\U0001f600" * 2049)
        == "Bad Request: message is too long"
    )
    assert "BUTTON_DATA_INVALID" in await refused(
        it, "sendMessage", **say, text="x", reply_markup=button("й" * 33)
    )
    sent = (await call(it, "sendMessage", **say, text="hi", reply_markup=button("a")))["result"][
        "message_id"
    ]
    same: dict[str, Any] = {**say, "message_id": sent, "text": "hi", "reply_markup": button("a")}
    assert "message is not modified" in await refused(it, "editMessageText", **same)
    assert "message can't be edited" in await refused(
        it, "editMessageText", **say, message_id=mine, text="x"
    )
    assert "message to edit not found" in await refused(
        it, "editMessageText", **say, message_id=999, text="x"
    )
    assert "message to delete not found" in await refused(
        it, "deleteMessage", **say, message_id=999
    )
    assert "query is too old" in await refused(it, "answerCallbackQuery", callback_query_id="1")
    assert "wrong file_id" in await refused(it, "getFile", file_id="x")
    assert await refused(it, "leaveChat", **say) != ""
    assert await refused(it, "sendDance", **say) == "Not Found"
    await phone.block()
    assert (
        await refused(it, "sendMessage", **say, text="x")
        == "Forbidden: bot was blocked by the user"
    )
    assert (await it.http.post("/bot1:x/getMe")).json()["description"] == "Unauthorized"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:8088", "Origin": "http://evil.example:8088"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Host": ""},
    ],
)
async def test_a_page_of_somebody_elses_reads_and_writes_nothing(
    headers: dict[str, str], it: Installation
) -> None:
    for answer in (
        await it.http.get("/channel", headers=headers),
        await it.http.post(
            "/people", headers={**headers, "Content-Type": "text/plain"}, content="{}"
        ),
    ):
        assert answer.status_code == 403 and "this machine only" in answer.json()["why"]
    own = {"Origin": f"http://127.0.0.1:{it.port}"}
    assert (await it.http.post("/people", headers=own, json={"name": "Olena"})).status_code == 200
    assert (await it.http.get("/", headers={"Host": f"localhost:{it.port}"})).status_code == 200


async def test_markup_that_cannot_be_parsed_is_refused_and_what_can_is_shown(
    it: Installation,
) -> None:
    phone = await Phone.new(it.http)
    await phone.write("/start")
    say: dict[str, Any] = {"chat_id": phone.person, "parse_mode": "HTML"}
    no = "Bad Request: can't parse entities: "
    for text, why in (
        ("ї<x>", 'Unsupported start tag "x" at byte offset 2'), ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("a < b", 'Unsupported start tag "" at byte offset 2'), ("<!-- x -->", 'Unsupported start tag "!--" at byte offset 0'),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
    ):  # fmt: skip
        assert await refused(it, "sendMessage", **say, text=text) == no + why
    assert (
        await refused(it, "sendMessage", **say, text="<b> </b>")
        == "Bad Request: message text is empty"
    )
    said = (await call(it, "sendMessage", **say, text="\U0001f600<b>a &lt;</b>"))["result"]
    assert (said["text"], said["entities"]) == (
        "\U0001f600a <",
        [{"type": "bold", "offset": 2, "length": 3}],
    )
    plain = (
        await call(
            it, "editMessageText", chat_id=phone.person, message_id=said["message_id"], text="a"
        )
    )["result"]
    assert "entities" not in plain


async def test_a_deleted_account_is_told_to_the_bot_when_it_writes(it: Installation) -> None:
    phone = await Phone.new(it.http)
    await phone.write("/start")
    assert (await it.http.post(f"/people/{phone.person}/witness/deactivate")).is_success
    assert (
        await refused(it, "sendMessage", chat_id=phone.person, text="x")
        == "Forbidden: user is deactivated"
    )
    written = await it.http.post(f"/people/{phone.person}/witness/text", json={"text": "x"})
    assert written.status_code == 409


DESCRIBED: dict[str, type[TelegramMethod[Any]]] = {
    str(method.__api_method__).lower(): method
    for method in vars(aiogram.methods).values()
    if isinstance(method, type)
    and issubclass(method, TelegramMethod)
    and method is not TelegramMethod
}
"""The Bot API as aiogram's generated classes describe it: each method's parameters and what it returns."""


def unknown(value: object, at: str) -> list[str]:
    """Fields that the description of a type does not have, wherever they are in a value."""
    if isinstance(value, list):
        return [found for item in value for found in unknown(item, at)]
    if not isinstance(value, BaseModel):
        return []
    inside = [
        found
        for name in value.model_fields_set
        for found in unknown(getattr(value, name), f"{at}.{name}")
    ]
    return [f"{at}.{name}" for name in value.model_extra or {}] + inside


async def test_every_method_is_as_the_bot_api_describes_it(it: Installation) -> None:
    """Both ways: what is required is required here, and what is returned is what was described, no more.

    A webhook without an address is none: Telegram takes it, though its page calls the address required.
    """
    from bot.sandbox.botapi import METHODS  # noqa: PLC0415
    from bot.sandbox.world import CHANNEL_ID  # noqa: PLC0415

    phone = await Phone.new(it.http)
    await phone.write("/start")
    await phone.send(("a.jpg", b"abc"), kind="photo")
    file = (await call(it, "getUpdates"))["result"][1]["message"]["photo"][-1]["file_id"]
    await phone.write("words")
    say: dict[str, Any] = {"chat_id": phone.person}
    shown = (await call(it, "sendMessage", **say, text="x", reply_markup=button("a")))["result"][
        "message_id"
    ]
    query = (
        await it.http.post(
            f"/people/{phone.person}/witness/press", json={"message_id": shown, "data": "a"}
        )
    ).json()
    given: dict[str, dict[str, Any]] = {
        "sendmessage": {**say, "text": "y"}, "editmessagetext": {**say, "message_id": shown, "text": "z"},
        "editmessagereplymarkup": {**say, "message_id": shown, "reply_markup": button("b")},
        "deletemessage": {**say, "message_id": 1}, "deletemessages": {**say, "message_ids": [2]},
        "answercallbackquery": {"callback_query_id": query["id"]}, "getfile": {"file_id": file}, "getchat": say,
        "getchatmember": {"chat_id": CHANNEL_ID, "user_id": int(TOKEN.partition(":")[0])}, "setwebhook": {"url": ""},
        "setmycommands": {"commands": [{"command": "help", "description": "Help"}]},
        "setmyname": {"name": "A"}, "setmydescription": {"description": "A"},
        "setmyshortdescription": {"short_description": "A"},
    }  # fmt: skip
    group = (
        await it.http.post(f"/people/{phone.person}/witness/invite", json={"title": "A group"})
    ).json()["id"]
    given["leavechat"] = {"chat_id": group}
    for name in METHODS:
        described, params = DESCRIBED[name], given.get(name, {})
        assert set(params) <= set(described.model_fields), name
        needed = [
            f
            for f, field in described.model_fields.items()
            if field.is_required() and name != "setwebhook"
        ]
        for field in needed:
            assert await refused(it, name, **{k: v for k, v in params.items() if k != field}), (
                name,
                field,
            )
        if name == "senddocument":
            files = {"document": ("a.txt", b"abc")}
            answer = (await it.http.post(f"/bot{TOKEN}/sendDocument", data=say, files=files)).json()
        else:
            answer = await call(it, name, **params)
        assert answer["ok"], (name, answer)
        returned = Answer[described.__returning__].model_validate(answer).result  # type: ignore[name-defined]
        assert unknown(returned, name) == []


async def test_both_bots_say_only_what_the_bot_api_describes(shared: Installation) -> None:
    """A report with a photo, a hidden one, and an officer's claim: every parameter that was sent exists."""
    it = shared
    phone, other = await Phone.new(it.http), await Phone.new(it.http)
    await consented(other, LABELS["en"])
    await other.write("/hide")
    await consented(phone, LABELS["en"])
    await phone.write("They came at night.")
    await phone.send(("a.jpg", b"abc"), kind="photo")
    await phone.until("Received: 1")
    reference = await told(phone, LABELS["en"])
    await it.channel().until(reference)
    await it.channel().press("Claim", on=reference)
    await it.officer().press("Send me the package", on=reference)
    await it.officer().until_file(f"{reference}.tar")
    called: dict[str, set[str]] = {}
    for made in (await it.http.get("/calls")).json()["calls"]:
        called.setdefault(made["method"], set()).update(made["parameters"])
    assert {"sendmessage", "editmessagetext", "deletemessages", "getfile", "senddocument"} <= set(
        called
    )
    assert [(m, names - set(DESCRIBED[m].model_fields)) for m, names in called.items()] == [
        (m, set()) for m in called
    ]


async def test_old_messages_cannot_be_deleted_and_deleted_ones_are_gone(it: Installation) -> None:
    phone = await Phone.new(it.http)
    mine = await phone.write("words")
    say: dict[str, Any] = {"chat_id": phone.person}
    old = (await call(it, "sendMessage", **say, text="hi"))["result"]["message_id"]
    await it.http.put("/clock", json={"ahead": 49 * 3600})
    new = (await call(it, "sendMessage", **say, text="now"))["result"]["message_id"]
    assert "can't be deleted" in await refused(it, "deleteMessage", **say, message_id=old)
    assert "can't be deleted" in await refused(it, "deleteMessages", **say, message_ids=[mine, new])
    assert (await call(it, "deleteMessages", **say, message_ids=[new, new, 999]))["result"]
    assert [m["text"] for m in await phone.look()] == ["hi"]


async def test_a_button_that_is_not_shown_cannot_be_pressed_but_forged(it: Installation) -> None:
    phone = await Phone.new(it.http)
    await phone.write("/start")
    path = f"/people/{phone.person}/witness/press"
    body = {"message_id": 1, "data": "a"}
    assert (await it.http.post(path, json=body)).status_code == 409
    assert (await it.http.post(f"{path}?forge=1", json=body)).is_success


async def test_updates_come_until_they_are_confirmed_and_two_pollers_conflict(
    it: Installation,
) -> None:
    phone = await Phone.new(it.http)
    await phone.write("one")
    first = (await call(it, "getUpdates"))["result"]
    assert (await call(it, "getUpdates"))["result"] == first
    assert (await call(it, "getUpdates", offset=first[-1]["update_id"] + 1))["result"] == []
    waiting = asyncio.create_task(refused(it, "getUpdates", offset=-1, timeout=20))
    await asyncio.sleep(0.3)
    await call(it, "getUpdates", offset=first[-1]["update_id"] + 1)
    assert (await waiting).startswith("Conflict: terminated by other getUpdates")


async def test_flood_limits_are_telegrams_with_the_time_to_wait(tmp_path: Path) -> None:
    async with running(tmp_path, "sandbox", FIRSTHAND_SANDBOX_LIMITS="1") as it:
        phone = await Phone.new(it.http)
        await phone.write("/start")
        answers = [
            await call(it, "sendMessage", chat_id=phone.person, text=f"{n}") for n in range(8)
        ]
        flood = [a for a in answers if not a["ok"]]
        assert flood and all(
            a["error_code"] == 429 and a["parameters"]["retry_after"] >= 1 for a in flood
        )


async def test_a_webhook_gets_each_update_with_its_secret_until_it_says_yes(
    it: Installation,
) -> None:
    got: list[tuple[str, int]] = []

    async def hook(request: Request) -> Response:
        got.append(
            (
                request.headers["x-telegram-bot-api-secret-token"],
                (await request.json())["update_id"],
            )
        )
        return Response(status_code=500 if len(got) == 1 else 200)

    from starlette.applications import Starlette  # noqa: PLC0415

    from tests.installation import free_port  # noqa: PLC0415

    port = free_port()
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=[Route("/", hook, methods=["POST"])]), port=port,
                                           log_config=None))  # fmt: skip
    serving = asyncio.create_task(server.serve())
    await asyncio.sleep(0.3)
    await call(it, "setWebhook", url=f"http://127.0.0.1:{port}/", secret_token="s3cret")  # noqa: S106
    assert "webhook is active" in await refused(it, "getUpdates")
    phone = await Phone.new(it.http)
    await phone.write("hello")
    await until(lambda: len(got) == 2)
    server.should_exit = True
    await serving
    assert got == [("s3cret", got[0][1])] * 2


async def test_it_stops_without_a_word_while_somebody_looks(tmp_path: Path) -> None:
    async with running(tmp_path, "sandbox", "witness") as it:
        phone = await Phone.new(it.http)
        await phone.write("/start")
        await phone.until("Choose a language")
        with contextlib.suppress(httpx.TransportError):
            async with it.http.stream("GET", f"/watch?chat={phone.person}/witness@0") as stream:
                async for _ in stream.aiter_lines():
                    it.processes["sandbox"].terminate()
        it.processes["sandbox"].wait()
        assert "a library spoke" not in it.log.read_text()


async def test_both_libraries_read_every_update_and_message(it: Installation) -> None:
    phone = await Phone.new(it.http)
    await phone.write("/start")
    await call(it, "sendMessage", chat_id=phone.person, text="hi", reply_markup=button("a"))
    await phone.press("Go")
    for kind in (
        "photo",
        "document",
        "video",
        "voice",
        "audio",
        "video_note",
        "animation",
        "sticker",
    ):
        await phone.send(("a.bin", b"abc"), kind=kind, caption="words" if kind != "sticker" else "")
    await phone.send(("a.jpg", b"a" * 100), ("b.jpg", b"b"), kind="photo")
    for what, body in (
        ("pin", {"lat": 50.4, "lon": 30.5}), ("contact", {"name": "A", "phone": "+1"}),
        ("forward", {"text": "from elsewhere"}), ("edit", {"message_id": 1, "text": "changed"}), ("block", {}),
        ("unblock", {}), ("invite", {"title": "group"}),
    ):  # fmt: skip
        assert (await it.http.post(f"/people/{phone.person}/witness/{what}", json=body)).is_success
    updates = (await call(it, "getUpdates"))["result"]
    assert len(updates) == 19
    bot = telegram.Bot(TOKEN)
    for raw in updates:
        assert Update.model_validate(raw).event_type in raw
        read = telegram.Update.de_json(raw, bot)
        assert not read.api_kwargs and not (
            read.effective_message and read.effective_message.api_kwargs
        )
    albums = [
        u["message"]["media_group_id"] for u in updates if "media_group_id" in u.get("message", {})
    ]
    assert len(albums) == 2 and len(set(albums)) == 1


async def test_the_channel_reads_what_a_phone_sends(it: Installation) -> None:
    from bot.channels.incoming import (  # noqa: PLC0415
        Commanded,
        ContactCard,
        Edit,
        Incoming,
        Pointed,
        Pressed,
        Strange,
        Typed,
    )
    from bot.channels.telegram import Telegram  # noqa: PLC0415
    from conversations.model import File  # noqa: PLC0415

    phone = await Phone.new(it.http)
    await phone.write("/start abc")
    await phone.write("/hide")
    await phone.write("/unknown words")
    await phone.send(("a.jpg", b"x" * 1000), kind="photo", caption="the yard")
    await it.http.post(f"/people/{phone.person}/witness/pin", json={"lat": 50.4501, "lon": 30.5234})
    await it.http.post(f"/people/{phone.person}/witness/contact", json={"name": "A", "phone": "+1"})
    await phone.send(("s", b"x"), kind="sticker")
    await phone.edit(3, "/unknown changed")
    await call(it, "sendMessage", chat_id=phone.person, text="hi", reply_markup=button("a"))
    await phone.press("Go")
    channel = Telegram("telegram", TOKEN, str(it.http.base_url), local=False)
    updates = (await call(it, "getUpdates"))["result"]
    read = [channel.read(update) for update in updates]
    largest = updates[3]["message"]["photo"][-1]
    kinds = [part for item in read if isinstance(item, Incoming) for part in item.parts]
    photo = kinds.pop(3)
    assert isinstance(photo, File) and (photo.id, photo.size) == (largest["file_id"], 1000)
    assert kinds == [
        Commanded("start", "abc"), Commanded("hide"), Typed("/unknown words"), Typed("the yard"),
        Pointed(50_450_100, 30_523_400),
        ContactCard("A\n+1"), Strange("sticker"), Edit("/unknown changed", ()), Pressed("a", "hi"),
    ]  # fmt: skip
    edited = read[7]
    assert (
        isinstance(edited, Incoming)
        and edited.of == f"{channel.account}.m3"
        and edited.key.startswith(f"{edited.of}e")
    )
    await channel.close()


def test_a_bad_update_between_two_good_ones_spoils_neither() -> None:
    from bot.channels.incoming import Incoming, Unread  # noqa: PLC0415
    from bot.channels.telegram import Telegram  # noqa: PLC0415

    async def read() -> list[object]:
        channel = Telegram("telegram", TOKEN, "http://127.0.0.1:1", local=False)
        chat = {"id": 7, "type": "private", "first_name": "A"}
        good = {
            "update_id": 1,
            "message": {"message_id": 1, "date": 1, "chat": chat, "text": "words"},
        }
        bad = {
            "update_id": 2,
            "message": {"message_id": 2, "date": "kanarka", "chat": chat, "text": 5},
        }
        found: list[object] = [
            channel.read(u)
            for u in (good, bad, {"update_id": 3, "poll": 1}, {**good, "update_id": 4})
        ]
        await channel.close()
        return found

    first, second, third, fourth = asyncio.run(read())
    assert isinstance(first, Incoming) and isinstance(fourth, Incoming) and third is None
    assert isinstance(second, Unread) and second.chat == "7" and "kanarka" not in second.why
