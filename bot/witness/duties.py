"""What falls due in the witness's process: waits, submissions, words, places, chats to clear."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Final

import structlog
from sqlalchemy import select

from bot.channels.port import Channel, Undelivered
from bot.logs import where_raised
from bot.process.backoff import backoff
from bot.process.retry import retry
from bot.process.workers import run_workers
from bot.witness import addenda, places, receipt_buttons, wordlist
from bot.witness.converse import Converse
from bot.witness.receipt_buttons import Wanted
from bot.witness.retry_set_aside import Again
from bot.witness.submitting import Submitting
from conversations.events import Began, Looked, PlacesFound, Waited, WordsMade
from storage import referrals
from storage import tables as t
from storage.bodies import Body, channel_of
from storage.database import Database
from storage.gazetteer.search import Gazetteer
from storage.group import Group
from storage.jobs import Job, Overtaken
from storage.keys import Box, chat_name, lost_name, words_name
from storage.quarantine import AGAIN
from storage.queues import Queues, Task
from storage.writer import ClaimLost, Writer

log = structlog.get_logger()
POLL_SECONDS = 0.1
AT_ONCE = 64
TOGETHER = 16
TRY_SECONDS = 5


@dataclass(slots=True)
class Duties:
    channels: Mapping[str, Channel]
    database: Database
    master: Box
    queues: Queues
    writer: Writer
    converse: Converse
    filing: Submitting
    gazetteer: Gazetteer | None
    clock: Callable[[], float]

    async def serve(self) -> None:
        """Do what falls due until cancelled."""
        await run_workers(
            KINDS,
            self.queues,
            self.database,
            self.clock,
            self._one,
            at_once=lambda: AT_ONCE,
            idle=POLL_SECONDS,
            together=TOGETHER,
        )

    async def _one(self, task: Task) -> None:
        try:
            await DUTIES[task.kind](self, task)
        except ClaimLost:
            raise
        except Overtaken:
            await retry(lambda: self.queues.later(task, int(self.clock())))
        except Exception as failure:  # noqa: BLE001 - one row must not stop the others
            log.error("work set back", kind=task.kind, error=where_raised(failure))
            await retry(
                lambda: self.queues.later(
                    task, int(self.clock() + backoff(task.tries, longest=600))
                )
            )

    async def submit(self, task: Task) -> None:
        await self.filing.submit(task)

    async def again(self, task: Task) -> None:
        await Again(self.channels, self.database, self.writer, self.converse, self.queues).attempt(
            task
        )

    async def wait(self, task: Task) -> None:
        def waited(group: Group) -> None:
            draft = group.draft(id_=task.conversation or "")
            if draft is not None and task.body is not None:
                event = Waited(
                    id=f"w{task.id}", at=group.now, received=group.now, key=task.body["key"]
                )
                self.converse.happen(group, draft, event)

        await self.writer.write(Job(waited, ids=(task.conversation or "",), claim=task.claim))

    async def words(self, task: Task) -> None:
        """Take return words: five from the list of the witness's language, or their own.

        Own ones that open another report already (the same person's, most likely), or one that is
        sent, cannot open two: then it is five. That tells whoever asks that somebody has these
        words, so that it costs a try.
        """
        if task.body is None:
            await self.queues.settle(task)
            return
        if task.body.get("drop"):
            await self._drop_words(task)
            return
        own = str(task.body["own"])
        if own and not self._may_try(task):
            await self.queues.later(task, int(self.clock()) + TRY_SECONDS)
            return
        words = "" if own else wordlist.five_words(str(task.body["language"]))
        name = await asyncio.to_thread(words_name, self.master, wordlist.plain_words(own or words))
        if own and await self._opens_another(name, task.conversation or ""):
            words = wordlist.five_words(str(task.body["language"]))
            name = await asyncio.to_thread(words_name, self.master, wordlist.plain_words(words))

        def made(group: Group) -> None:
            draft = group.draft(id_=task.conversation or "")
            if draft is not None:
                draft.take_words(name)
                self.converse.happen(
                    group,
                    draft,
                    WordsMade(id=f"n{task.id}", at=group.now, received=group.now, words=words),
                )

        await self.writer.write(Job(made, ids=(task.conversation or "",), claim=task.claim))

    async def _drop_words(self, task: Task) -> None:
        def drop(group: Group) -> None:
            if draft := group.draft(id_=task.conversation or ""):
                draft.take_words(None)

        await self.writer.write(Job(drop, ids=(task.conversation or "",), claim=task.claim))

    async def _opens_another(self, words: bytes, conversation: str) -> bool:
        c = t.conversations.c
        query = select(c.id).where(c.words == words, c.id != conversation)
        async with self.database.reading() as connection:
            open_one = (await connection.execute(query)).first()
            return open_one is not None or bool(await referrals.by_words(connection, [words]))

    def _may_try(self, task: Task) -> bool:
        return self.converse.returning.use_a_try((task.conversation or "").encode())

    async def look(self, task: Task) -> None:
        """Look for a referral by its number and return words, as often as the tries over all chats
        allow.
        """
        if task.body is None:
            await self.queues.settle(task)
            return
        if not task.body.get("asked"):
            looked = addenda.read_number(str(task.body["reference"]))
        elif not self._may_try(task):
            await self.queues.later(task, int(self.clock()) + TRY_SECONDS)
            return
        else:
            looked = await addenda.look(
                self.database,
                self.filing.facts,
                self.master,
                str(task.body["reference"]),
                str(task.body["words"]),
            )

        def told(group: Group) -> None:
            draft = group.draft(id_=task.conversation or "")
            if draft is not None:
                event = Looked(id=f"l{task.id}", at=group.now, received=group.now, **asdict(looked))
                self.converse.happen(group, draft, event)

        await self.writer.write(Job(told, ids=(task.conversation or "",), claim=task.claim))

    async def place(self, task: Task) -> None:
        """Look up the settlement; a gazetteer that fails keeps nobody waiting, the words are kept
        already.
        """
        if task.body is None:
            await self.queues.settle(task)
            return
        body = task.body
        how = {"region": body["region"], "point": body["point"]}
        try:
            found = await asyncio.to_thread(
                places.find,
                self.gazetteer,
                self.filing.translator,
                body["language"],
                body["words"],
                **how,
            )
        except Exception as failure:  # noqa: BLE001 - without a settlement the conversation goes on
            log.error("the gazetteer failed", error=where_raised(failure))
            found = ()

        def told(group: Group) -> None:
            draft = group.draft(id_=task.conversation or "")
            if draft is not None:
                event = PlacesFound(
                    id=f"p{task.id}",
                    at=group.now,
                    received=group.now,
                    for_path=tuple(body["for_path"]),
                    choices=found,
                    part=body["part"],
                )
                self.converse.happen(group, draft, event)

        await self.writer.write(Job(told, ids=(task.conversation or "",), claim=task.claim))

    async def remove(self, task: Task) -> None:
        """Clear a chat; what the channel no longer deletes stays, as was said at consent."""
        if task.body is not None:
            chat = self._chat(task.body)
            channel = self.channels[channel_of(task.body)]
            ids = sorted(set(task.body["ids"]))
            if task.body.get("account", channel.account) not in ("", channel.account):
                ids = []  # they were another bot's: here the same ids are other messages
            try:
                await channel.remove(chat, ids)
            except Undelivered as failure:
                if failure.why in ("retry", "unknown"):
                    await self.queues.later(task, int(self.clock()) + max(1, round(failure.after)))
                    return

        await self.let_go(task)

    def _chat(self, body: Body) -> str:
        return self.master.open(bytes.fromhex(body["address"]), "conversations.address").decode()

    async def let_go(self, task: Task, also: Callable[[Group], None] | None = None) -> None:
        """Take away a row that has a key of its own, and the key."""

        def done(group: Group) -> None:
            group.destroy_key(task.slot)
            if also is not None:
                also(group)

        await self.writer.write(Job(done, claim=task.claim))

    async def begin(self, task: Task) -> None:
        """Greet a chat that was cleared because another person is there now."""
        if task.body is None:
            await self.let_go(task)
            return
        channel = channel_of(task.body)
        chat = self._chat(task.body)
        name = chat_name(self.master, channel, chat)

        def begun(group: Group) -> None:
            group.destroy_key(task.slot)
            if group.draft(chat=name) is None:  # whoever wrote meanwhile has begun already
                began = Began(id=f"b{task.id}", at=group.now, received=group.now)
                self.converse.greet(group, channel, chat, began)

        names = (lost_name(self.master, name),)
        await self.writer.write(Job(begun, chats=(name,), names=names, claim=task.claim))

    async def prove(self, task: Task) -> None:
        """Show a witness what was received, in place of the warning that stood before it."""
        if task.body is None:
            await self.let_go(task)
            return
        asked = Wanted(*(task.body[name] for name in ("what", "sure", "proof", "language")))
        found = await self.queues.named(receipt_buttons.proof_name(self.master, asked.proof))
        message = receipt_buttons.show_received(
            self.filing.translator, asked, found, self.filing.signed(found) if found else ""
        )
        place = {"address": task.body["address"], "channel": channel_of(task.body)}

        def told(group: Group) -> None:
            group.say_last(place["channel"], {**message, "address": place["address"]})
            group.remove_messages({**place, "ids": [task.body["message"]] if task.body else []})

        await self.let_go(task, told)


DUTIES: Final[Mapping[str, Callable[[Duties, Task], Awaitable[None]]]] = {
    "wait": Duties.wait,
    "submit": Duties.submit,
    "words": Duties.words,
    "look": Duties.look,
    "place": Duties.place,
    "remove": Duties.remove,
    "begin": Duties.begin,
    "prove": Duties.prove,
    "proof": Duties.let_go,
    AGAIN: Duties.again,
}
"""By the kind of a row of work."""
KINDS: Final = tuple(DUTIES)
