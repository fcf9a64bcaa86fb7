"""What a job may look at: what it asked for. Anything else was not loaded, and would look as if it were not there."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import keys
from storage.group import Group
from storage.jobs import Job, NotAskedFor
from tests.numbers import Numbers
from tests.shell import shell
from tests.witness.test_addenda import CHAT, say

LOOKS: dict[str, Callable[[Group, bytes], object]] = {
    "chats": lambda group, name: group.draft(chat=name),
    "ids": lambda group, _: group.draft(id_="somebody"),
    "words": lambda group, name: group.of_words(name),
    "names": lambda group, name: group.note_seen(name),
    "exhibits": lambda group, _: group.exhibit("somebody", "x1"),
}


@pytest.mark.parametrize("kind", LOOKS)
async def test_what_a_job_did_not_ask_for_it_cannot_look_at(kind: str, tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, CHAT, "/start", "3")
        name = keys.chat_name(it.master, channel.name, CHAT)

        def job(group: Group) -> None:
            group.mark_seen(b"never")
            LOOKS[kind](group, name)

        beside = Job(lambda group: group.draft(chat=name), chats=(name,))
        failed = asyncio.ensure_future(it.writer.write(Job(job)))
        found = await it.writer.write(beside)
        with pytest.raises(NotAskedFor, match=kind):
            await failed
        assert found is not None and found.chat == name  # in the same transaction, most likely
        known = Job(lambda group: group.was_seen(b"never"), names=(b"never",))
        assert await it.writer.write(known) is False


async def test_what_one_noted_is_known_to_whoever_comes_after_it(tmp_path: Path) -> None:
    """Also in the same transaction, before anything is written."""

    def noted(group: Group) -> tuple[bool, bool]:
        before = group.was_seen(b"a")
        group.mark_seen(b"a")
        return before, group.was_seen(b"a")

    async with shell(tmp_path, Numbers()) as it:
        assert await it.writer.write(Job(noted, names=(b"a",))) == (False, True)
