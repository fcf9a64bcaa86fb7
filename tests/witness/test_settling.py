"""What was delivered is noted, whatever fails or is slow meanwhile."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.witness.render import is_ours
from conversations.effects import Show
from conversations.model import Date, Option, Quote, Size, Text
from storage.jobs import Job
from storage.writer import Writer
from tests.shell import shell
from tests.waiting import until
from tests.witness.test_addenda import WAY_IN, say
from tests.witness.test_at_once import Slow


async def test_hide_takes_a_message_whose_commit_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its row is gone with the report before the next try."""
    channel, together, failed = Slow(), Writer._together, list[int]()

    async def once(self: Writer, jobs: list[Job[Any]]) -> list[Job[Any]]:
        if not failed and all(job.patient for job in jobs):
            failed.append(len(jobs))
            raise OSError
        return await together(self, jobs)

    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "1")
        channel.held = go = asyncio.Event()
        channel.write("A", "A saw it.", 1)
        await until(lambda: channel.under_way)
        monkeypatch.setattr(Writer, "_together", once)
        go.set()
        await until(lambda: bool(failed))
        channel.held = None
        channel.write("A", "/hide", 1)
        await until(lambda: 7 in channel.removed)


OURS = Show(Text("Where was it?"), (Option("a", Text("Kyiv")), Option("@back", Text("Back"))))


@pytest.mark.parametrize(
    "show",
    [
        Show(Text("{n} kept", {"n": 3}), OURS.choices),
        Show(OURS.text, (), lead=(Text("Kept."),), below=(Text("Press."),)),
    ],
)
def test_what_is_ours_alone_may_be_remembered(show: Show) -> None:
    assert is_ours(OURS) and is_ours(show)


@pytest.mark.parametrize(
    "said", [Quote(("where",)), Date("2022-03"), Size(5), "Буча", Text("Sumy region")]
)
def test_nothing_that_a_witness_wrote_or_pressed_is_remembered(said: Any) -> None:
    theirs = Text("{it}", {"it": said})
    assert not is_ours(Show(theirs))
    assert not is_ours(Show(OURS.text, lead=(theirs,)))
    assert not is_ours(Show(OURS.text, below=(theirs,)))
    assert not is_ours(Show(OURS.text, (Option("a", theirs),)))
    assert not is_ours(Show(OURS.text, (Option("a", Text("Буча"), verbatim=True),)))
    assert not is_ours(Show(OURS.text, (Option("a", Text("Killing"), chosen=True),)))


async def test_only_who_delivers_remembers_what_was_said(tmp_path: Path) -> None:
    channel = Slow()
    async with shell(tmp_path, channel) as it:
        channel.held = asyncio.Event()
        channel.write("A", "/start", 1)
        await until(lambda: channel.under_way)
        assert it.writer.remembers
        for task in it.tasks:
            task.cancel()
        await asyncio.gather(*it.tasks, return_exceptions=True)
        assert not it.writer.remembers and not it.writer.recent
        it.tasks.clear()
