"""Many at once: each has one report with all of theirs, all is filed, and one noisy person keeps nobody waiting."""

from pathlib import Path

import pytest

from conversations.model import File
from storage import tables as t
from tests.numbers import Numbers
from tests.shell import Shell, shell
from tests.witness.test_addenda import TO_SEND, WAY_IN

PEOPLE = 100


async def all_say(it: Shell, channel: Numbers, chats: list[str], *lines: str) -> None:
    """Everybody says the same at the same moment, line by line; a label in brackets is pressed."""
    for line in lines:
        for chat in chats:
            pressed = channel.number_of(chat, line[1:-1]) if line.startswith("[") else None
            channel.write(chat, pressed or line, 1)
        await it.quiet()


def album(channel: Numbers, chat: str, photos: int) -> None:
    """As Telegram delivers one: a message a photo, in one burst."""
    for number in range(photos):
        id_ = f"{chat}.{number}"
        channel.files[id_] = f"{chat} {number}".encode() * 50
        channel.do(chat, File(id_, "photo", size=len(channel.files[id_]), album=chat), 1)


@pytest.mark.long
async def test_an_album_from_a_hundred_new_people_is_one_report_each_with_every_photo(
    tmp_path: Path,
) -> None:
    channel, chats = Numbers(), [f"{1000 + n}" for n in range(PEOPLE)]
    async with shell(tmp_path, channel) as it:
        for chat in chats:
            album(channel, chat, 4)
        await it.quiet()
        assert await it.count(t.conversations) == PEOPLE
        assert await it.count(t.exhibits) == 4 * PEOPLE
        assert all(
            any("Choose a language" in said for said in channel.said[chat]) for chat in chats
        )
        it.ahead += 10
        await it.quiet()
        some = chats[
            ::5
        ]  # all the way; for the others too it would take the suite half a minute more
        await all_say(it, channel, some, *WAY_IN[1:], "3", "done", *TO_SEND)
        assert len(await it.referrals()) == len(some)
        left = PEOPLE - len(some)
        assert (await it.count(t.conversations), await it.count(t.exhibits)) == (left, 4 * left)
        assert await it.count(t.objects) == 4 * PEOPLE


async def test_after_a_noisy_person_the_next_one_is_answered_and_nothing_is_lost(
    tmp_path: Path,
) -> None:
    """Two thousand messages of one chat are twenty batches; whoever wrote in the middle of them has the first question."""
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        for number in range(2000):
            channel.write("noisy", f"word {number}", 1)
            if number == 1000:
                channel.write("quiet", "/start", 1)
        await it.quiet()
        assert "Choose a language" in channel.said["quiet"][-1]
        assert len(channel.said["noisy"]) < 200  # what it is told does not grow with what it says
        assert await it.count(t.answers) == 2000
