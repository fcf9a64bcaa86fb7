"""Every transcript once more, through the whole shell, on a channel that has only numbers."""

import re
from pathlib import Path

import pytest

from storage import tables as t
from tests.numbers import OTHER, Numbers
from tests.play import FILE, Story, stories
from tests.shell import Shell, shell

CHAT = "77"


@pytest.mark.parametrize("path", stories(), ids=lambda p: f"{p.parent.name}/{p.stem}")
async def test_the_conversation_ends_the_same_with_numbers_only(path: Path, tmp_path: Path) -> None:
    story = Story.read(path)
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        for line in story.lines:
            do(it, channel, line)
            await it.quiet()
        filed, open_, kept = [await it.count(table) for table in (t.referrals, t.conversations, t.answers)]
        slots = await it.count(t.exhibits)
    expected = {"filed": (1, 0), "draft": (0, 1), "erased": (0, 0), "nothing kept": (0, 0)}
    assert (filed, open_) == expected[story.head["outcome"]]
    if story.head["outcome"] != "draft":
        assert (kept, slots) == (0, 0)


def do(it: Shell, channel: Numbers, line: str) -> None:
    """One line of a story, as it can be done on this channel; what needs an old button cannot."""
    now = int(it.clock())
    if match := FILE.fullmatch(line):
        kind = match[1]
        if kind == "sticker":
            channel.do(CHAT, OTHER[line], now)
            return
        content = None if kind == "lost" else b"x" * min(int(match[2] or 1000), 100_000)
        channel.send(CHAT, "document" if kind == "lost" else kind, content, now)
    elif line == "{later}":
        it.ahead += 10
    elif line in OTHER:
        channel.do(CHAT, OTHER[line], now)
    elif match := re.fullmatch(r"\[(.+?)\]", line):
        if number := channel.number_of(CHAT, match[1]):
            channel.write(CHAT, number, now)
    else:
        channel.write(CHAT, re.sub(r"^\{[a-z ]+\} ", "", line), now)
