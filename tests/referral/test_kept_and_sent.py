"""What a witness keeps is shown to them before it is sent; what they take back, or never said yes to, is not sent."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.channels.incoming import (
    Commanded,
    ContactCard,
    Edit,
    Incoming,
    Pointed,
    Pressed,
    Typed,
    Unread,
)
from bot.channels.telegram import Telegram
from bot.errors import Tampered
from bot.witness.quota import Left, Quota
from bot.workstation.verify import verify
from storage import age
from storage import tables as t
from storage.records import inline
from tests.numbers import Numbers
from tests.opened import dossier_of
from tests.shell import Shell, shell
from tests.waiting import until
from tests.witness.test_addenda import SKIPPED, TO_SEND, WAY_IN, reported, say

ROLE = ("/start", "3", "1", "1", "1", "1")


async def referral(it: Shell, folder: Path) -> dict[str, Any]:
    """What officers open of the one that is filed."""
    (reference,) = await it.referrals()
    opened: dict[str, Any] = json.loads(
        ((await dossier_of(it, reference, folder)) / "referral.json").read_bytes()
    )
    return opened


async def test_words_of_before_that_are_sent_are_in_the_review_of_somebody_who_took_part(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", "I was ordered to drive them away.", *ROLE, "[More options]")
        await say(
            it, channel, "A", "[I took part or was ordered]", "[Yes, go on]", "[No, I do not]"
        )
        assert "What happened: I was ordered to drive them away." in await say(
            it, channel, "A", "/finish"
        )


async def test_a_word_in_one_event_takes_no_answer_of_another_away(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(
            it,
            channel,
            "A",
            *WAY_IN,
            "3",
            "They shelled the street.",
            "done",
            "[Answer questions]",
            "[Skip]",
        )
        await say(
            it,
            channel,
            "A",
            "From the window.",
            "12 March 2022",
            "[Skip]",
            "[Skip]",
            "[Skip]",
            "[Skip]",
        )
        await say(it, channel, "A", "[Yes]", "Then they tortured my brother.", "done")
        review = await say(it, channel, "A", "/finish")
        assert "When: 12 March 2022" in review and "From the window." in review
        await say(it, channel, "A", "[Go on to sending]", "[Skip]", "[Skip]", "[Send]")
        first = (await referral(it, tmp_path))["incidents"][0]["answers"]
        assert (
            first["when"]["edtf"] == "2022-03-12"
            and first["vantage"]["words"] == "From the window."
        )


async def test_whoever_writes_that_they_are_in_danger_is_told_that_nobody_reads_also_when_they_finish(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "3", "They are at my door. I am in danger.")
        assert "Nobody is reading your words now" in await say(it, channel, "A", "/finish")
        assert "You can read it" in await say(it, channel, "A", "/finish")


async def test_whoever_tells_that_they_took_part_is_told_of_advice_also_when_they_finish(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "3", "We were ordered to shoot.")
        assert "lawyer" in await say(it, channel, "A", "/finish")
        assert "You can read it" in await say(it, channel, "A", "/finish")
        assert "lawyer" not in channel.said["A"][-1]


class Slow(Numbers):
    """Files come when they may."""

    may: asyncio.Event

    async def open(self, file_id: str) -> AsyncIterator[bytes]:
        await self.may.wait()
        async for chunk in super().open(file_id):
            yield chunk


async def answered(it: Shell, channel: Numbers) -> None:
    """Wait until everything is taken in and answered, whatever is still on its way to us."""

    async def said() -> bool:
        return channel.accepted == channel.sent and not await it.count(t.outbox)

    await until(said)


async def test_a_report_that_waits_for_a_file_can_be_erased(tmp_path: Path) -> None:
    channel = Slow()
    channel.may = asyncio.Event()
    async with shell(tmp_path, channel) as it:
        await say(
            it,
            channel,
            "A",
            *WAY_IN,
            "3",
            "A saw it.",
            "done",
            "[Go on to sending]",
            "[Skip]",
            "[Skip]",
            "[Skip]",
            "[Skip]",
            "[Go on to sending]",
        )
        channel.send("A", "photo", b"a" * 5000, 1)
        await answered(it, channel)
        for label in ("Send", "/delete", "Erase everything"):
            channel.write("A", channel.number_of("A", label) or label, 1)
            await answered(it, channel)
            assert label != "Send" or "still arriving" in channel.said["A"][-1]
        assert "erased" in channel.said["A"][-1]
        channel.may.set()
        await it.quiet()
        assert (await it.count(t.conversations), await it.referrals()) == (0, [])


async def test_a_point_that_nobody_confirmed_is_not_sent(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "3", "A saw it.", "done", "[Answer questions]")
        channel.do("A", Pointed(52_229_700, 21_012_200, 5, live=False), 1)
        await it.quiet()
        asked = await say(it, channel, "A", "/finish")
        assert "Is this point the place of the event" in asked, (
            "before it is left behind it is asked about"
        )
        await say(it, channel, "A", "/finish", "[Go on to sending]", "[Skip]", "[Skip]", "[Send]")
        (reference,) = await it.referrals()
        data = await dossier_of(it, reference, tmp_path)
        assert not [path for path in data.rglob("*.*") if b"52.2297" in path.read_bytes()]


@pytest.mark.parametrize("kind", ["message", "edited_message"])
def test_what_cannot_be_read_is_set_aside_without_names(kind: str) -> None:
    person = {"id": 77, "is_bot": False, "first_name": "Kanarka", "username": "kanarka"}
    forwarded = {"type": "user", "date": 1, "sender_user": person}
    chat = {"id": 77, "type": "private", "first_name": "Kanarka", "username": "kanarka"}
    body = {
        "message_id": 5,
        "date": "no date",
        "from": person,
        "chat": chat,
        "text": "AA1234",
        "forward_origin": forwarded,
    }
    channel = Telegram("telegram", "1:a", "http://127.0.0.1:1", local=False)
    found = channel.read({"update_id": 1, kind: body})
    assert isinstance(found, Unread)
    assert b"kanarka" not in found.raw.lower() and b"AA1234" in found.raw and found.chat == "77"


@pytest.mark.parametrize("document", ["referral.json", "transcript.txt"])
async def test_an_account_that_whoever_holds_the_database_invented_does_not_open(
    document: str, tmp_path: Path
) -> None:
    """Anybody can seal something to the public key of a report; nobody can have it agree with its custody."""
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        reference, _ = await reported(it, channel, words=False)
        data = await dossier_of(it, reference, tmp_path)
        assert verify([data.parent], lambda _: None).wrong == {}
        invented = (data / document).read_bytes().replace(b"I saw it", b"I saw no")
        async with it.database.writing() as connection:
            recipient = (await connection.execute(t.referrals.select())).one().account_recipient
            sealed = inline(f"{document}.age", age.seal(invented, recipient))
            row = {"body": sealed.body, "size": sealed.size, "sealed_sha256": sealed.sealed_sha256}
            await connection.execute(
                t.pieces.update().where(t.pieces.c.path == sealed.path).values(**row)
            )
        (again := tmp_path / "again").mkdir()
        with pytest.raises(Tampered, match=document):
            await dossier_of(it, reference, again)


async def test_a_point_goes_with_the_place_it_was_called(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "3", "A saw it.", "done", "[Answer questions]")
        channel.do("A", Pointed(50_450_100, 30_523_400, 5, live=False), 1)
        await it.quiet()
        await say(
            it,
            channel,
            "A",
            "[Yes, the place of the event]",
            "/finish",
            "[Change or remove]",
            "[Where]",
            "[Remove]",
        )
        await say(it, channel, "A", "/finish", "[Go on to sending]", "[Skip]", "[Skip]", "[Send]")
        (reference,) = await it.referrals()
        data = await dossier_of(it, reference, tmp_path)
        assert not [path for path in data.rglob("*.*") if b"50.450" in path.read_bytes()]


async def test_of_two_cards_only_the_one_that_agreed_is_sent(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "3", "A saw it.", "done", "[Answer questions]")
        for name, answer in (
            ("Agreed", "[They agreed]"),
            ("Refused", "[No, do not keep it]"),
            ("Unasked", ""),
        ):
            channel.do("A", ContactCard(f"{name}\n+000"), 1)
            await it.quiet()
            await say(it, channel, "A", *([answer] if answer else []))
        await say(it, channel, "A", "/finish", "[Go on to sending]", "[Skip]", "[Skip]", "[Send]")
        (reference,) = await it.referrals()
        data = await dossier_of(it, reference, tmp_path)
        everything = b"".join(path.read_bytes() for path in data.rglob("*.*") if path.is_file())
        assert rb"Agreed\n+000" in (data / "identity.json").read_bytes()
        assert b"Refused" not in everything and b"Unasked" not in everything
        assert b"Agreed" not in (data / "transcript.txt").read_bytes()


async def test_danger_is_answered_at_whichever_question_it_is_told(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(
            it, channel, "A", *WAY_IN, "3", "A saw it.", "done", "[Answer questions]", "[Skip]"
        )
        assert "Nobody is reading your words now" in await say(
            it, channel, "A", "From the window. They are at my door now."
        )
        assert "When did" in await say(it, channel, "A", "[Go on]")


async def test_a_file_that_comes_after_erase_was_asked_leaves_its_button_alive(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "3", "A saw it.")
        await say(it, channel, "A", "/delete")
        erase = next(button for button in channel.listed["A"] if button.label == "Erase everything")
        channel.send("A", "photo", b"a" * 5000, 1)
        await it.quiet()
        channel.do("A", Pressed(erase.token), 1)
        await it.quiet()
        assert "erased" in channel.said["A"][-1] and await it.count(t.conversations) == 0


async def test_a_date_that_was_passed_over_without_a_yes_is_uncertain(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(
            it,
            channel,
            "A",
            *WAY_IN,
            "3",
            "A saw it.",
            "done",
            "[Answer questions]",
            "[Skip]",
            "[Skip]",
            "on the first day",
        )
        assert "24 February 2022" in channel.said["A"][-1]
        await say(
            it,
            channel,
            "A",
            "[Skip]",
            "/finish",
            "[Go on to sending]",
            "[Skip]",
            "[Skip]",
            "[Send]",
        )
        assert (await referral(it, tmp_path))["incidents"][0]["answers"]["when"][
            "edtf"
        ] == "2022-02-24?"


async def test_a_typed_yes_that_is_edited_to_no_is_asked_about_and_not_left_a_yes_unseen(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", "/start", "3", "yes")  # safe to write now
        typed = f"n{channel.sent}"
        await it.taking.take(
            "numbers", [Incoming("A", f"{typed}e1", typed, 0, 1, Edit("no"), delivery=f"{typed}e1")]
        )
        await it.quiet()
        assert "You answered: “Yes”. Change it?" in channel.said["A"][-1]
        assert await it.count(t.answers) == 2  # the language and the yes


async def test_words_that_are_somebody_elses_are_sent_as_such(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "3", "This came to me.")
        channel.do("A", Typed("yes", forwarded="channel", forwarded_at=1_700_000_000), 1)
        await it.quiet()
        await say(it, channel, "A", "done", "[Go on to sending]")
        channel.do(
            "A", Typed("It was the 64th brigade.", forwarded="user", forwarded_at=1_700_000_000), 1
        )
        await it.quiet()
        await say(it, channel, "A", *SKIPPED, "[Go on to sending]", "[Send]")
        (reference,) = await it.referrals()
        data = await dossier_of(it, reference, tmp_path)
        told = json.loads((data / "referral.json").read_bytes())
        mine, channels, persons = told["incidents"][0]["account"]
        assert "forwarded" not in mine and "channel" in told["flags"]
        assert channels["forwarded"] == {
            "kind": "channel",
            "public": True,
            "date": "2023-11-14T22:13:20Z",
        }
        assert (persons["text"], persons["forwarded"]["kind"]) == (
            "It was the 64th brigade.",
            "user",
        )
        assert (
            "(forwarded from a channel, first sent 2023-11-14T22:13:20Z)\n    yes"
            in (data / "transcript.txt").read_text()
        )
        assert "forwarded from a channel" in next(data.parent.glob("*.html")).read_text("utf-8")


@pytest.mark.parametrize("way", ["/hide", "Erase everything"])
async def test_an_edit_in_a_chat_that_is_empty_says_nothing(way: str, tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(
            it,
            channel,
            "A",
            *WAY_IN,
            "3",
            "I saw it.",
            *(("/delete", f"[{way}]") if way[0] != "/" else (way,)),
        )
        before = list(channel.said["A"])
        for edit in (Edit("I saw him."), Edit("")):
            channel.do("A", edit, 1)
            await it.quiet()
        assert channel.said["A"] == before and await it.count(t.conversations) == 0


async def test_what_is_added_and_forwarded_is_somebody_elses_on_the_page(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        reference, words = await reported(it, channel, words=True)
        await say(it, channel, "B", "/start", "3", "/add", reference, words, "[Add to the report]")
        channel.do(
            "B", Typed("They came at noon.", forwarded="channel", forwarded_at=1_700_000_000), 1
        )
        await it.quiet()
        await say(it, channel, "B", "done", "[Send]")
        page = next((await dossier_of(it, reference, tmp_path)).parent.glob("*.html")).read_text(
            "utf-8"
        )
        assert page.index("They came at noon.") < page.index(
            "forwarded from a channel, first sent 2023-11-14"
        )


async def test_one_chat_cannot_fill_the_vault_and_is_told_before_and_its_words_are_kept(
    tmp_path: Path,
) -> None:
    """Eight of ten: what is left is said; the eleventh is refused by name, the twelfth says nothing more."""
    channel = Numbers()
    async with shell(tmp_path, channel, files=10) as it:
        await say(it, channel, "A", *WAY_IN, "3", "They shelled the street.")

        async def send(count: int) -> list[str]:
            """What is said of so many photos."""
            for _ in range(count):
                channel.send("A", "photo", b"x" * 1000, 1)
            await it.quiet()
            it.ahead += 10
            await it.quiet()
            return channel.said["A"]

        assert not [line for line in await send(7) if "more files, " in line]
        assert len([line for line in await send(1) if "can take 2 more files, " in line]) == 1
        said = await send(5)
        assert len([line for line in said if "Within a day this chat" in line]) == 1
        refused = [line for line in said if "limit of one day" in line]
        assert len(refused) == 1 and refused[0].startswith("Not received: photo (")
        await say(
            it,
            channel,
            "A",
            "And one more thing.",
            "done",
            "/finish",
            "[Go on to sending]",
            "[Skip]",
            "[Skip]",
        )
        await say(it, channel, "A", "[Send]")
        opened = await referral(it, tmp_path)
        assert (
            len(opened["exhibits"]) == 10
            and [x["why"] for x in opened["announced_not_received"]] == ["quota"] * 3
        )
        assert [part["text"] for part in opened["incidents"][0]["account"]][
            -1
        ] == "And one more thing."


def test_a_quota_is_of_a_chat_and_a_day_and_holds_no_name_of_it() -> None:
    now = 0.0
    quota = Quota(files=2, size=1000, clock=lambda: now)
    assert quota.begin("1710621616") and quota.left_after("1710621616", 500) is None
    quota.came("1710621616", 500, told=False)
    assert quota.begin("1710621616") and quota.left_after("1710621616", 400) == Left(0, 100)
    quota.came("1710621616", 400, told=True)
    assert not quota.begin("1710621616") and "1710621616" not in repr(quota)
    assert quota.begin("2") and quota.left_after("2", 1000) == Left(1, 0)
    quota.came("2", 1000, told=True)
    assert not quota.begin("2") and quota.left_after("2", 1) is None, "said once"
    quota.failed("1710621616")
    assert quota.begin("1710621616"), "what did not come is not counted"
    now = 24 * 3600
    assert quota.begin("1710621616") and quota.begin("2")


async def test_a_file_that_is_on_its_way_when_its_report_is_hidden_is_kept(tmp_path: Path) -> None:
    """The chat is not known any more then; the words bring the report back, and the file with it."""
    channel = Slow()
    channel.may = asyncio.Event()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "1")
        shown = re.search(
            r"want to come back to the report[^\n]+\n\n([^\n]+)", "\n".join(channel.said["A"])
        )
        assert shown
        await say(it, channel, "A", "I saw it.")
        channel.send("A", "photo", b"x" * 1000, 1)
        await answered(it, channel)
        channel.do("A", Commanded("hide"), 1)
        await answered(it, channel)
        channel.may.set()
        await it.quiet()
        await say(it, channel, "B", shown[1])
        await say(it, channel, "B", "/finish")
        for _ in range(12):
            labels = [button.label for button in channel.listed["B"]]
            if await it.referrals():
                break
            await say(
                it,
                channel,
                "B",
                f"[{next(x for x in ('Send', 'Go on to sending', 'Go on', 'Skip') if x in labels)}]",
            )
        assert [x["size"] for x in (await referral(it, tmp_path))["exhibits"]] == [1000]


async def test_what_is_spoken_is_taken_whatever_was_sent_before(tmp_path: Path) -> None:
    """Words are always taken, and a voice message is words."""
    channel = Numbers()
    async with shell(tmp_path, channel, files=3) as it:
        await say(it, channel, "A", *WAY_IN, "3")
        for kind in ("photo",) * 5 + ("voice",):
            channel.send("A", kind, kind.encode() * 200, 1)
            await it.quiet()
        assert "limit of one day" in "\n".join(channel.said["A"])
        await say(it, channel, "A", "done", *TO_SEND)
        opened = await referral(it, tmp_path)
        assert [x["kind"] for x in opened["exhibits"]] == ["photo"] * 3 + ["voice"]
        assert len(opened["incidents"][0]["account"]) == 1


async def test_hiding_does_not_begin_the_quota_anew(tmp_path: Path) -> None:
    channel = Slow()
    channel.may = asyncio.Event()
    async with shell(tmp_path, channel, files=3) as it:
        await say(it, channel, "A", *WAY_IN, "1", "I saw it.")
        channel.send("A", "photo", b"x" * 100, 1)
        await answered(it, channel)
        channel.may.set()
        await it.quiet()
        channel.may.clear()
        for _ in range(6):
            channel.send("A", "photo", b"x" * 100, 1)
        channel.do("A", Commanded("hide"), 1)
        await answered(it, channel)
        channel.may.set()
        await it.quiet()
        assert await it.count(t.objects) == 3
