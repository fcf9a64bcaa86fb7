"""What a witness may ask for after the receipt: shown only after a warning, for a day, and checked by officers."""

import hashlib
import re
from pathlib import Path

import pytest

from bot.channels.incoming import Pressed
from bot.errors import Refused, Tampered
from bot.witness import receipt_buttons
from bot.witness.receipt_buttons import Wanted
from bot.workstation import check_receipt
from storage import tables as t
from tests.numbers import Numbers
from tests.opened import dossier_of
from tests.shell import Shell, shell
from tests.waiting import until
from tests.witness.test_addenda import CHAT, OTHER, TO_SEND, WAY_IN, say

PHOTO = b"a yard" * 5000


async def sent(it: Shell, channel: Numbers, *, file: bool = True) -> str:
    """A report of some words and a photo; its number."""
    await say(it, channel, CHAT, *WAY_IN, "3", "I saw it.")
    if file:
        channel.send(CHAT, "photo", PHOTO, 1)
        await it.quiet()
        it.ahead += 10  # the burst is over: on a slow machine its status message would come between two presses
        await it.quiet()
    await say(it, channel, CHAT, "done", *TO_SEND)
    found = re.search(r"Number: (\S+)", "\n".join(channel.said[CHAT]))
    assert found
    return found[1]


async def test_the_files_are_listed_after_a_warning_with_what_they_are(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        reference = await sent(it, channel)
        assert "will understand that" in await say(it, channel, CHAT, "[List of files]")
        listed = await say(it, channel, CHAT, "[Show it]")
        assert reference in listed and hashlib.sha256(PHOTO).hexdigest() in listed
        assert "File 1: photo, " in listed
        assert await it.count(t.conversations) == 0


async def test_the_signed_receipt_is_that_of_the_dossier_and_of_no_other(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        reference = await sent(it, channel)
        await say(it, channel, CHAT, "[Signed receipt]")
        told = await say(it, channel, CHAT, "[Show it]")
        data = await dossier_of(it, reference, tmp_path)
    paper = tmp_path / "receipt.txt"
    paper.write_text(told, "utf-8")
    checked = check_receipt.check(paper, data.parent, "")
    assert checked.found[1].startswith("1 files and the report are, byte for byte,")
    assert checked.missing == []
    paper.write_text(told.replace('"files":1', '"files":2'), "utf-8")
    with pytest.raises(Tampered, match="was changed since"):
        check_receipt.check(paper, data.parent, "")
    paper.write_text("Number: 1234", "utf-8")
    with pytest.raises(Refused, match="no receipt"):
        check_receipt.check(paper, data.parent, "")
    paper.write_text(told, "utf-8")
    (data / "referral.json").write_bytes(
        (data / "referral.json").read_bytes().replace(b"I saw it.", b"I did it.")
    )
    with pytest.raises(Tampered, match="referral_sha256"):
        check_receipt.check(paper, data.parent, "")


async def test_a_report_without_files_has_no_list_and_no_more_than_a_receipt(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await sent(it, channel, file=False)
        assert channel.number_of(CHAT, "List of files") is None
        assert channel.number_of(CHAT, "Signed receipt")


async def test_no_takes_the_warning_away_and_shows_nothing(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await sent(it, channel)
        await say(it, channel, CHAT, "[List of files]")
        before = len(channel.said[CHAT])
        await say(it, channel, CHAT, "[No]")
        assert len(channel.said[CHAT]) == before


async def test_after_a_day_it_is_gone_with_its_key(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await sent(it, channel)
        assert await it.count(t.work)
        await say(it, channel, CHAT, "[List of files]")
        it.ahead += receipt_buttons.PROOF_SECONDS + 10

        async def gone() -> bool:
            return not await it.count(t.work)

        await until(gone)
        assert "no longer" in await say(it, channel, CHAT, "[Show it]")


@pytest.mark.parametrize(
    "token, expected",
    [
        ("~files.abc.uk", Wanted("files", False, "abc", "uk")),
        ("~signed!.abc.en", Wanted("signed", True, "abc", "en")),
        ("~files..uk", None),
        ("files.abc.uk", None),
        ("~other.abc.uk", None),
        ("~", None),
        ("", None),
    ],
)
def test_only_a_whole_button_asks_for_anything(token: str, expected: Wanted | None) -> None:
    assert receipt_buttons.asked_for(token) == expected


async def test_who_hid_the_chat_while_it_was_sent_has_the_number_with_the_return_words(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, CHAT, *WAY_IN, "1")
        words = re.search(
            r"want to come back to the report[^\n]+\n\n([^\n]+)", "\n".join(channel.said[CHAT])
        )
        assert words
        await say(
            it,
            channel,
            CHAT,
            "I saw it.",
            "done",
            "[Go on to sending]",
            "[Skip]",
            "[Skip]",
            "[Skip]",
            "[Skip]",
            "[Go on to sending]",
        )
        channel.write(CHAT, channel.number_of(CHAT, "Send") or "", 1)
        channel.write(CHAT, "/hide", 1)
        await it.quiet()
        (reference,) = await it.referrals()
        assert not any(reference in text for text in channel.said[CHAT])
        assert (await it.count(t.conversations), await it.count(t.outbox)) == (0, 0)
        told = await say(it, channel, OTHER, words[1])
        assert reference in told
        assert await say(it, channel, OTHER, "no such words at all") != told


async def test_hide_while_it_is_sent_clears_the_chat_and_sends_all_the_same(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(
            it,
            channel,
            CHAT,
            *WAY_IN,
            "3",
            "I saw it.",
            "done",
            "[Go on to sending]",
            "[Skip]",
            "[Skip]",
            "[Skip]",
            "[Skip]",
            "[Go on to sending]",
        )
        channel.write(CHAT, channel.number_of(CHAT, "Send") or "", 1)
        channel.write(CHAT, "/hide", 1)
        await it.quiet()
        assert len(await it.referrals()) == 1 and await it.count(t.conversations) == 0
        after = await say(it, channel, OTHER, "/start")
        assert "Choose a language" in after


async def test_an_old_button_of_a_sent_report_says_so_and_offers_to_add(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, CHAT, *WAY_IN, "3", "I saw it.")
        old = channel.listed[CHAT][0].token
        await say(it, channel, CHAT, "done", *TO_SEND)
        (reference,) = await it.referrals()
        channel.do(CHAT, Pressed(old), 1)
        await it.quiet()
        assert channel.said[CHAT][-1].startswith("That report is sent.")
        assert "What is the number" in await say(it, channel, CHAT, "[Add to your report]")
        assert reference not in channel.said[CHAT][-1]
        before = len(channel.said[CHAT])
        channel.do(OTHER, Pressed("abcdef.1.0"), 1)
        await it.quiet()
        assert len(channel.said[CHAT]) == before and OTHER not in channel.said
