"""After sending: found by number and words, added to, a sharing taken back; and what officers open has it all."""

import json
import re
import secrets
from pathlib import Path

from bot.referral import reference as references
from storage import referrals
from storage import tables as t
from tests.numbers import Numbers
from tests.opened import dossier_of
from tests.shell import Shell, shell

CHAT, OTHER = "77", "78"
WAY_IN = ("/start", "3", "1", "1", "1", "1")  # English … it happened to me, yes, go on

SKIPPED = ("[Skip]",) * 4
"""On the fast way: where they are, whether it was in Ukraine, with whom it may be shared, contact."""
TO_SEND = ("[Go on to sending]", *SKIPPED, "[Go on to sending]", "[Send]")
"""From the end of the account."""


async def say(it: Shell, channel: Numbers, chat: str, *lines: str) -> str:
    for line in lines:
        channel.write(
            chat, channel.number_of(chat, line[1:-1]) or line if line.startswith("[") else line, 1
        )
        await it.quiet()
    return channel.said[chat][-1]


async def reported(
    it: Shell, channel: Numbers, *, words: bool, chat: str = CHAT
) -> tuple[str, str]:
    """A report that is filed: its number, and its return words if it took any."""
    await say(it, channel, chat, *WAY_IN, "1" if words else "3")
    shown = re.search(
        r"want to come back to the report[^\n]+\n\n([^\n]+)", "\n".join(channel.said[chat])
    )
    await say(it, channel, chat, "I saw it.", "done", *TO_SEND)
    reference = re.search(r"Number: (\S+)", "\n".join(channel.said[chat]))
    assert reference
    return reference[1], shown[1] if shown else ""


async def test_what_is_added_is_opened_with_the_report_and_the_report_is_as_it_was(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        reference, words = await reported(it, channel, words=True)
        it.ahead += 3 * 3600
        await say(
            it,
            channel,
            OTHER,
            "/start",
            "3",
            "/add",
            reference.lower().replace("-", " "),
            "no such words at all",
        )
        assert "No report was found" in channel.said[OTHER][-1]
        assert "waits for an officer" in await say(it, channel, OTHER, words)
        await say(it, channel, OTHER, "One of them was called Buryat.")
        channel.send(OTHER, "photo", b"later" * 999, 1)
        await it.quiet()
        await say(it, channel, OTHER, "done", "[Send]")
        assert f"received with the report {reference}" in channel.said[OTHER][-1]
        assert (await it.count(t.conversations), await it.count(t.answers)) == (0, 0)
        data = await dossier_of(it, reference, tmp_path)
        async with it.database.reading() as connection:
            referral = await referrals.get(connection, reference, it.facts)
    assert referral is not None and (referral.facts["addenda"], referral.facts["exhibits"]) == (
        1,
        1,
    )
    first, added = (
        json.loads((data / p).read_bytes()) for p in ("referral.json", "addenda/a1/referral.json")
    )
    assert [p["text"] for p in first["incidents"][0]["account"]] == ["I saw it."]
    assert [p["text"] for p in added["incidents"][0]["account"]] == [
        "One of them was called Buryat."
    ]
    assert (data / "addenda/a1/exhibits/x1.jpg").read_bytes() == b"later" * 999
    log = [json.loads(line) for line in (data / "custody.jsonl").read_text().splitlines()]
    kinds = [line["kind"] for line in log]
    assert kinds[:-1] == ["begun", "submitted", "exhibit received", "addendum received"]
    assert kinds[-1] == "package handed out"
    assert log[-1]["hour"] == log[0]["hour"] + 3  # when it was added, not when it was begun


async def test_the_words_of_one_referral_do_not_open_another(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        own, words = await reported(it, channel, words=True)
        another, _ = await reported(it, channel, words=True, chat="79")
        await say(it, channel, OTHER, "/start", "3", "/add", own, words, "[Back]", "[Back]")
        assert "write the return words" in await say(it, channel, OTHER, another)
        assert "No report was found" in await say(it, channel, OTHER, words)


async def test_a_sharing_is_taken_back_and_the_card_and_the_ledger_say_so(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        reference, words = await reported(it, channel, words=True)
        await say(
            it,
            channel,
            OTHER,
            "/start",
            "3",
            "/status",
            reference,
            words,
            "[Skip]",
            "[Stop sharing with someone]",
        )
        await say(it, channel, OTHER, "[Ukraine's prosecutors]", "[Go on]", "[Send]")
        async with it.database.reading() as connection:
            referral = await referrals.get(connection, reference, it.facts)
        data = await dossier_of(it, reference, tmp_path)
    assert referral is not None and referral.facts["withdrawn"] == ["ukraine"]
    assert json.loads((data / "addenda/a1/referral.json").read_bytes())["withdrawn"] == ["ukraine"]
    assert "sharing withdrawn" in (data / "custody.jsonl").read_text()


async def test_a_wrong_number_and_wrong_words_look_the_same_and_nothing_is_kept(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        reference, words = await reported(it, channel, words=True)
        some = references.written(secrets.randbits(40))
        other = "lamp harbour violet candle sunday"
        said = []
        for chat, number, typed in (
            ("1", some, other),
            ("2", reference, other),
            ("3", some, ""),
            ("4", reference, ""),
        ):
            asked = await say(it, channel, chat, "/start", "3", "/status", number)
            assert "write the return words" in asked, (
                "asked for whichever way the number came, and whether or not it is one"
            )
            said.append(await say(it, channel, chat, typed or "[I noted none]"))
            await say(it, channel, chat, "[Leave]")
        assert len(set(said)) == 1 and "No report was found" in said[0]
        assert await it.count(t.conversations) == 0 and words


async def test_who_took_no_words_adds_by_the_number_alone_and_takes_nothing_back(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        reference, _ = await reported(it, channel, words=False)
        await say(
            it,
            channel,
            OTHER,
            "/start",
            "3",
            "/add",
            reference,
            "[I noted none]",
            "One of them limped.",
            "done",
        )
        assert (
            "Stop sharing" not in channel.said[OTHER][-1]
            and "One of them limped." in channel.said[OTHER][-1]
        )
        await say(it, channel, OTHER, "[Send]")
        data = await dossier_of(it, reference, tmp_path)
    added = json.loads((data / "addenda/a1/referral.json").read_bytes())
    assert added["shown_to_be_the_same_person"] is False


async def test_what_is_written_on_the_way_to_adding_is_added_and_leaving_asks_before_it_goes(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    words_of_it = "Згадала: у солдата була нашивка з літерою Z."
    async with shell(tmp_path, channel) as it:
        reference, words = await reported(it, channel, words=True)
        await say(it, channel, CHAT, "[Add to your report]", words_of_it)
        channel.send(CHAT, "photo", b"late" * 99, 1)
        await it.quiet()
        await say(it, channel, CHAT, words, "done")
        assert words_of_it in channel.said[CHAT][-1], "shown before it is sent"
        left = await say(it, channel, CHAT, "[Leave]")
        assert "If you leave now, it is erased" in left
        await say(it, channel, CHAT, "[Go back]", "[Send]")
        data = await dossier_of(it, reference, tmp_path)
    added = json.loads((data / "addenda/a1/referral.json").read_bytes())
    assert [p["text"] for p in added["incidents"][0]["account"]] == [words_of_it]
    assert added["shown_to_be_the_same_person"] is True and len(added["exhibits"]) == 1


async def test_a_photo_sent_after_the_receipt_is_held_and_added(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        reference, words = await reported(it, channel, words=True)
        channel.send(CHAT, "photo", b"late" * 999, 1)
        await it.quiet()
        await say(it, channel, CHAT, "3", "/add", reference, words, "done", "[Send]")
        data = await dossier_of(it, reference, tmp_path)
    assert (data / "addenda/a1/exhibits/x1.jpg").read_bytes() == b"late" * 999


async def test_the_receipt_s_buttons_go_on_in_its_language_though_nothing_here_remembers_the_chat(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        reference, words = await reported(it, channel, words=True)
        assert await it.count(t.conversations) == 0
        assert "write the return words" in await say(it, channel, CHAT, "[Add to your report]"), (
            "it hangs under the number"
        )
        await say(it, channel, CHAT, words, "A second lorry came.", "done", "[Send]")
        assert f"received with the report {reference}" in channel.said[CHAT][-1]
        again = await say(it, channel, CHAT, "[New report]")
        assert "Is it safe for you" in again and "Choose a language" not in again
        data = await dossier_of(it, reference, tmp_path)
    added = json.loads((data / "addenda/a1/referral.json").read_bytes())
    assert [p["text"] for p in added["incidents"][0]["account"]] == ["A second lorry came."]


async def test_another_person_on_the_same_phone_is_greeted_as_at_a_first_contact(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, CHAT, *WAY_IN, "1")
        shown = re.search(
            r"want to come back to the report[^\n]+\n\n([^\n]+)", "\n".join(channel.said[CHAT])
        )
        assert shown
        await say(it, channel, CHAT, "I saw it.", "/start")
        greeted = await say(it, channel, CHAT, "[Another person writes now]")
        assert "Choose a language" in greeted
        assert await it.count(t.conversations) == 2
        await say(
            it, channel, CHAT, *WAY_IN[1:], "3", "I heard it.", "done", "[Go on to sending]", *SKIPPED,
            "[Go on to sending]",
        )  # fmt: skip
        await say(it, channel, CHAT, "[Send]")
        opened = await say(it, channel, CHAT, shown[1])
        assert "You stopped at" in opened
        (reference,) = await it.referrals()
        data = await dossier_of(it, reference, tmp_path)
    assert b"I saw it." not in (data / "referral.json").read_bytes()


async def test_without_return_words_another_person_is_asked_about_erasing_first(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, CHAT, *WAY_IN, "3", "I saw it.", "/start")
        asked = await say(it, channel, CHAT, "[Another person writes now]")
        assert asked.startswith("Erase everything") and await it.count(t.answers) > 0


async def test_a_photo_held_after_the_receipt_and_one_that_is_added_are_both_kept(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        reference, words = await reported(it, channel, words=True)
        channel.send(CHAT, "photo", b"held" * 99, 1)
        await it.quiet()
        await say(it, channel, CHAT, "3", "/add", reference, words)
        channel.send(CHAT, "photo", b"added" * 99, 1)
        await it.quiet()
        await say(it, channel, CHAT, "done", "[Send]")
        assert f"received with the report {reference}" in channel.said[CHAT][-1]
        data = await dossier_of(it, reference, tmp_path)
    kept = {path.read_bytes() for path in (data / "addenda/a1/exhibits").iterdir()}
    assert kept == {b"held" * 99, b"added" * 99}


async def test_an_addendum_that_presses_or_is_of_a_special_category_makes_its_referral_so(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        reference, words = await reported(it, channel, words=True)
        await say(it, channel, OTHER, "/start", "3", "/add", reference, words)
        await say(
            it,
            channel,
            OTHER,
            "I was raped. They are at my door, I am in danger.",
            "done",
            "[Send]",
        )
        async with it.database.reading() as connection:
            referral = await referrals.get(connection, reference, it.facts)
            kinds = (await connection.execute(t.posts.select())).all()
    assert referral is not None and referral.facts["danger"] and referral.facts["vulnerable"]
    assert referral.facts["events"] == ["specialist"] and not referral.facts["months"]
    assert [row.kind for row in kinds] == ["card", "urgent"]


async def test_whoever_adds_that_they_are_in_danger_is_told_that_nobody_reads(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        reference, words = await reported(it, channel, words=True)
        await say(it, channel, OTHER, "/start", "3", "/add", reference, words)
        await say(it, channel, OTHER, "I am in danger.", "They are outside my door.")
        said = [text for text in channel.said[OTHER] if "Nobody is reading your words now" in text]
        assert len(said) == 1 and "call 999" in said[0]


async def test_the_number_is_told_in_the_language_of_the_words(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        reference, words = await reported(it, channel, words=True)
        said = await say(it, channel, OTHER, words)
        assert reference in said and "sent" in said
