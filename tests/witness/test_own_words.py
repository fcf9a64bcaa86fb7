"""Return words: a witness's own ones, and how often one may try."""

import re
import time
from pathlib import Path

import pytest

from bot.channels.incoming import Edit, Incoming, Typed
from bot.witness import return_words
from bot.witness.return_words import OF_ONE_CHAT, Returning
from storage import tables as t
from storage.jobs import Job
from tests.installation import running
from tests.numbers import Numbers
from tests.people import Phone
from tests.reader import count
from tests.shell import Shell, shell
from tests.whole.test_end_to_end import LABELS, OWN_WORDS, consented
from tests.witness.test_addenda import TO_SEND, WAY_IN, say

SAY = LABELS["en"]
OWN = "the blue lamp stood there"


async def agreed_with_own_words(phone: Phone) -> None:
    await consented(phone, SAY, OWN_WORDS)
    await phone.write(OWN)


async def test_words_that_open_a_report_already_are_not_taken_for_a_second_one(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, "sandbox", "witness") as it:
        first, second = [await Phone.new(it.http, name) for name in ("First", "Second")]
        await agreed_with_own_words(first)
        await first.until("The return words are taken")
        await first.write("said by the first")
        await first.until("Kept: 1")
        await agreed_with_own_words(second)
        await second.until(SAY["account"])
        given = (await second.until("note these words"))["text"]
        assert OWN not in given
        await it.delivered()
        assert (
            count(it.database, "(SELECT DISTINCT words FROM conversations WHERE words IS NOT NULL)")
            == 2
        )


async def test_words_of_a_report_that_is_sent_are_not_taken_for_a_second_one(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "2", OWN, "A saw it.", "done")
        await say(it, channel, "A", *TO_SEND)
        await say(it, channel, "B", *WAY_IN, "2", OWN)
        assert any("note these words" in said for said in channel.said["B"])
        await say(it, channel, "B", "B saw it.", "/hide")
        (reference,) = await it.referrals()
        assert reference in await say(it, channel, "A", OWN)


async def hidden(it: Shell, channel: Numbers, chat: str) -> str:
    """A report is hidden in this chat; its return words."""
    await say(it, channel, chat, *WAY_IN, "1", "A saw it.")
    found = re.search(
        r"want to come back to the report[^\n]+\n\n([^\n]+)", "\n".join(channel.said[chat])
    )
    assert found
    await say(it, channel, chat, "/hide")
    return found[1]


async def test_a_chat_that_guesses_takes_nobody_elses_tries(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        words = await hidden(it, channel, "A")
        await say(it, channel, "B", *["acorn almond anchor apple arrow"] * (OF_ONE_CHAT + 1))
        assert "once more in a minute" in channel.said["B"][-1]
        assert "You stopped at" in await say(it, channel, "A", words)


async def test_return_words_without_a_try_left_are_not_kept_and_open_the_report_a_minute_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        words = await hidden(it, channel, "A")
        monkeypatch.setattr(return_words, "TRIES_A_MINUTE", 1)
        it.converse.returning._overall.clear()
        await say(it, channel, "B", "Good day, I saw it")
        said = await say(it, channel, "A", words)
        assert (
            "once more in a minute" in said and "ще раз через хвилину" in said
        )  # whoever it is, and nothing is known of them
        later = time.monotonic() + 60
        it.converse.returning.clock = lambda: later
        assert "You stopped at" in await say(it, channel, "A", words)


async def test_whoever_writes_a_report_since_before_a_restart_uses_no_tries(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "3", "It was in March.")
        it.converse.returning._agreed.clear()  # as after a start
        await say(it, channel, "A", "There were two of them.")
        assert not it.converse.returning._overall


async def test_return_words_become_no_part_of_the_report_that_is_written_there(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        words = await hidden(it, channel, "A")
        await say(it, channel, "A", *WAY_IN, "3", "Said by another person.")
        kept = await it.count(t.answers)
        assert "These words open another report" in await say(it, channel, "A", words)
        assert "No report opens with these words" in await say(
            it, channel, "A", "acorn almond anchor apple arrow"
        )
        assert await it.count(t.answers) == kept
        await say(it, channel, "A", "/hide", words)
        assert "You stopped at" in channel.said["A"][-1]


async def test_own_words_unlock_a_report_that_lay_idle(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "2", OWN, "I saw it.")
        it.ahead += 31 * 60
        later = time.monotonic() + 31 * 60
        it.converse.returning.clock = lambda: later
        assert "write your return words" in await say(it, channel, "A", "/finish")
        assert "You stopped at" in await say(it, channel, "A", OWN)
        assert "I saw it." in await say(it, channel, "A", "[See what I wrote]", "/finish")


async def test_own_words_that_are_edited_open_the_report_and_are_no_part_of_it(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "2", "the blue lmap stood there")
        slip = f"n{channel.sent}"
        await say(it, channel, "A", "I saw it.")
        kept = await it.count(t.answers)
        await it.taking.take(
            "numbers", [Incoming("A", f"{slip}e1", slip, 0, 1, Edit(OWN), delivery=f"{slip}e1")]
        )
        await it.quiet()
        assert (
            "The return words are taken" in channel.said["A"][-2]
            and await it.count(t.answers) == kept
        )
        await say(it, channel, "A", "/hide", OWN)
        assert "You stopped at" in channel.said["A"][-1]


async def test_words_that_were_taken_open_nothing_after_no_return_words(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "1")
        found = re.search(
            r"want to come back to the report[^\n]+\n\n([^\n]+)", "\n".join(channel.said["A"])
        )
        assert found and await it.count(t.conversations) == 1
        await say(it, channel, "A", "[Back]", "[No, I do not]")
        assert any("open nothing any more" in said for said in channel.said["A"])
        await say(it, channel, "A", "I saw it.", "/hide")
        assert await it.count(t.conversations) == 0
        await say(it, channel, "B", found[1])
        assert "I saw it." not in "\n".join(channel.said["B"])


async def test_words_of_a_report_that_is_open_elsewhere_say_so(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "1", "A saw it.")
        found = re.search(
            r"want to come back to the report[^\n]+\n\n([^\n]+)", "\n".join(channel.said["A"])
        )
        assert found
        await say(it, channel, "B", "/start", "3")
        assert "is open in another chat. Hide it there first" in await say(
            it, channel, "B", found[1]
        )
        await say(it, channel, "A", "/hide")
        await say(it, channel, "B", found[1])
        assert "A saw it." in await say(it, channel, "B", "/finish")


async def test_a_message_that_is_written_a_second_time_costs_one_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transaction fails once; nobody is told that they tried too often because of that."""
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        returning, write, tried, failed = it.converse.returning, it.writer.write, [0], [0]
        use = type(returning).use_a_try

        def counted(self: Returning, whose: bytes) -> bool:
            tried[0] += 1
            return use(self, whose)

        async def fails_once(job: Job[object]) -> object:
            if not failed[0]:
                failed[0] += 1
                raise ValueError
            return await write(job)

        monkeypatch.setattr(Returning, "use_a_try", counted)
        monkeypatch.setattr(it.writer, "write", fails_once)
        said = Incoming("A", "k1", "k1", 0, 1, Typed(OWN), delivery="k1")
        await it.taking.take("numbers", [said])
        assert (tried, failed) == ([1], [1])
