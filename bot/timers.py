"""What falls due in the witness's process: waits, submissions, chats to clear, keys to shred, drafts to expire."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

import structlog
from sqlalchemy import delete, select

from bot import follow_up, places, receipt, wordlist
from bot.again import Again
from bot.channels.port import Channel, Undelivered
from bot.converse import Converse
from bot.filing import Filing
from bot.logs import where
from bot.patience import patiently
from bot.receipt import Wanted
from conversations.model import Began, Looked, PlacesFound, Waited, WordsMade
from storage import tables as t
from storage.database import Database
from storage.gazetteer.search import Gazetteer
from storage.group import Group, Job
from storage.keys import Box, ShredKeys, chat_name, words_name
from storage.ledger import number_leaves
from storage.quarantine import AGAIN
from storage.queues import Queues, Task
from storage.tables import SEEN_HOURS
from storage.vault import Vault
from storage.writer import Overtaken, Writer

log = structlog.get_logger()
POLL_SECONDS = 0.1
AT_ONCE = 64
CLAIM_SECONDS = 600
SWEEP_SECONDS = 600
KINDS = ("wait", "submit", "words", "look", "place", "remove", "prove", "proof", "begin", AGAIN, "shred")


@dataclass(slots=True)
class Timers:
    channels: Mapping[str, Channel]
    database: Database
    keys: ShredKeys
    master: Box
    queues: Queues
    vault: Vault
    writer: Writer
    converse: Converse
    filing: Filing
    gazetteer: Gazetteer
    draft_days: int
    clock: Callable[[], float]

    async def serve(self) -> None:
        """Do what falls due until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._sweeping())
            places = asyncio.Semaphore(AT_ONCE)
            while True:
                due = await patiently(self._claim)
                for task in due:
                    await places.acquire()
                    tasks.create_task(self._one(task, places))
                if not due:
                    await self.database.woken(POLL_SECONDS)

    async def _claim(self) -> list[Task]:
        return await self.queues.claim(KINDS, now=int(self.clock()), most=AT_ONCE, hold=CLAIM_SECONDS)

    async def _one(self, task: Task, places: asyncio.Semaphore) -> None:
        try:
            match task.kind:
                case "wait":
                    await self._wait(task)
                case "submit":
                    await self.filing.submit(task)
                case "words":
                    await self._words(task)
                case "look":
                    await self._look(task)
                case "place":
                    await self._place(task)
                case "remove":
                    await self._remove(task)
                case "begin":
                    await self._begin(task)
                case "prove":
                    await self._prove(task)
                case "proof":
                    await self._let_go(task)
                case "again":
                    again = Again(self.channels, self.database, self.writer, self.converse, self.queues)
                    await again.attempt(task)
                case "shred":
                    await self._shred(task)
        except Overtaken:
            await patiently(lambda: self.queues.later(task, int(self.clock())))
        except Exception as failure:  # noqa: BLE001 - one row must not stop the others
            log.error("work set back", kind=task.kind, error=where(failure))
            await patiently(lambda: self.queues.later(task, int(self.clock()) + min(2**task.tries, 600)))
        finally:
            places.release()

    async def _wait(self, task: Task) -> None:
        def waited(group: Group) -> None:
            group.loose.settled_work.add(task.claim)
            draft = group.draft(id_=task.conversation or "")
            if draft is not None and task.body is not None:
                event = Waited(id=f"w{task.id}", at=group.now, received=group.now, key=task.body["key"])
                self.converse.happen(group, draft, event)

        await self.writer.write(Job(waited, ids=(task.conversation or "",)))

    async def _words(self, task: Task) -> None:
        """Take return words: five from the list of the witness's language, or their own."""
        if task.body is None:
            await self.queues.settle(task)
            return
        own = str(task.body["own"])
        words = "" if own else wordlist.five(str(task.body["language"]))
        name = await asyncio.to_thread(words_name, self.master, wordlist.plain(own or words))

        def made(group: Group) -> None:
            group.loose.settled_work.add(task.claim)
            draft = group.draft(id_=task.conversation or "")
            if draft is not None:
                draft.take_words(name)
                self.converse.happen(
                    group, draft, WordsMade(id=f"n{task.id}", at=group.now, received=group.now, words=words)
                )

        await self.writer.write(Job(made, ids=(task.conversation or "",)))

    async def _look(self, task: Task) -> None:
        """Look for a referral by its number and return words, as often as the tries over all chats allow."""
        if task.body is None:
            await self.queues.settle(task)
            return
        if not self.converse.returning.may_try():
            await self.queues.later(task, int(self.clock()) + 5)
            return
        looked = await follow_up.look(
            self.database, self.filing.facts, self.master, str(task.body["reference"]), str(task.body["words"])
        )

        def told(group: Group) -> None:
            group.loose.settled_work.add(task.claim)
            draft = group.draft(id_=task.conversation or "")
            if draft is not None:
                event = Looked(id=f"l{task.id}", at=group.now, received=group.now, **asdict(looked))
                self.converse.happen(group, draft, event)

        await self.writer.write(Job(told, ids=(task.conversation or "",)))

    async def _place(self, task: Task) -> None:
        """Look up the settlement; a gazetteer that fails keeps nobody waiting, the words are kept already."""
        if task.body is None:
            await self.queues.settle(task)
            return
        body = task.body
        how = {"region": body["region"], "point": body["point"]}
        try:
            found = await asyncio.to_thread(
                places.find, self.gazetteer, self.filing.words, body["language"], body["words"], **how
            )
        except Exception as failure:  # noqa: BLE001 - without a settlement the conversation goes on
            log.error("the gazetteer failed", error=where(failure))
            found = ()

        def told(group: Group) -> None:
            group.loose.settled_work.add(task.claim)
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

        await self.writer.write(Job(told, ids=(task.conversation or "",)))

    async def _remove(self, task: Task) -> None:
        """Clear a chat; what the channel no longer deletes stays, as was said at consent."""
        if task.body is not None:
            chat = self.master.open(bytes.fromhex(task.body["address"]), "conversations.address").decode()
            try:
                await self.channels[task.body["bot"]].remove(chat, sorted(set(task.body["ids"])))
            except Undelivered as failure:
                if failure.why in ("retry", "unknown"):
                    await self.queues.later(task, int(self.clock()) + max(1, round(failure.after)))
                    return

        await self._let_go(task)

    async def _let_go(self, task: Task, also: Callable[[Group], None] | None = None) -> None:
        """Take away a row that has a key of its own, and the key."""

        def done(group: Group) -> None:
            group.loose.settled_work.add(task.claim)
            if task.slot is not None:
                group.loose.shred.add(task.slot)
            if also is not None:
                also(group)

        await self.writer.write(Job(done))

    async def _begin(self, task: Task) -> None:
        """Greet a chat that was cleared because another person is there now."""
        if task.body is None:
            await self._let_go(task)
            return
        bot = str(task.body["bot"])
        chat = self.master.open(bytes.fromhex(task.body["address"]), "conversations.address").decode()
        name = chat_name(self.master, bot, chat)

        def begun(group: Group) -> None:
            group.loose.settled_work.add(task.claim)
            group.loose.shred |= set() if task.slot is None else {task.slot}
            if group.draft(chat=name) is None:  # whoever wrote meanwhile has begun already
                self.converse.greet(group, bot, chat, name, Began(id=f"b{task.id}", at=group.now, received=group.now))

        await self.writer.write(Job(begun, chats=(name,)))

    async def _prove(self, task: Task) -> None:
        """Show a witness what was received, in place of the warning that stood before it."""
        if task.body is None:
            await self._let_go(task)
            return
        asked = Wanted(*(task.body[name] for name in ("what", "sure", "proof", "language")))
        found = await self.queues.named(receipt.name(self.master, asked.proof))
        message = receipt.shown(self.filing.words, asked, found, self.filing.signed(found) if found else "")
        place = {"address": task.body["address"], "bot": task.body["bot"]}

        def told(group: Group) -> None:
            group.say_last(place["bot"], {**message, "address": place["address"]})
            group.remove_messages({**place, "ids": [task.body["message"]] if task.body else []})

        await self._let_go(task, told)

    async def _shred(self, task: Task) -> None:
        """A crash came between a commit and the overwriting of its keys."""
        slots = [] if task.slot is None else [task.slot]
        await asyncio.to_thread(self.keys.overwrite, slots)
        if await self.queues.settle(task):
            self.keys.free(slots)

    async def _sweeping(self) -> None:
        while True:
            try:
                await self.sweep()
            except Exception as failure:  # noqa: BLE001 - tried again in ten minutes
                log.error("sweep failed", error=where(failure))
            await asyncio.sleep(SWEEP_SECONDS)

    async def sweep(self) -> None:
        """Expire old drafts, forget old keys of idempotency, remove orphans, number the ledger's leaves."""
        hour = int(self.clock()) // 3600
        await self._expire(hour - self.draft_days * 24)
        async with self.database.writing() as connection:
            await connection.execute(delete(t.seen).where(t.seen.c.hour < hour - SEEN_HOURS))
        await self.vault.collect(hour)
        await number_leaves(self.database)
        await self.database.tidy()

    async def _expire(self, before: int) -> None:
        """Erase unsent reports nobody has touched since that hour; one that is being sent is not erased."""
        c = t.conversations.c
        async with self.database.reading() as connection:
            old = (await connection.execute(select(c.id, c.version).where(c.hour < before))).all()
        await asyncio.gather(*(self._expire_one(row.id, row.version) for row in old))

    async def _expire_one(self, id_: str, version: int) -> None:
        def expired(group: Group) -> None:
            draft = group.draft(id_=id_)
            if draft is not None and (draft.version, draft.touched) == (version, False):
                self.converse.expire(group, draft)

        try:
            await self.writer.write(Job(expired, ids=(id_,)))
        except Exception as failure:  # noqa: BLE001 - one draft must not keep the others
            log.error("a draft did not expire", error=where(failure))
