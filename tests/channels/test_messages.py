"""Whatever stands in a Telegram message counts the same wherever it stands, through the whole shell, and nothing else."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiogram.types import Message
from sqlalchemy import select

from bot.channels import message as m
from bot.channels import message_fields
from bot.channels.port import Away, Undelivered
from bot.channels.telegram import Telegram
from bot.settings import SANDBOX_TOKENS
from storage import referrals
from storage import tables as t
from tests.channels.test_everything import (
    ARTICLE,
    CHANNEL,
    CHAT,
    COUNT,
    FILE,
    OTHER,
    PERSON,
    PHOTO,
    VIDEO,
    WAY,
    Raw,
    Through,
    at_the_account,
    message,
    of,
    settled,
)
from tests.opened import dossier_of
from tests.shell import Shell, shell
from tests.whole.test_surge import all_say
from tests.witness.test_addenda import say

FORMS: dict[str, Callable[[str], Raw]] = {
    "text": lambda words: message(text=words),
    "under a photo": lambda words: message(photo=PHOTO, caption=words),
    "under the first of an album": lambda words: message(
        photo=PHOTO, caption=words, media_group_id="1"
    ),
    "under a document": lambda words: message(
        document={**FILE, "file_name": "a.pdf"}, caption=words
    ),
    "under a film": lambda words: message(video=VIDEO, caption=words),
    "under a voice": lambda words: message(voice={**FILE, "duration": 1}, caption=words),
    "in an article": lambda words: message(
        rich_message={"blocks": [{"type": "paragraph", "text": words}]}
    ),
    "in a list": lambda words: message(
        rich_message={
            "blocks": [
                {
                    "type": "list",
                    "items": [{"label": "", "blocks": [{"type": "paragraph", "text": words}]}],
                }
            ]
        }
    ),
}
"""How the same words can come."""
PRESSING = {
    "uk": "Мою сестру зґвалтували. Вони зараз під дверима, я у небезпеці.",
    "ru": "Мою сестру изнасиловали. Они сейчас под дверью, я в опасности.",
    "en": "They raped my sister. They are at my door now, I am in danger.",
}
"""Danger now, and a special category, in one message."""
TOOK_PART = {
    "uk": "Я сам стріляв у полонених.",
    "ru": "Я сам стрелял в пленных.",
    "en": "I shot prisoners.",
}


def edited(raw: Raw, **content: Any) -> Raw:
    """The same message, changed an hour later; a field of None is taken out."""
    body = {**raw["message"], "edit_date": raw["message"]["date"] + 3600, **content}
    return {
        "update_id": next(COUNT),
        "edited_message": {k: v for k, v in body.items() if v is not None},
    }


def test_every_field_of_a_message_that_the_library_knows_is_one_of_ours() -> None:
    ours = (
        message_fields.FILES
        | message_fields.WORDS
        | message_fields.PLACES
        | message_fields.ENVELOPE
        | message_fields.SERVICE
        | {*message_fields.ASIDE, *message_fields.EMPTY}
    )
    theirs = {field.alias or name for name, field in Message.model_fields.items()}
    assert theirs - ours == set(), (
        "a new kind: is it words, files, something to set aside, or the app's own?"
    )
    assert ours - theirs == set(), "a kind that is gone"
    sets = (
        message_fields.FILES,
        message_fields.WORDS,
        message_fields.PLACES,
        message_fields.ENVELOPE,
        message_fields.SERVICE,
        frozenset(message_fields.ASIDE),
        frozenset(message_fields.EMPTY),
    )
    assert sum(map(len, sets)) == len(ours), "a field in two of them"


async def facts(it: Shell) -> dict[str, dict[str, Any]]:
    """Of everything that is filed, by number."""
    async with it.database.reading() as connection:
        found = [
            await referrals.get(connection, reference, it.facts)
            for reference in await it.referrals()
        ]
    return {r.reference: r.facts for r in found if r is not None}


@pytest.mark.parametrize("language", ["uk", "ru", "en"])
async def test_danger_and_special_categories_count_wherever_they_are_written(
    tmp_path: Path, language: str
) -> None:
    channel, chats = Through(), dict(enumerate(FORMS, 5000))
    words = PRESSING[language]
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, *chats)
        for chat, form in chats.items():
            channel.update(of(chat, FORMS[form](words)))
        await settled(it)
        names = [str(chat) for chat in chats]
        await all_say(it, channel, names, "[Готово]")
        for name in names:
            assert "ніхто не читає" in channel.said[name][-1] and "999" in channel.said[name][-1], (
                "danger is answered"
            )
        await all_say(it, channel, names, "/finish")
        for name in names:
            assert "спеціальну підготовку" in channel.said[name][-1], (
                "a specialist is offered to everybody"
            )
        await all_say(it, channel, names, "/finish")
        shown = {chat: channel.said[str(chat)][-1] for chat in chats}
        assert all(words[:40] in said for said in shown.values()), (
            "what is kept is shown before it is sent"
        )
        await all_say(
            it,
            channel,
            names,
            "[Перейти до надсилання]",
            "[Пропустити]",
            "[Пропустити]",
            "[Надіслати]",
        )
        every = await facts(it)
        told = [
            {k: v for k, v in f.items() if k not in ("exhibits", "voices")} for f in every.values()
        ]
        assert len(told) == len(FORMS) and all(f == told[0] for f in told)
        assert told[0]["danger"] and told[0]["vulnerable"] and told[0]["events"] == ["specialist"]
        for reference in every:
            data = await dossier_of(it, reference, tmp_path)
            assert words in (data / "transcript.txt").read_text("utf-8")


@pytest.mark.parametrize("language", ["uk", "ru", "en"])
async def test_whoever_took_part_is_told_of_legal_advice_wherever_they_write_it(
    tmp_path: Path, language: str
) -> None:
    channel, chats = Through(), dict(enumerate(FORMS, 5000))
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, *chats)
        for chat, form in chats.items():
            channel.update(of(chat, FORMS[form](TOOK_PART[language])))
        await settled(it)
        await all_say(it, channel, [str(chat) for chat in chats], "[Готово]")
        for chat, form in chats.items():
            assert "адвокат" in channel.said[str(chat)][-1], form


async def test_commands_buttons_dates_and_places_under_a_picture_are_what_they_say(
    tmp_path: Path,
) -> None:
    channel, chats = Through(), dict(enumerate(FORMS, 5000))
    names = [str(chat) for chat in chats]

    async def send(words: str) -> None:
        for chat, form in chats.items():
            channel.update(of(chat, FORMS[form](words)))
        await settled(it)

    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, *chats)
        await send("Вони прийшли вранці.")
        await all_say(
            it, channel, names, "[Готово]", "[До запитань]", "[Пропустити]", "[Пропустити]"
        )
        assert all("Коли це сталося" in channel.said[name][-1] for name in names)
        await send("12 березня 2022")
        assert all("Де це сталося" in said for said in last_questions(channel, names))
        await send("Мотижин")
        await all_say(it, channel, names, "[Мотижин, Київська обл.]")
        await send("/pause")
        assert all("Усе збережено" in said for said in last_questions(channel, names))
        await all_say(
            it,
            channel,
            names,
            "[Ні]",
            "/finish",
            "[Перейти до надсилання]",
            "[Пропустити]",
            "[Пропустити]",
            "[Надіслати]",
        )
        for reference in await it.referrals():
            data = await dossier_of(it, reference, tmp_path)
            answers = json.loads((data / "referral.json").read_bytes())["incidents"][0]["answers"]
            assert (answers["when"]["edtf"], answers["when"]["words"]) == (
                "2022-03-12",
                "12 березня 2022",
            )
            assert (answers["where"]["place"]["name"], answers["where"]["words"]) == (
                "Мотижин",
                "Мотижин",
            )
            assert "/pause" not in (data / "transcript.txt").read_text("utf-8")


def last_questions(channel: Through, names: list[str]) -> list[str]:
    """The newest messages of each chat: a count of files may stand above or below the question."""
    return ["\n".join(channel.said[name][-3:]) for name in names]


HIDING = (
    "/hide",
    "/hide\nвін уже йде",
    "/hide.",
    "/HIDE",
    "/delete@some_bot\nвсе",
    "Сховати!",
    "сховати",
    "Hide.",
    "скрыть",
)


@pytest.mark.parametrize("form", ["text", "under a photo", "under a voice", "in an article"])
async def test_hide_is_forgiving_and_hides_wherever_it_is_written(
    tmp_path: Path, form: str
) -> None:
    channel, chats = Through(), dict(enumerate(HIDING, 5000))
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, *chats)
        await all_say(it, channel, [str(chat) for chat in chats], "kanarka Вони прийшли.")
        for chat, words in chats.items():
            channel.update(of(chat, FORMS[form](words)))
        await settled(it)
        asked = [chat for chat, words in chats.items() if words.startswith("/delete")]
        assert await it.count(t.conversations) == len(asked), (
            "erase is asked twice, the others are gone at once"
        )
        assert all("Стерти" in channel.said[str(chat)][-1] for chat in asked)


async def test_return_words_under_a_photo_open_the_report_and_are_no_part_of_it(
    tmp_path: Path,
) -> None:
    channel = Through()
    async with shell(tmp_path, channel) as it:
        await all_say(it, channel, [str(CHAT)], *WAY[:-1], "1")
        words = re.search(
            r"\n\n((?:[^\W\d_'’ʼ]+ ?){5})$", channel.said[str(CHAT)][-2].split("\n1 ")[0]
        )
        assert words, channel.said[str(CHAT)][-2:]
        await all_say(it, channel, [str(CHAT)], "Вони прийшли вранці.", "/hide")
        channel.update(message(photo=PHOTO, caption=words[1]))
        await settled(it)
        assert "Ваше звернення ще не надіслано" in "\n".join(channel.said[str(CHAT)][-3:])
        assert await it.count(t.conversations) == 1 and await it.count(t.exhibits) == 1, (
            "the photo came along"
        )
        data = await opened(it, channel, tmp_path)
        assert (
            words[1]
            not in (data / "transcript.txt").read_text("utf-8").partition("Вони прийшли")[2]
        )


# ── edits ────────────────────────────────────────────────────────────────────

NAME, NEW = "Канарка Прибрана", "сусідка"


async def opened(it: Shell, channel: Through, folder: Path) -> Path:
    """The report of the one chat is sent and opened."""
    await say(
        it,
        channel,
        str(CHAT),
        "/finish",
        "[Перейти до надсилання]",
        "[Пропустити]",
        "[Пропустити]",
        "[Надіслати]",
    )
    (reference,) = await it.referrals()
    return await dossier_of(it, reference, folder)


async def sent(it: Shell, channel: Through, folder: Path) -> tuple[dict[str, Any], bytes]:
    """referral.json, and every byte that officers open."""
    data = await opened(it, channel, folder)
    report = json.loads((data / "referral.json").read_bytes())
    return report, b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())


async def test_a_name_taken_out_of_a_caption_is_in_nothing_that_is_sent(tmp_path: Path) -> None:
    channel = Through()
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        first = message(photo=PHOTO, caption=f"Тут живе {NAME}.")
        channel.update(first)
        await settled(it)
        channel.update(edited(first, caption=f"Тут живе {NEW}."))
        await settled(it)
        report, every = await sent(it, channel, tmp_path)
    assert NAME.encode() not in every
    (part,) = report["incidents"][0]["account"]
    assert (part["text"], part["caption_of"]) == (f"Тут живе {NEW}.", "x1")
    caption = report["exhibits"][0]["caption"]
    assert (caption["text"], caption["changed"]) == (f"Тут живе {NEW}.", True)
    hour = 3600
    assert caption["at"] != report["exhibits"][0]["at"], f"the edit's own time, {hour} s later"


async def test_a_caption_taken_away_is_gone_and_one_added_is_kept(tmp_path: Path) -> None:
    channel = Through()
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        first, second = (
            message(photo=PHOTO, caption=NAME),
            message(document={**FILE, "file_unique_id": "u9"}),
        )
        for raw in (
            first,
            second,
            edited(first, caption=None),
            edited(second, caption="Це протокол."),
        ):
            channel.update(raw)
            await settled(it)
        report, every = await sent(it, channel, tmp_path)
    assert NAME.encode() not in every
    assert [part["text"] for part in report["incidents"][0]["account"]] == ["Це протокол."]
    assert [x["caption"].get("text") for x in report["exhibits"]] == [None, "Це протокол."]


async def test_a_photo_that_is_exchanged_takes_the_old_ones_place_and_one_added_to_words_is_fetched(
    tmp_path: Path,
) -> None:
    channel = Through()
    channel.files |= {"g1": b"the wrong yard", "g2": b"the right yard", "g3": b"added to words"}
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        wrong = message(photo=[photo("g1")], caption="Двір.")
        words = message(text="Ось ще.")
        for raw in (wrong, words, edited(wrong, photo=[photo("g2")], caption="Наш двір.")):
            channel.update(raw)
            await settled(it)
        channel.update(edited(words, text=None, caption="Ось ще.", photo=[photo("g3")]))
        await settled(it)
        assert await it.count(t.exhibits) == 2
        report, every = await sent(it, channel, tmp_path)
    assert (
        b"the wrong yard" not in every and b"the right yard" in every and b"added to words" in every
    )
    assert [(x["id"], x.get("replaces")) for x in report["exhibits"]] == [
        ("x2", "x1"),
        ("x3", None),
    ]
    assert {part["text"] for part in report["incidents"][0]["account"]} == {"Ось ще.", "Наш двір."}


def photo(name: str) -> Raw:
    return {"file_id": name, "file_unique_id": f"u{name}", "file_size": 3, "width": 9, "height": 9}


async def test_words_edited_into_an_article_with_a_name_taken_out(tmp_path: Path) -> None:
    channel = Through()
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        words = message(text=f"Прийшли. Тут живе {NAME}.")
        channel.update(words)
        await settled(it)
        channel.update(edited(words, text=None, rich_message=ARTICLE))
        await settled(it)
        report, every = await sent(it, channel, tmp_path)
    assert NAME.encode() not in every
    (part,) = report["incidents"][0]["account"]
    assert part["text"] == "Що було\n1. Вони прийшли вранці.\n2. Ось\nДвір"
    assert part["links"] == [{"text": "Ось", "address": "https://example.org/r"}]
    assert len(report["exhibits"]) == 1


async def test_an_edit_counts_from_its_own_day_and_one_of_a_message_never_seen_is_kept(
    tmp_path: Path,
) -> None:
    channel = Through()
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        channel.update(message(text="Перше."))
        unseen = message(text="Це з учорашнього дня.")
        channel.update(edited(unseen))
        await settled(it)
        report, _ = await sent(it, channel, tmp_path)
    times = {part["text"]: part["at"] for part in report["incidents"][0]["account"]}
    assert (
        times["Перше."] == "2026-11-18T11:06:40Z"
        and times["Це з учорашнього дня."] == "2026-11-18T12:06:40Z"
    )


# ── what is somebody else's, what is answered, what is quoted ────────────────


async def test_links_replies_quotes_and_origins_are_kept_and_people_are_named_apart_alone(
    tmp_path: Path,
) -> None:
    channel = Through()
    channel.files |= {"g1": b"yard", "g2": b"quoted"}
    user = {
        "type": "user",
        "date": 1_700_000_000,
        "sender_user": {**OTHER, "first_name": "Канарка", "username": "kan"},
    }
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        yard = message(photo=[photo("g1")])
        mine = {
            "type": "user",
            "date": 1_700_000_000,
            "sender_user": {**PERSON, "username": "witness77"},
        }
        for raw in (
            yard,
            message(text="Це мій двір після обстрілу.", reply_to_message=yard["message"]),
            message(text="Відео тут", entities=[{"type": "text_link", "offset": 6, "length": 3, "url": "https://e.org/v"}]),
            message(text="Саме так.", quote={"text": "прилетіло о шостій", "position": 0},
                    external_reply={"origin": user, "photo": [photo("g2")]}),
            message(text="Вони прийшли.", forward_origin=user),
            message(text="Моє давнє.", forward_origin=mine),
            message(voice={**FILE, "duration": 1}, forward_origin=user),
            message(text="Новини.", forward_origin={"type": "channel", "date": 1_700_000_000, "chat": CHANNEL, "message_id": 9}),
        ):  # fmt: skip
            channel.update(raw)
            await settled(it)
        data = await opened(it, channel, tmp_path)
    report = json.loads((data / "referral.json").read_bytes())
    account = {
        part.get("text", part.get("exhibit")): part for part in report["incidents"][0]["account"]
    }
    assert account["Це мій двір після обстрілу."]["reply_to"] == {"exhibits": ["x1"]}
    assert account["Відео тут"]["links"] == [{"text": "тут", "address": "https://e.org/v"}]
    assert account["Саме так."]["quote"]["text"] == "прилетіло о шостій"
    someone = {"kind": "user", "public": False, "date": "2023-11-14T22:13:20Z", "who": "person A"}
    assert (
        account["Саме так."]["quote"]["forwarded"]
        == account["Вони прийшли."]["forwarded"]
        == someone
    )
    assert account["x3"]["forwarded"] == someone and account["x3"]["kind"] == "spoken", (
        "a voice as words are"
    )
    assert account["Моє давнє."]["forwarded"] == {
        "kind": "self",
        "public": False,
        "date": "2023-11-14T22:13:20Z",
    }
    assert account["Новини."]["forwarded"]["channel"] == {
        "title": "News",
        "username": "news",
        "message_id": 9,
    }
    assert [x["forwarded"] for x in report["exhibits"]] == [{}, someone, someone]
    public = (data / "referral.json").read_bytes() + (data / "transcript.txt").read_bytes()
    identity = json.loads((data / "identity.json").read_bytes())
    assert "Канарка".encode() not in public and b"kan" not in public
    assert identity["origins"]["person A"] == {"first_name": "Канарка", "id": 5, "username": "kan"}
    every = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert b"witness77" not in every, "whoever forwards their own message is named nowhere"
    transcript = (data / "transcript.txt").read_text("utf-8")
    assert "(in reply to x1)" in transcript and "forwarded from a person (person A)" in transcript


async def test_a_live_photo_is_a_still_and_a_film_and_both_are_kept(tmp_path: Path) -> None:
    channel = Through()
    channel.files |= {"g1": b"still", "film": b"three seconds"}
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        live = {**VIDEO, "file_id": "film", "file_unique_id": "uf", "photo": [photo("g1")]}
        channel.update(message(live_photo=live, photo=[photo("g1")], caption="Двір."))
        await settled(it)
        report, every = await sent(it, channel, tmp_path)
    assert b"still" in every and b"three seconds" in every
    assert [(x["kind"], x["parts"]) for x in report["exhibits"]] == [
        ("photo", ["x1", "x2"]),
        ("video", ["x1", "x2"]),
    ]
    assert report["exhibits"][0]["caption"]["text"] == "Двір."


async def test_a_venue_is_a_place_in_words_and_a_card_is_kept_whole_after_they_agreed(
    tmp_path: Path,
) -> None:
    channel = Through()
    place = {"latitude": 50.55, "longitude": 30.21}
    vcard = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Марія К.\r\nTEL;TYPE=cell:+380 50 000\r\nTEL:+44 20 111\r\nEMAIL:m@e.org\r\nNOTE:с\r\n усідка\r\nEND:VCARD"
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        channel.update(message(text="Вони прийшли."))
        channel.update(
            message(
                location=place,
                venue={"location": place, "title": "Школа № 3", "address": "Вокзальна 46"},
            )
        )
        await settled(it)
        await say(it, channel, str(CHAT), "[Так, місце події]")
        channel.update(
            message(
                contact={
                    "phone_number": "+38050000",
                    "first_name": "Марія",
                    "last_name": "К.",
                    "vcard": vcard,
                }
            )
        )
        await settled(it)
        await say(it, channel, str(CHAT), "[Так, є згода]")
        data = await opened(it, channel, tmp_path)
    report = json.loads((data / "referral.json").read_bytes())
    assert report["incidents"][0]["answers"]["point"]["venue"] == "Школа № 3, Вокзальна 46"
    assert "Школа № 3, Вокзальна 46" in (data / "transcript.txt").read_text("utf-8")
    (card,) = json.loads((data / "identity.json").read_bytes())["others"]
    assert card.splitlines() == [
        "Марія К.",
        "+38050000",
        "TEL: +44 20 111",
        "EMAIL: m@e.org",
        "NOTE: сусідка",
    ]
    assert "Марія" not in (data / "referral.json").read_text("utf-8") + (
        data / "transcript.txt"
    ).read_text("utf-8")


# ── what nobody wrote, and what must not be told of who did ──────────────────


async def test_what_the_app_writes_into_a_chat_that_was_hidden_is_not_answered(
    tmp_path: Path,
) -> None:
    channel = Through()
    kinds = sorted(message_fields.SERVICE - {"new_chat_members", "left_chat_member"})
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        await say(it, channel, str(CHAT), "Вони прийшли.", "/hide")
        before = len(channel.said[str(CHAT)])
        for kind in kinds:
            raw = message(**{kind: {}})
            assert m.contents(raw["message"], str) == (), kind
            if (item := channel.telegram.read(raw)) is not None:
                channel._came.put_nowait(item)  # type: ignore[arg-type]
                channel.sent += 1
        channel.update(message(hologram={"a": 1}))
        for _ in range(200):
            channel.update(
                message(message_auto_delete_timer_changed={"message_auto_delete_time": 86400})
            )
        await settled(it)
        assert len(channel.said[str(CHAT)]) == before
        assert await it.count(t.conversations) == 0


async def test_what_stays_of_whoever_sent_hid_or_erased_confirms_no_chat(tmp_path: Path) -> None:
    """With the master key and somebody's id all names that could be made of a chat are tried against all that is kept."""
    channel = Through()
    ends = {
        5001: ["/delete", "[Стерти все]"],
        5002: ["/hide"],
        5003: ["/finish", "[Перейти до надсилання]", "[Пропустити]", "[Пропустити]", "[Надіслати]"],
    }
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, *ends)
        for chat, lines in ends.items():
            channel.update(of(chat, message(photo=PHOTO, caption="Вони прийшли.")))
            await settled(it)
            await say(it, channel, str(chat), *lines)
        it.ahead += 30 * 3600
        await settled(it)
        async with it.database.reading() as connection:
            kept = {
                bytes(name) for name in (await connection.execute(select(t.seen.c.name))).scalars()
            }
        assert kept, "the deliveries are known still"
        account = channel.telegram.account
        for whose in map(str, ends):
            for number in range(5000):
                for key in (f"m{number}", f"{account}.m{number}", f"n{number}", f"u{number}"):
                    for kind in ("seen", "event", "sent", "lost"):
                        assert it.master.name(kind, "numbers", whose, key) not in kept
            for kind in ("chat", "seen", "gate", "lost"):
                assert it.master.name(kind, "numbers", whose) not in kept
        some = next(
            n for n in range(20_000) if it.master.name("seen", "numbers", f"{account}.{n}") in kept
        )
        assert some, (
            "whoever tries the numbers of deliveries finds them: the search would have found a chat's"
        )


async def test_another_bot_takes_nothing_for_seen_and_clears_only_its_own_messages(
    tmp_path: Path,
) -> None:
    channel = Through()
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        old = [message(text=f"Стара {n}.") for n in range(3)]
        for raw in old:
            channel.update(raw)
        await settled(it)
        channel.telegram = Telegram("numbers", "2:y", "http://127.0.0.1:9", local=False)
        channel.account = channel.telegram.account
        for raw in old:  # the new bot counts its messages and its updates from wherever it likes
            changed = {
                **raw,
                "message": {
                    **raw["message"],
                    "text": raw["message"]["text"].replace("Стара", "Нова"),
                },
            }
            channel.update(changed)
        await settled(it)
        removed: list[int] = []

        async def remove(chat: str, ids: Any) -> list[int]:
            assert chat == str(CHAT)
            removed.extend(ids)
            return []

        channel.remove = remove  # type: ignore[method-assign]
        report, _ = await sent(it, channel, tmp_path)
        said = [part["text"] for part in report["incidents"][0]["account"]]
        assert said == [f"{which} {n}." for which in ("Стара", "Нова") for n in range(3)]
        assert removed == []


async def test_lists_of_messages_to_clear_are_each_bots_own(tmp_path: Path) -> None:
    channel, removed = Through(), list[int]()

    async def remove(chat: str, ids: Any) -> list[int]:
        assert chat == str(CHAT)
        removed.extend(ids)
        return []

    channel.remove = remove  # type: ignore[method-assign]
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        first = message(text="Перше.")
        channel.update(first)
        await settled(it)
        channel.telegram = Telegram("numbers", "2:y", "http://127.0.0.1:9", local=False)
        channel.account = channel.telegram.account
        second = message(text="Друге.")
        channel.update(second)
        await settled(it)
        channel.update(message(text="/hide"))
        await settled(it)
    assert (
        second["message"]["message_id"] in removed and first["message"]["message_id"] not in removed
    )


async def test_of_a_server_of_our_own_only_its_folder_is_read_and_emptied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, outside = tmp_path / "files", tmp_path / "shred.keys"
    folder.mkdir()
    outside.write_bytes(b"keys")
    (folder / "a.jpg").write_bytes(b"yard")
    (folder / "link").symlink_to(outside)
    bot = Telegram("t", "1:x", "http://127.0.0.1:9", local=True, folder=folder)
    said: list[str] = []

    class Answer:
        file_size = None

        def __init__(self, path: object) -> None:
            self.file_path = str(path)

    async def get_file(path: str) -> Answer:
        return Answer(path)

    monkeypatch.setattr(bot._bot, "get_file", get_file)
    assert [chunk async for chunk in bot.open(str(folder / "a.jpg"))] == [b"yard"]
    for path in (
        outside,
        folder / ".." / "shred.keys",
        folder / "link",
        folder,
        folder / "not here",
        "/var/lib/x",
    ):
        with pytest.raises(Away):
            said += [str(chunk) async for chunk in bot.open(str(path))]
        assert await bot.let_go(str(path)) is False, "nothing is said to be removed that was not"
    assert await bot.let_go(str(folder / "a.jpg")) is True and not (folder / "a.jpg").exists()
    assert outside.read_bytes() == b"keys" and (folder / "link").is_symlink() and not said
    await bot.close()


async def test_bad_messages_are_answered_or_set_aside_and_nothing_else_is_lost(
    tmp_path: Path,
) -> None:
    channel = Through()
    deep: Any = "дно"
    for _ in range(10):
        deep = {"type": "bold", "text": [deep]}
    block: Raw = {"type": "paragraph", "text": deep}
    for _ in range(10):
        block = {"type": "details", "summary": "…", "blocks": [block]}
    bottomless: Raw = {"type": "paragraph", "text": "x"}
    for _ in range(60):
        bottomless = {"type": "details", "summary": "…", "blocks": [bottomless]}
    async with shell(tmp_path, channel) as it:
        await at_the_account(it, channel, CHAT)
        place = {"latitude": 50.55, "longitude": 30.21}
        for raw in (
            message(rich_message={"blocks": [block]}),
            message(rich_message={"blocks": [bottomless]}),
            message(
                text="Слова",
                entities=[
                    {"type": "text_link", "offset": -5, "length": 900, "url": "https://e.org"}
                ],
            ),
            message(rich_message={"blocks": []}),
            *(
                message(photo=PHOTO, media_group_id="9", caption="ж" * 1024 if n == 0 else "")
                for n in range(10)
            ),
            message(text="Після."),
        ):
            channel.update(raw)
        await settled(it)
        channel.update(
            message(location=place, venue={"location": place, "title": "", "address": ""})
        )
        await settled(it)
        await say(it, channel, str(CHAT), "[Ні]")
        data = await opened(it, channel, tmp_path)
    report = json.loads((data / "referral.json").read_bytes())
    told = [part["text"] for part in report["incidents"][0]["account"]]
    assert (
        any("дно" in text for text in told)
        and "Слова" in told
        and "Після." in told
        and "ж" * 1024 in told
    )
    assert len(report["exhibits"]) == 10
    assert [each["why"] for each in report["set_aside"]] == ["ValueError"]


async def test_why_a_message_did_not_go_passes_through_a_context_manager() -> None:
    @asynccontextmanager
    async def through() -> AsyncIterator[None]:
        yield

    with pytest.raises(Undelivered) as failure:
        async with through():
            raise Undelivered("retry", 7)
    assert (failure.value.why, failure.value.after) == ("retry", 7)


def test_two_edits_within_one_second_are_two_events() -> None:
    async def keys() -> set[str]:
        channel = Telegram("telegram", SANDBOX_TOKENS["witness"], "http://127.0.0.1:1", local=False)
        message = {
            "message_id": 3,
            "date": 1,
            "edit_date": 5,
            "chat": {"id": 7, "type": "private", "first_name": "A"},
        }
        read = [
            channel.read({"update_id": n, "edited_message": {**message, "text": f"edit {n}"}})
            for n in (1, 2)
        ]
        await channel.close()
        return {item.key for item in read if item is not None}

    assert len(asyncio.run(keys())) == 2
