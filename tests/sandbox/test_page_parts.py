"""What the sandbox's page shows of a chat, and how it is used: truthfully, by keyboard, on a phone, with a thousand messages."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

from bot.settings import SANDBOX_TOKENS
from tests.installation import ROOT, Installation, running
from tests.machine import needed_browser
from tests.people import Phone
from tests.sandbox.test_page import FLAGS, PATIENCE, PIXEL

BOT = SANDBOX_TOKENS["witness"]
REFUSED = "409 (Conflict)"
"""What the app does not let a person do; the page says so."""
DESK = {"width": 1500, "height": 900}
POCKET = {"width": 390, "height": 780}


@asynccontextmanager
async def page_of(
    folder: Path, size: dict[str, int]
) -> AsyncIterator[tuple[Installation, Page, Phone]]:
    """The page beside a sandbox that no bot of ours listens to; `Phone` is the person that the page shows."""
    program = needed_browser()
    async with running(folder, "sandbox") as it, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = await browser.new_page(viewport=size, locale="uk-UA")  # type: ignore[arg-type]
        page.set_default_timeout(PATIENCE)
        errors: list[str] = []
        page.on(
            "console",
            lambda m: (
                errors.append(m.text) if m.type == "error" and REFUSED not in m.text else None
            ),
        )
        page.on("pageerror", lambda e: errors.append(str(e)))
        await page.goto(f"http://127.0.0.1:{it.port}/")
        await page.get_by_role("button", name="Another phone").wait_for()
        person = await page.evaluate("JSON.parse(sessionStorage.getItem('people'))[0].id")
        yield it, page, Phone(it.http, person, "witness")
        await browser.close()
        assert errors == []


async def bot_says(it: Installation, phone: Phone, text: str, **more: Any) -> None:
    answer = await it.http.post(
        f"/bot{BOT}/sendMessage", json={"chat_id": phone.person, "text": text, **more}
    )
    assert answer.is_success, answer.text


async def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("FIRSTHAND_SCREENSHOTS"):
        await page.wait_for_timeout(300)
        await page.screenshot(path=Path(ROOT, folder) / f"{name}.png")


async def test_formatting_spoilers_albums_and_sounds_are_shown_as_they_are(tmp_path: Path) -> None:
    async with page_of(tmp_path, DESK) as (it, page, phone):
        entities = [{"type": "bold", "offset": 3, "length": 8}, {"type": "italic", "offset": 7, "length": 4},
                    {"type": "spoiler", "offset": 12, "length": 3},
                    {"type": "text_link", "offset": 16, "length": 4, "url": "javascript:alert(1)"}]  # fmt: skip
        text = {"text": "\U0001f600 very bold yes link <b>plain</b>", "entities": entities}
        await it.http.post(f"/people/{phone.person}/witness/text", json=text)
        await bot_says(it, phone, "<i>from</i> the bot", parse_mode="HTML")
        for kind in ("voice", "video", "document"):
            await phone.send(("a.bin", b"abc"), kind=kind)
        await phone.send(*((f"{n}.png", PIXEL) for n in range(4)), kind="photo", caption="an album")
        chat = page.locator("#witness")
        await chat.get_by_label("Attach", exact=True).last.select_option("hidden photo")
        files: Any = [{"name": "a.png", "mimeType": "image/png", "buffer": PIXEL}]
        await chat.locator("input[type=file]").set_input_files(files)
        hidden = chat.get_by_role("button", name="Hidden photo: tap to show")
        await hidden.wait_for()
        await picture(page, "parts")
        first = chat.locator(".bubble").first
        assert (
            await first.locator("b").inner_text() == "very bol"
            and await first.locator("b i").inner_text() == " bol"
        )
        assert (
            "<b>plain</b>" in await first.inner_text()
            and await first.locator("a").get_attribute("href") is None
        )
        assert await chat.locator(".bubble > i").inner_text() == "from"
        for tag in ("audio", "video"):
            player = chat.locator(tag)
            assert (
                await player.get_attribute("preload") == "none"
                and await player.get_attribute("autoplay") is None
            )
        assert await chat.locator(".album > .message").count() == 4
        await first.get_by_role("button", name="Hidden words: tap to show").click()
        assert not await first.get_by_role("button").count()
        await hidden.click()
        assert (
            not await hidden.count() and await chat.locator(".message > .bubble > img").count() == 5
        )


async def test_what_is_edited_or_deleted_changes_where_it_stands(tmp_path: Path) -> None:
    async with page_of(tmp_path, DESK) as (it, page, phone):
        chat = page.locator("#witness")
        await phone.write("first")
        await phone.write("second")
        await chat.get_by_text("second").wait_for()
        page.on("dialog", lambda dialog: dialog.accept("first, changed"))
        await chat.get_by_label("What to do with this message").first.select_option("edit")
        await chat.get_by_text("first, changed").wait_for()
        assert "edited" in await chat.locator(".bubble").first.inner_text()
        await chat.get_by_label("What to do with this message").first.select_option("delete")
        await chat.get_by_text("first, changed").wait_for(state="detached")
        assert await chat.locator(".message").count() == 1
        await chat.get_by_label("Attach", exact=True).last.select_option("block")
        await chat.get_by_label("Message", exact=True).fill("third")
        await chat.get_by_label("Send message").click()
        await chat.get_by_text("unblock the bot first").wait_for()
        calls = (await it.http.post(f"/bot{BOT}/getUpdates", json={})).json()["result"]
        assert [next(k for k in u if k != "update_id") for u in calls][-2:] == [
            "edited_message",
            "my_chat_member",
        ]


async def test_everything_can_be_done_from_the_keyboard_and_the_focus_stays(tmp_path: Path) -> None:
    async with page_of(tmp_path, DESK) as (it, page, phone):
        chat = page.locator("#witness")
        await chat.get_by_label("Message", exact=True).focus()
        await page.keyboard.type("words from the keyboard")
        await page.keyboard.press("Enter")
        await chat.get_by_text("words from the keyboard").wait_for()
        keys = {
            "inline_keyboard": [[{"text": name, "callback_data": name}] for name in ("One", "Two")]
        }
        await bot_says(it, phone, "Which?", reply_markup=keys)
        await chat.get_by_role("button", name="Two").focus()
        await page.keyboard.press("Enter")
        edit = {
            "chat_id": phone.person,
            "message_id": 2,
            "text": "Which now?",
            "reply_markup": keys,
        }
        assert (await it.http.post(f"/bot{BOT}/editMessageText", json=edit)).is_success
        await chat.get_by_text("Which now?").wait_for()
        assert await page.evaluate("document.activeElement.textContent") == "Two"
        updates = (await it.http.post(f"/bot{BOT}/getUpdates", json={})).json()["result"]
        assert [u["callback_query"]["data"] for u in updates if "callback_query" in u] == ["Two"]
        other = {
            "inline_keyboard": [
                [{"text": name, "callback_data": name}] for name in ("Erase", "Two")
            ]
        }
        await it.http.post(
            f"/bot{BOT}/editMessageText", json={**edit, "text": "And now?", "reply_markup": other}
        )
        await chat.get_by_text("And now?").wait_for()
        assert await page.evaluate("document.activeElement.textContent") == "Two"
        last = {"inline_keyboard": [[{"text": "Erase", "callback_data": "Erase"}]]}
        await it.http.post(
            f"/bot{BOT}/editMessageText", json={**edit, "text": "And last?", "reply_markup": last}
        )
        await chat.get_by_text("And last?").wait_for()
        assert await page.evaluate("document.activeElement.className") == "messages"
        await page.get_by_role("button", name="Another phone").focus()
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Mykola").wait_for()
        assert await page.evaluate("document.activeElement.textContent") == "Mykola"


async def test_a_press_is_not_lost_when_the_words_above_it_change(tmp_path: Path) -> None:
    """The finger is down on a button while its message is edited: the button is still that one."""
    async with page_of(tmp_path, DESK) as (it, page, phone):
        keys = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
        await phone.write("/start")
        await bot_says(it, phone, "Sure?", reply_markup=keys)
        button = page.locator("#witness").get_by_role("button", name="Yes")
        await button.hover()
        await page.mouse.down()
        edit = {
            "chat_id": phone.person,
            "message_id": 2,
            "text": "Really sure?",
            "reply_markup": keys,
        }
        assert (await it.http.post(f"/bot{BOT}/editMessageText", json=edit)).is_success
        await page.get_by_text("Really sure?").wait_for()
        await page.mouse.up()
        await asyncio.sleep(0.5)
        updates = (await it.http.post(f"/bot{BOT}/getUpdates", json={})).json()["result"]
        assert [u["callback_query"]["data"] for u in updates if "callback_query" in u] == ["y"]


async def test_what_somebody_reads_stays_where_it_is(tmp_path: Path) -> None:
    """New words, edits and another desk change neither the place nor what was uncovered; albums stay whole."""
    async with page_of(tmp_path, DESK) as (it, page, phone):
        hidden = {"text": "secret", "entities": [{"type": "spoiler", "offset": 0, "length": 6}]}
        await it.http.post(f"/people/{phone.person}/witness/text", json=hidden)
        first, second = await asyncio.gather(
            phone.send(*((f"{n}.png", PIXEL) for n in range(3)), kind="photo"),
            phone.send(*((f"{n}.png", PIXEL) for n in range(3)), kind="video"),
        )
        for number in range(40):
            await phone.write(f"words {number}")
        chat = page.locator("#witness")
        await chat.get_by_text("words 39").wait_for()
        await chat.get_by_role("button", name="Hidden words: tap to show").click()
        await page.evaluate("document.querySelector('#witness .messages').scrollTop = 0")
        await bot_says(it, phone, "news")
        await phone.edit(first[0]["message_id"], "a caption")
        await chat.get_by_text("a caption").wait_for()
        await page.get_by_role("button", name="Another officer").click()
        await page.get_by_role("button", name="Heron").wait_for()
        assert await page.evaluate("document.querySelector('#witness .messages').scrollTop") == 0
        assert not await chat.get_by_role("button", name="Hidden words: tap to show").count()
        assert [
            await chat.locator(".album").nth(n).locator(".message").count() for n in range(2)
        ] == [3, 3]
        assert len(second) == 3


async def test_on_a_phone_one_side_is_shown_at_a_time_and_nothing_is_cut_off(
    tmp_path: Path,
) -> None:
    async with page_of(tmp_path, POCKET) as (it, page, phone):
        await phone.write("/start")
        keys = {
            "inline_keyboard": [
                [{"text": "Так", "callback_data": "y"}, {"text": "Ні", "callback_data": "n"}]
            ]
        }
        await bot_says(it, phone, "слово " * 60, reply_markup=keys)
        button = page.get_by_role("button", name="Так")
        await button.wait_for()
        await picture(page, "pocket")
        box = await button.bounding_box()
        assert (
            box
            and box["height"] >= 44
            and box["x"] >= 0
            and box["x"] + box["width"] <= POCKET["width"]
        )
        assert await page.evaluate("document.documentElement.scrollWidth") <= POCKET["width"]
        assert not await page.locator("#channel").is_visible()
        await page.get_by_role("button", name="Queue").click()
        assert (
            await page.locator("#channel").is_visible()
            and not await page.locator("#witness").is_visible()
        )


async def test_a_chat_of_a_thousand_messages_is_all_there(tmp_path: Path) -> None:
    async with page_of(tmp_path, DESK) as (_, page, phone):
        for _ in range(27):
            await asyncio.gather(*(phone.write("one of many") for _ in range(37)))
        await phone.write("the last")
        chat = page.locator("#witness")
        await chat.get_by_text("the last").wait_for()
        await page.reload()
        await chat.get_by_text("the last").wait_for()
        assert await chat.locator(".message").count() == 1000
        seen = "(list => list.scrollHeight - list.scrollTop - list.clientHeight)(document.querySelector('#witness .messages'))"
        assert await page.evaluate(seen) < 80
        await picture(page, "thousand")


async def test_trainers_make_telegram_fail_and_see_that_they_did(tmp_path: Path) -> None:
    async with page_of(tmp_path, DESK) as (it, page, _):
        panel = page.locator("#faults")
        await it.http.put(
            "/faults", json={"reorder": True}
        )  # by somebody else, before it is opened
        await panel.locator("summary").click()
        await panel.get_by_text("1 on").wait_for()
        await panel.get_by_label("Server errors").fill("0.5")
        await panel.get_by_label("Every call fails").check()
        await panel.get_by_label("Clock ahead, hours").fill("49")
        await panel.get_by_label("Bots may post in the channel").uncheck()
        await panel.get_by_text("5 on").wait_for()
        await picture(page, "faults")
        now = (await it.http.get("/faults")).json()
        assert (now["faults"]["5xx"], now["faults"]["offline"], now["ahead"], now["post"]) == (
            0.5,
            True,
            49 * 3600,
            False,
        )
        await panel.get_by_role("button", name="All as it should be").click()
        await panel.get_by_text("none").wait_for()
        now = (await it.http.get("/faults")).json()
        assert not any(now["faults"].values()) and now["ahead"] == 0 and now["post"]
