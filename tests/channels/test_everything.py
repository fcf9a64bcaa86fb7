"""Everything Telegram can send a bot, read by the real library and taken through the whole shell, in Ukrainian."""

import itertools
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.channels import rich_message
from bot.channels.incoming import Incoming, Strange, Typed, Unread
from bot.channels.port import Away, Broken
from bot.channels.telegram import Telegram
from conversations import engine
from conversations.model import File
from storage import quarantine, vault
from storage import tables as t
from tests.numbers import Numbers
from tests.opened import dossier_of
from tests.shell import Shell, shell
from tests.whole.test_surge import all_say

Raw = dict[str, Any]
CHAT = 77
FILE = {"file_id": "f1", "file_unique_id": "u1", "file_size": 3}
PHOTO = [
    {**FILE, "width": 90, "height": 90},
    {**FILE, "file_id": "f2", "width": 900, "height": 900},
]
VIDEO = {**FILE, "width": 9, "height": 9, "duration": 1}
PERSON = {"id": CHAT, "is_bot": False, "first_name": "A"}
OTHER = {"id": 5, "is_bot": False, "first_name": "Somebody"}
CHANNEL = {"id": -1001, "type": "channel", "title": "News", "username": "news"}
PLACE = {"latitude": 50.55, "longitude": 30.21}
POLL = {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False, "is_anonymous": True,
        "type": "regular", "allows_multiple_answers": False, "allows_revoting": False, "members_only": False}  # fmt: skip
COUNT = itertools.count(1000)

WAY = (
    "/start",
    "1",
    "1",
    "1",
    "1",
    "1",
    "3",
)  # Ukrainian … it happened to me, yes, no return words


class Through(Numbers):
    """The numbers channel, whose other end is Telegram's own reading of an update."""

    def __init__(self) -> None:
        super().__init__()
        self.telegram = Telegram("numbers", "1:x", "http://127.0.0.1:9", local=False)

    def read(self, raw: Raw) -> Incoming | Unread | None:
        return self.telegram.read(raw)

    def update(self, raw: Raw) -> Incoming | Unread | None:
        """Read one update as the witness process does; what is nobody's goes no further."""
        item = self.telegram.read(raw)
        if item is not None:
            self.files.setdefault("f1", b"abc")
            self.files.setdefault("f2", b"abc")
            self.sent += 1
            self._came.put_nowait(item)  # type: ignore[arg-type]
        return item


def message(**content: Any) -> Raw:
    """An update with one message of the witness."""
    number = next(COUNT)
    body = {
        "message_id": number,
        "date": 1_795_000_000,
        "chat": {"id": CHAT, "type": "private", "first_name": "A"},
    }
    return {"update_id": number, "message": {**body, "from": PERSON, **content}}


def forward(kind: str, *, words: bool = False) -> Raw:
    origins: dict[str, Raw] = {
        "user": {"sender_user": OTHER}, "hidden_user": {"sender_user_name": "Somebody"},
        "chat": {"sender_chat": {**CHANNEL, "type": "supergroup"}}, "channel": {"chat": CHANNEL, "message_id": 9},
    }  # fmt: skip
    content: Raw = {"text": "They came at noon."} if words else {"photo": PHOTO}
    return message(**content, forward_origin={"type": kind, "date": 1_700_000_000, **origins[kind]})


REPLIED = message(text="earlier")["message"]
ARTICLE: Raw = {"blocks": [
    {"type": "heading", "size": 1, "text": "Що було"},
    {"type": "list", "items": [
        {"label": "1.", "blocks": [{"type": "paragraph", "text": ["Вони ", {"type": "bold", "text": "прийшли"}, " вранці."]}]},
        {"label": "2.", "blocks": [{"type": "paragraph", "text": {"type": "url", "text": "Ось", "url": "https://example.org/r"}}]},
    ]},
    {"type": "photo", "photo": PHOTO, "caption": {"text": "Двір"}},
]}  # fmt: skip
"""What the app makes of a numbered list, or of what is pasted from a page."""
KEPT: dict[str, Raw] = {
    "text": message(text="Ми були в підвалі."),
    "text with entities": message(text="*a* <b>b</b>", entities=[{"type": "bold", "offset": 0, "length": 3}]),
    "photo": message(photo=PHOTO), "photo with a caption": message(photo=PHOTO, caption="Двір."),
    "photo under a spoiler": message(photo=PHOTO, has_media_spoiler=True),
    "document": message(document={**FILE, "file_name": "a.pdf", "mime_type": "application/pdf"}),
    "video": message(video=VIDEO), "video note": message(video_note={**FILE, "length": 9, "duration": 1}),
    "audio": message(audio={**FILE, "duration": 1}), "voice": message(voice={**FILE, "duration": 1}),
    "animation": message(animation=VIDEO, document=FILE),
    "an album": message(photo=PHOTO, media_group_id="7"),
    "a reply": message(text="Так було.", reply_to_message=REPLIED),
    "a quote": message(text="Саме так.", quote={"text": "було", "position": 0}, reply_to_message=REPLIED),
    "a topic": message(text="У темі.", message_thread_id=5, is_topic_message=True),
    "an unknown command": message(text="/unknown something"), "a web link": message(text="https://example.org/video"),
    "forwarded from a person": forward("user"), "forwarded from a hidden person": forward("hidden_user"),
    "forwarded from a group": forward("chat"), "forwarded from a channel": forward("channel"),
    "words forwarded from a channel": forward("channel", words=True),
    "a field of the future": message(text="Слова.", something_new={"a": 1}),
    "a live photo": message(live_photo={**VIDEO, "file_id": "f1", "photo": PHOTO}, photo=PHOTO),
    "an article": message(rich_message=ARTICLE), "an article forwarded from a channel": message(
        rich_message=ARTICLE, forward_origin={"type": "channel", "date": 1_700_000_000, "chat": CHANNEL, "message_id": 9}),
    "a quote of another chat with its photo": message(text="Це воно.", quote={"text": "прилетіло", "position": 0},
        external_reply={"origin": {"type": "user", "date": 1_700_000_000, "sender_user": OTHER}, "photo": PHOTO}),
    "words with an address behind them": message(text="Відео тут", entities=[
        {"type": "text_link", "offset": 6, "length": 3, "url": "https://example.org/v"}]),
    "entities whose offsets are wrong": message(text="Слова", entities=[
        {"type": "text_link", "offset": 900, "length": 7, "url": "https://example.org/v"}]),
    "a reply to a message of another chat": message(text="Так.", reply_to_message={**REPLIED, "message_id": 999_999}),
}  # fmt: skip
"""Kept, and said to be kept."""
GENTLY: dict[str, Raw] = {
    "sticker": message(sticker={**FILE, "type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False}),
    "dice": message(dice={"emoji": "🎲", "value": 3}),
    "game": message(game={"title": "g", "description": "d", "photo": PHOTO}),
    "an invoice": message(invoice={"title": "a", "description": "b", "start_parameter": "", "currency": "GBP", "total_amount": 1}),
}  # fmt: skip
"""Not kept, and answered so."""
ASIDE: dict[str, Raw] = {
    "poll": message(poll=POLL), "story": message(story={"chat": CHANNEL, "id": 3}),
    "checklist": message(checklist={"title": "Що було", "tasks": [{"id": 1, "text": "Підвал", "completed_by_user": OTHER}]}),
    "paid media": message(paid_media={"star_count": 1, "paid_media": [{"type": "preview"}]}),
    "a kind of the future": message(hologram={"file_id": "f1"}),
}  # fmt: skip
"""Says something that is not read here: kept as it came, and said so."""
ASKED: dict[str, Raw] = {
    "location": message(location=PLACE), "live location": message(location={**PLACE, "live_period": 900}),
    "venue": message(location=PLACE, venue={"location": PLACE, "title": "School", "address": "Bucha"}),
    "contact": message(contact={"phone_number": "+380", "first_name": "Somebody"}),
}  # fmt: skip
"""Asked about before it is kept."""
NOBODYS: dict[str, Raw] = {
    "a pinned message": message(pinned_message=REPLIED),
    "a timer that was set": message(message_auto_delete_timer_changed={"message_auto_delete_time": 86400}),
    "a background that was set": message(chat_background_set={"type": {"type": "chat_theme", "theme_name": "x"}}),
    "a boost": message(boost_added={"boost_count": 1}),
    "a shared user": message(users_shared={"request_id": 1, "users": [{"user_id": 5}]}),
    "a topic that was made": message(forum_topic_created={"name": "x", "icon_color": 1}),
    "leave to write": message(write_access_allowed={}),
    "a reaction": {"update_id": 1, "message_reaction": {"chat": {"id": CHAT, "type": "private"}, "message_id": 1, "date": 1,
                   "user": PERSON, "old_reaction": [], "new_reaction": []}},
    "an inline query": {"update_id": 2, "inline_query": {"id": "1", "from": PERSON, "query": "", "offset": ""}},
    "a business message": {"update_id": 3, "business_message": REPLIED},
    "a channel's post": {"update_id": 4, "channel_post": {**REPLIED, "chat": CHANNEL}},
    "a group's message": {"update_id": 5, "message": {**REPLIED, "chat": {"id": -5, "type": "group", "title": "g"}}},
    "a poll's state": {"update_id": 6, "poll": POLL},
    "a live location that moves": {"update_id": 7, "edited_message": {**REPLIED, "edit_date": 2, "location": PLACE, "text": None}},
    "a kind of update of the future": {"update_id": 8, "telepathy": {"chat": {"id": CHAT}}},
    "a group that became a supergroup": {"update_id": 10, "message": {**{k: v for k, v in REPLIED.items() if k != "text"},
                  "chat": {"id": -5, "type": "group", "title": "g"}, "migrate_to_chat_id": -1005}},
    "a comment in a channel's discussion": {"update_id": 11, "message": {**REPLIED, "sender_chat": CHANNEL,
                  "chat": {"id": -1005, "type": "supergroup", "title": "g"}}},
    "a member who came": {"update_id": 12, "chat_member": {"chat": CHANNEL, "date": 1, "from": PERSON,
                  "old_chat_member": {"status": "left", "user": OTHER}, "new_chat_member": {"status": "member", "user": OTHER}}},
    "unblocked": {"update_id": 9, "my_chat_member": {"chat": {"id": CHAT, "type": "private", "first_name": "A"}, "date": 1,
                  "from": PERSON, "old_chat_member": {"status": "kicked", "user": OTHER, "until_date": 0},
                  "new_chat_member": {"status": "member", "user": OTHER}}},
}  # fmt: skip
"""No witness's: nothing is stored, nothing is said."""


def of(chat: int, raw: Raw) -> Raw:
    """The same update in another chat."""
    changed: Raw = json.loads(json.dumps(raw).replace(f'"id": {CHAT}', f'"id": {chat}'))
    return changed


async def at_the_account(it: Shell, channel: Through, *chats: int) -> dict[int, int]:
    """All to the account, in Ukrainian; returns how many messages each has by then."""
    names = [str(chat) for chat in chats]
    await all_say(it, channel, names, *WAY)
    assert all("Розкажіть своїми словами" in channel.said[name][-1] for name in names)
    return {chat: len(channel.said[str(chat)]) for chat in chats}


async def settled(it: Shell) -> None:
    """Until a burst is over, too."""
    await it.quiet()
    it.ahead += 10
    await it.quiet()


async def dossiers(
    it: Shell, channel: Through, chats: list[int], folder: Path, first: str = "[Готово]"
) -> dict[int, Path]:
    """What each of these chats sent, opened."""
    names = [str(chat) for chat in chats]
    await all_say(
        it,
        channel,
        names,
        first,
        "[Закінчити]",
        "[Перейти до надсилання]",
        "[Пропустити]",
        "[Пропустити]",
        "[Надіслати]",
    )
    found = {}
    for chat in chats:
        number = re.search(r"Номер: (\S+)", "\n".join(channel.said[str(chat)]))
        assert number, channel.said[str(chat)][-2:]
        found[chat] = await dossier_of(it, number[1], folder)
    return found


TRANSCRIPT = Path(__file__).parent.parent / "transcripts" / "everything.txt"
HEAD = """# What a phone can send, sent in answer to "tell us in your own words": what it is read as, and what is answered.
# Somebody who reports in Ukrainian sends each from a chat of its own, and it comes once.
language: uk
"""


def read_as(item: Incoming | Unread | None) -> str:
    """What the channel made of an update, in words."""
    match item:
        case None:
            return "nobody's: nothing is stored, nothing is said"
        case Unread():
            return "cannot be read: set aside under the report's key"
        case Incoming(what=File(kind=kind, forwarded=origin, album=album)):
            return (
                f"file: {kind}"
                + (f", forwarded from {origin}" if origin else "")
                + (", of an album" if album else "")
            )
        case Incoming(what=Typed(forwarded=origin)) if origin:
            return f"typed, forwarded from {origin}"
        case Incoming(what=what):
            return re.sub(r"\(.*", "", repr(what)).lower() + (
                f": {what.kind}" if isinstance(what, Strange) else ""
            )


def played(name: str, read: str, answers: list[str]) -> str:
    """One kind, as the other transcripts are written."""
    said = []
    for answer in answers:
        lines = answer.splitlines()
        buttons = [f"[{line.split(' ', 1)[1]}]" for line in lines if re.match(r"\d+ ", line)]
        said += [
            "< " + "\n  ".join(line for line in lines if not re.match(r"\d+ ", line)),
            "  " + " ".join(buttons),
        ]
    return "\n".join([f"> ({name})", f"* {read}", *said]) + "\n"


def final(answers: list[str]) -> list[str]:
    """Without a status that another one took the place of: whether it came depends on how soon a file was sealed."""
    return [
        said for n, said in enumerate(answers) if "Ще надход" not in said or n == len(answers) - 1
    ]


async def test_what_a_phone_sends_is_an_event_and_has_an_answer(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    every = {**KEPT, **GENTLY, **ASIDE, **ASKED}
    chats = dict(enumerate(every, 2000))
    channel = Through()
    async with shell(tmp_path, channel) as it:
        before = await at_the_account(it, channel, *chats)
        read = {
            name: read_as(channel.update(of(chat, every[name]))) for chat, name in chats.items()
        }
        read |= {name: read_as(channel.update(of(9999, raw))) for name, raw in NOBODYS.items()}
        await settled(it)
        assert await it.count(t.quarantine) == len(ASIDE)
        assert await it.count(t.conversations) == len(every)
    for chat, name in chats.items():
        said = "\n".join(channel.said[str(chat)][before[chat] :])
        if name in KEPT:
            assert "Збережено" in said or "Отримано" in said, (name, said)
        elif name in GENTLY:
            assert "Таке повідомлення зберегти не можна" in said, (name, said)
        elif name in ASIDE:
            assert "збережено без змін" in said, (name, said)
        else:
            assert "?" in said, (name, said)
    answers = {name: final(channel.said[str(chat)][before[chat] :]) for chat, name in chats.items()}
    transcript = "\n".join(
        [HEAD, *(played(name, how, answers.get(name, [])) for name, how in read.items())]
    )
    if request.config.getoption("--update"):
        TRANSCRIPT.write_text(transcript, "utf-8")
    assert transcript == TRANSCRIPT.read_text("utf-8")


async def test_what_is_no_witnesss_changes_nothing(tmp_path: Path) -> None:
    channel = Through()
    async with shell(tmp_path, channel) as it:
        before = await at_the_account(it, channel, CHAT)
        for name, raw in NOBODYS.items():
            assert channel.update(of(CHAT, raw)) is None, name
        await it.quiet()
        assert len(channel.said[str(CHAT)]) == before[CHAT]


async def test_a_blocked_bot_says_nothing_and_keeps_the_report(tmp_path: Path) -> None:
    channel = Through()
    async with shell(tmp_path, channel) as it:
        before = (await at_the_account(it, channel, CHAT))[CHAT]
        member = {"status": "kicked", "user": OTHER, "until_date": 0}
        channel.update({"update_id": 1, "my_chat_member": {
            "chat": {"id": CHAT, "type": "private", "first_name": "A"}, "date": 1, "from": PERSON,
            "old_chat_member": {"status": "member", "user": OTHER}, "new_chat_member": member}})  # fmt: skip
        await it.quiet()
        assert len(channel.said[str(CHAT)]) == before and await it.count(t.conversations) == 1


async def test_what_was_set_aside_is_tried_again_after_an_upgrade_while_the_report_is_unsent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One update that could not be read, and one that could not be stepped; then both can be, and a third cannot."""
    channel = Through()
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        with monkeypatch.context() as broken:
            broken.setattr(engine, "take_written", lambda *_: 1 / 0)
            broken.setattr(rich_message, "_file", lambda *_: 1 / 0)
            channel.update(message(text="kanarka Слова."))
            channel.update(message(photo=PHOTO))
            await it.quiet()
        bad = message(text="kanarka Зіпсоване.")
        bad["message"]["photo"] = "no list"
        channel.update(bad)
        await it.quiet()
        async with it.database.writing() as connection:
            aside = await quarantine.every(connection)
            await quarantine.ask_again(connection, [item.id for item in aside])
        assert [item.why for item in aside] == [
            "ZeroDivisionError",
            "ZeroDivisionError",
            "ValidationError",
        ]
        await settled(it)
        assert await it.count(t.quarantine) == 1
        data = (await dossiers(it, channel, [CHAT], tmp_path))[CHAT]
        assert await it.count(t.quarantine) == 0
    report = json.loads((data / "referral.json").read_bytes())
    assert [p["text"] for p in report["incidents"][0]["account"]] == ["kanarka Слова."]
    assert len(report["exhibits"]) == 1 and [each["id"] for each in report["set_aside"]] == ["s1"]
    assert "kanarka" in (data / "set_aside" / "s1.json").read_text("utf-8")
    assert not any("kanarka" in record.getMessage() for record in caplog.records)


NASTY: dict[str, str] = {
    "control characters": "слова\x00\x07\x1b[31m\x7f",
    "a right-to-left override": "\u202eгриб\u202c \u2066ще\u2069",
    "lone surrogates": "\ud83d слова \udc00",
    "a flood of combining marks": "а" + "\u0301" * 3000,
    "HTML": "<b>x</b><script>alert(1)</script>&lt;",
    "Markdown": "*_`[x](tg://user?id=1)```",
    "braces and percents": "{placeholder} {0} %s %(a)s {",
    "nothing but spaces of a kind": "\u2800\u3164\u200b",
    "the longest message": "ж" * 4096,
    "emoji in hundreds": "👩‍👩‍👧‍👦" * 300,
}


async def test_whatever_the_words_are_they_are_kept_as_they_came(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    channel, chats = Through(), dict(enumerate(NASTY, 3000))
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, *chats)
        for chat, name in chats.items():
            channel.update(of(chat, message(text=NASTY[name])))
        await it.quiet()
        assert await it.count(t.quarantine) == 0
        opened = await dossiers(it, channel, list(chats), tmp_path)
    for chat, name in chats.items():
        (part,) = json.loads((opened[chat] / "referral.json").read_bytes())["incidents"][0][
            "account"
        ]
        assert part["text"].encode("utf-8", "replace") == NASTY[name].encode("utf-8", "replace"), (
            name
        )
        assert not any(NASTY[name][:12] in record.getMessage() for record in caplog.records)


NAMES = {
    "a path": "../../etc/passwd", "a drive": "C:\\x\\y.exe", "newlines": "a\nb\r\n.jpg", "five hundred letters": "я" * 500 + ".pdf",
    "no name": None, "only dots": "...", "an override": "gpj.\u202eexe.jpg", "a null": "a\x00.jpg", "markup": "<b>.html",
}  # fmt: skip


async def test_whatever_a_file_is_called_it_is_opened_under_a_safe_name(tmp_path: Path) -> None:
    channel, chats = Through(), dict(enumerate(NAMES, 4000))
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, *chats)
        for chat, name in chats.items():
            named = {} if NAMES[name] is None else {"file_name": NAMES[name]}
            channel.update(of(chat, message(document={**FILE, **named})))
        await settled(it)
        opened = await dossiers(it, channel, list(chats), tmp_path)
    for chat, name in chats.items():
        (exhibit,) = (opened[chat] / "exhibits").iterdir()
        assert exhibit.stem == "x1" and exhibit.read_bytes() == b"abc", name
        assert exhibit.suffix[1:].isalnum() and len(exhibit.suffix) <= 6, name
        (said,) = json.loads((opened[chat] / "referral.json").read_bytes())["exhibits"]
        assert said["name"] == (NAMES[name] or ""), name


async def test_a_hundred_thousand_letters_come_in_parts_and_stay_in_order(tmp_path: Path) -> None:
    channel = Through()
    parts = [f"{number:02} " + "слово " * 680 for number in range(25)]
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        for part in parts:
            channel.update(message(text=part))
        await it.quiet()
        it.ahead += 10
        await it.quiet()
        data = (await dossiers(it, channel, [CHAT], tmp_path))[CHAT]
    told = json.loads((data / "referral.json").read_bytes())["incidents"][0]["account"]
    assert [part["text"] for part in told] == parts


async def test_an_update_that_cannot_be_read_is_set_aside_between_two_that_can(
    tmp_path: Path,
) -> None:
    channel = Through()
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        channel.update(message(text="Перше."))
        bad = message(text="Зіпсоване.")
        bad["message"]["photo"] = "no list"
        assert isinstance(channel.update(bad), Unread)
        channel.update(message(text="Третє."))
        await it.quiet()
        assert await it.count(t.quarantine) == 1
        assert any("Останнє повідомлення" in said for said in channel.said[str(CHAT)][-3:]), (
            channel.said[str(CHAT)][-3:]
        )
        data = (await dossiers(it, channel, [CHAT], tmp_path))[CHAT]
    report = json.loads((data / "referral.json").read_bytes())
    assert [p["text"] for p in report["incidents"][0]["account"]] == ["Перше.", "Третє."]
    aside = json.loads((data / "set_aside" / f"{report['set_aside'][0]['id']}.json").read_bytes())
    assert json.loads(aside["raw"])["message"]["text"] == "Зіпсоване."


async def test_three_times_and_out_of_order_is_once_and_nothing_is_lost(tmp_path: Path) -> None:
    channel = Through()
    raw = [message(text=f"Слово {number}.") for number in range(6)]
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        for update in [*reversed(raw), *raw, *raw]:
            channel.update(json.loads(json.dumps(update)))
        await it.quiet()
        data = (await dossiers(it, channel, [CHAT], tmp_path))[CHAT]
    told = json.loads((data / "referral.json").read_bytes())["incidents"][0]["account"]
    assert sorted(part["text"] for part in told) == sorted(
        f"Слово {number}." for number in range(6)
    )


FOREIGN = (
    "",
    "x",
    "~",
    "~clear.",
    "~clear.x",
    "~files.",
    "~add.zz",
    "abcdef.1.0",
    "a" * 64,
    "я" * 32,
    "abcdef.9999999999.1",
)


async def test_data_that_no_button_of_ours_has_changes_nothing(tmp_path: Path) -> None:
    channel, chats = Through(), dict(enumerate(FOREIGN, 5000))
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, *chats)
        kept = await it.count(t.answers)
        for chat, data in chats.items():
            query = {
                "id": f"{chat}",
                "from": PERSON,
                "chat_instance": "1",
                "data": data,
                "message": REPLIED,
            }
            channel.update(of(chat, {"update_id": chat, "callback_query": query}))
        await it.quiet()
        counts = [await it.count(table) for table in (t.answers, t.conversations, t.quarantine)]
    assert counts == [kept, len(FOREIGN), 0]


def pressing(chat: int, query: str, data: str) -> Raw:
    """An update with one press on a button."""
    pressed = {"id": query, "from": PERSON, "chat_instance": "1", "data": data, "message": REPLIED}
    return of(chat, {"update_id": next(COUNT), "callback_query": pressed})


def button(channel: Through, chat: int, label: str) -> str:
    """What a button of the newest question carries."""
    return next(b.token for b in channel.listed[str(chat)] if b.label == label)


async def test_two_phones_of_one_person_at_the_same_second_are_one_conversation(
    tmp_path: Path,
) -> None:
    """Both show the same chat: their words are interleaved, and both press the same button."""
    channel = Through()
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        for number in range(5):
            channel.update(message(text=f"Телефон {number}."))
            channel.update(message(text=f"Планшет {number}."))
        await it.quiet()
        before = len(channel.said[str(CHAT)])
        done = button(channel, CHAT, "Готово")
        for query in ("from the phone", "from the tablet", "from the tablet"):
            channel.update(pressing(CHAT, query, done))
        await it.quiet()
        asked = [
            said for said in channel.said[str(CHAT)][before:] if "Дякуємо, що розповіли" in said
        ]
        assert len(asked) == 1, asked
        data = (await dossiers(it, channel, [CHAT], tmp_path, "[До запитань]"))[CHAT]
    told = json.loads((data / "referral.json").read_bytes())["incidents"][0]["account"]
    assert [p["text"] for p in told] == [
        f"{which} {n}." for n in range(5) for which in ("Телефон", "Планшет")
    ]


async def test_a_button_of_another_persons_message_presses_nothing(tmp_path: Path) -> None:
    channel, hers, his = Through(), 6001, 6002
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, hers, his)
        for chat in (hers, his):
            channel.update(of(chat, message(text="Слова.")))
        await it.quiet()
        before = len(channel.said[str(hers)])
        channel.update(pressing(his, "forged", button(channel, hers, "Готово")))
        await it.quiet()
        assert len(channel.said[str(hers)]) == before
        assert not any("Дякуємо, що розповіли" in said for said in channel.said[str(his)])


async def test_a_button_of_a_report_that_was_sent_says_so_and_files_nothing_again(
    tmp_path: Path,
) -> None:
    channel = Through()
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        channel.update(message(text="Слова."))
        await it.quiet()
        old = button(channel, CHAT, "Готово")
        await dossiers(it, channel, [CHAT], tmp_path)
        channel.update(pressing(CHAT, "old", old))
        await it.quiet()
        assert "надіслано" in channel.said[str(CHAT)][-1]
        assert len(await it.referrals()) == 1


async def test_a_file_our_code_fails_on_is_set_aside_said_to_be_and_fetched_after_an_upgrade(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = Through()
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        with monkeypatch.context() as broken:
            broken.setattr(vault, "Sealer", lambda *_: 1 / 0)
            channel.update(message(text="Слова."))
            channel.update(message(photo=PHOTO))
            for _ in range(8):
                await it.quiet()
                it.ahead += 700
            assert await it.count(t.quarantine) == 1
        said = channel.said[str(CHAT)]
        assert any("Файл надійшов не повністю" in one for one in said), said[-3:]
        async with it.database.writing() as connection:
            (aside,) = await quarantine.every(connection)
            assert aside.why == "ZeroDivisionError"
            await quarantine.ask_again(connection, [aside.id])
        await settled(it)
        assert await it.count(t.quarantine) == 0
        data = (await dossiers(it, channel, [CHAT], tmp_path))[CHAT]
    assert len(json.loads((data / "referral.json").read_bytes())["exhibits"]) == 1


@pytest.mark.parametrize(
    "breaks, says", [(3, "Отримано: 1 файл"), (1000, "Файл надійшов не повністю")]
)
async def test_a_download_that_breaks_is_tried_again_and_then_said_to_be_lost(
    tmp_path: Path, breaks: int, says: str
) -> None:
    channel = Through()
    whole = channel.open

    async def breaking(file_id: str) -> AsyncIterator[bytes]:
        nonlocal breaks
        async for chunk in whole(file_id):
            yield chunk[:1]
            if breaks:
                breaks -= 1
                raise Broken
            yield chunk[1:]

    channel.open = breaking  # type: ignore[method-assign]
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        channel.update(message(text="Слова."))
        channel.update(message(photo=PHOTO))
        for _ in range(12):
            await it.quiet()
            it.ahead += 700
        assert any(says in said for said in channel.said[str(CHAT)]), channel.said[str(CHAT)][-1]
        data = (await dossiers(it, channel, [CHAT], tmp_path))[CHAT]
        assert sum(path.is_file() for path in (it.folder / "vault").rglob("*")) == (breaks < 900)
    report = json.loads((data / "referral.json").read_bytes())
    assert len(report["exhibits"]) + len(report["announced_not_received"]) == 1
    assert bool(report["exhibits"]) == (breaks < 900)


async def test_a_file_waits_for_a_channel_that_is_away_for_a_day(tmp_path: Path) -> None:
    channel, away, asked = Through(), True, 0
    whole = channel.open

    async def unreachable(file_id: str) -> AsyncIterator[bytes]:
        nonlocal asked
        asked += 1
        if away:
            raise Away
        async for chunk in whole(file_id):
            yield chunk

    channel.open = unreachable  # type: ignore[method-assign]
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        channel.update(message(photo=PHOTO))
        for _ in range(24):
            await it.quiet()
            it.ahead += 3600
        assert asked >= 24 and "Ще надходить: 1 файл" in "\n".join(channel.said[str(CHAT)])
        away = False
        it.ahead += 60
        await settled(it)
        assert "Отримано: 1 файл" in channel.said[str(CHAT)][-1]
        assert await it.count(t.objects) == 1  # no attempt that could not begin left a row
