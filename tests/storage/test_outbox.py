"""What waits to be sent: the oldest of each conversation, opened when it is next."""

from pathlib import Path

from sqlalchemy import delete, select, update

from bot.witness.outgoing import outgoing
from bot.witness.sender import Sender
from storage import tables as t
from storage.group import Group
from storage.jobs import Job
from storage.outbox import Outbox
from tests.numbers import Numbers
from tests.shell import Shell, shell


async def said(it: Shell, chat: str, *texts: str, last: str = "") -> str:
    """A conversation with these messages, and with a farewell that belongs to none; its id."""
    sender = Sender.of(it.master, "others", chat)

    def run(group: Group) -> str:
        draft = group.draft(chat=sender.name) or group.begin("others", sender.name, sender.sealed)
        draft.save(b"{}")
        for text in texts:
            draft.send(outgoing(text))
        if last:
            group.say_last("others", {**outgoing(last), "address": sender.sealed.hex()})
        return draft.id

    return await it.writer.write(Job(run, chats=(sender.name,)))


async def test_each_conversation_has_its_turn_and_its_oldest_message(tmp_path: Path) -> None:
    async with shell(tmp_path, Numbers()) as it:
        outbox = Outbox(it.database, it.shred, "others", {})
        first = await said(it, "1", "a", "b")
        second = await said(it, "2", "c", last="farewell")
        found = await outbox.look(whole=True)
        sources = [source for _, source in found]
        assert set(sources) == {first, second, sources[2]} and isinstance(sources[2], int)
        oldest = await outbox.oldest(list(dict.fromkeys(sources)))
        texts = {source: message.body["text"] for source, (message, _) in oldest.items()}
        assert texts == {first: "a", second: "c", sources[2]: "farewell"}
        assert oldest[sources[2]][1] is None and oldest[first][1] is not None


async def test_a_look_finds_what_came_since_and_nothing_that_is_held(tmp_path: Path) -> None:
    async with shell(tmp_path, Numbers()) as it:
        outbox = Outbox(it.database, it.shred, "others", {})
        first = await said(it, "1", "a")
        await outbox.look(whole=True)
        second = await said(it, "2", "b")
        assert second in [source for _, source in await outbox.look(whole=False)]
        async with it.database.writing() as connection:
            held = update(t.outbox).where(t.outbox.c.conversation == first).values(held=True)
            await connection.execute(held)
            await connection.execute(delete(t.outbox).where(t.outbox.c.conversation == second))
        assert await outbox.look(whole=True) == [] and await outbox.oldest([first, second]) == {}
        async with it.database.writing() as connection:
            await connection.execute(update(t.outbox).values(held=False))
        assert [source for _, source in await outbox.look(whole=True)] == [first]


async def test_a_message_that_nothing_opens_is_tried_again_only_when_all_is_looked_at(
    tmp_path: Path,
) -> None:
    async with shell(tmp_path, Numbers()) as it:
        outbox = Outbox(it.database, it.shred, "others", {})
        outbox._overlap = 500
        lost, other = await said(it, "1", "a"), await said(it, "2", "b")
        async with it.database.reading() as connection:
            query = select(t.conversations.c.slot).where(t.conversations.c.id == lost)
            slot = (await connection.execute(query)).scalar_one()
        it.shred.file.destroy([slot])
        assert {source for _, source in await outbox.look(whole=True)} == {lost, other}
        assert set(await outbox.oldest([lost, other])) == {other}
        assert {source for _, source in await outbox.look(whole=False)} == {other}
        assert {source for _, source in await outbox.look(whole=True)} == {lost, other}
