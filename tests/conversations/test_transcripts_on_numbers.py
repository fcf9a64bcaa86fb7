"""Every transcript once more, through the whole shell, on a channel that has only numbers; what is filed is opened and read."""

import re
from pathlib import Path

import pytest

from bot.channels.incoming import Pointed
from conversations.languages import LANGUAGES
from storage import tables as t
from tests.appeals import EVERY
from tests.numbers import OTHER, Numbers
from tests.opened import dossier_of
from tests.play import FILE, PASSES, POINT, SECONDS, Story, stories
from tests.shell import THREE, Shell, shell

CHAT = "77"


NEW = [p for p in stories() if p.parent.name == "report"]
"""A report of an older flow cannot be begun any more."""


@pytest.mark.parametrize("path", NEW, ids=lambda p: f"{p.parent.name}/{p.stem}")
async def test_the_conversation_ends_the_same_with_numbers_only(path: Path, tmp_path: Path) -> None:
    story = Story.read(path)
    channel = Numbers()
    offered = THREE if story.head["language"] in LANGUAGES else EVERY
    async with shell(tmp_path, channel, offered) as it:
        for line in story.lines:
            do(it, channel, line, story)
            await it.quiet()
        filed, open_, kept = [
            await it.count(table) for table in (t.referrals, t.conversations, t.answers)
        ]
        slots = await it.count(t.exhibits)
        for reference in await it.referrals():
            await dossier_of(it, reference, tmp_path)
    expected = {
        "filed": (1, 0),
        "draft": (0, 1),
        "erased": (0, 0),
        "nothing kept": (0, 0),
        "hidden": (0, 1),
    }
    assert (filed, open_) == expected[story.head["outcome"]]
    if story.head["outcome"] != "draft":
        assert (kept, slots) == (0, 0)


def words_of(story: Story, channel: Numbers) -> str:
    """The return words of this story: those the bot showed, or the witness's own."""
    said = "\n".join(channel.said[CHAT])
    shown = re.search(r"(?:з’являться|появятся|shown again)[^\n]*\n\n([^\n]+)\n", said)
    return (
        shown[1]
        if shown
        else next(s for s in story.lines if s.count(" ") >= 3 and s[0] not in "[{")
    )


def do(it: Shell, channel: Numbers, line: str, story: Story) -> None:
    """One line of a story, as it can be done on this channel; what needs an old button cannot."""
    now = int(it.clock())
    if match := FILE.fullmatch(line):
        kind = match[2]
        if kind == "sticker":
            channel.do(CHAT, OTHER[line], now)
            return
        content = None if kind == "lost" else b"x" * min(int(match[3] or 1000), 100_000)
        channel.send(
            CHAT,
            "document" if kind == "lost" else kind,
            content,
            now,
            "channel" if match[1] else "",
        )
    elif line == "{later}":
        it.ahead += 10
    elif match := PASSES.fullmatch(line):
        it.ahead += int(match[1]) * SECONDS[match[2]]
    elif match := POINT.fullmatch(line):
        lat, lon = (round(float(match[n]) * 1e6) for n in (2, 3))
        channel.do(CHAT, Pointed(lat, lon, live=bool(match[1])), now)
    elif line == "{return words}":
        channel.write(CHAT, words_of(story, channel), now)
    elif line == "{waited elsewhere}":
        it.ahead += 25 * 3600
    elif line.startswith("{waited "):
        return  # the clock has gone on: it comes by itself
    elif line in OTHER:
        channel.do(CHAT, OTHER[line], now)
    elif match := re.fullmatch(r"\[(.+?)\]", line):
        if number := channel.number_of(CHAT, match[1]):
            channel.write(CHAT, number, now)
    else:
        seen = 2 if line.startswith("{too soon} ") else 1
        channel.write(CHAT, re.sub(r"^\{[a-z ]+\} ", "", line), now, seen=seen)
