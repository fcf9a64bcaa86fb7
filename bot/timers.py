"""What falls due in the witness's process: waits, submissions, chats to clear, keys to shred, drafts to expire."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from sqlalchemy import delete, select

from bot.channels.port import Channel, Undelivered
from bot.converse import Converse
from bot.filing import Filing
from bot.logs import where
from conversations.model import Waited
from storage import tables as t
from storage.database import Database
from storage.keys import Box, ShredKeys
from storage.ledger import number_leaves
from storage.queues import Queues, Task
from storage.vault import Vault
from storage.writer import Group, Job, Overtaken, Writer

log = structlog.get_logger()
POLL_SECONDS = 0.1
SWEEP_SECONDS = 600
SEEN_HOURS = 8 * 24
KINDS = ("wait", "submit", "remove", "shred")


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
    draft_days: int
    clock: Callable[[], float]

    async def serve(self) -> None:
        """Do what falls due until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._sweeping())
            while True:
                due = await self.queues.claim(KINDS, now=int(self.clock()), most=64)
                await asyncio.gather(*(self._one(task) for task in due))
                if not due:
                    await asyncio.sleep(POLL_SECONDS)

    async def _one(self, task: Task) -> None:
        try:
            match task.kind:
                case "wait":
                    await self._wait(task)
                case "submit":
                    await self.filing.submit(task)
                case "remove":
                    await self._remove(task)
                case "shred":
                    await self._shred(task)
        except Overtaken:
            await self.queues.later(task, int(self.clock()))
        except Exception as failure:  # noqa: BLE001 - one row must not stop the others
            log.error("work set back", kind=task.kind, error=where(failure))
            await self.queues.later(task, int(self.clock()) + min(2**task.tries, 600))

    async def _wait(self, task: Task) -> None:
        def waited(group: Group) -> None:
            group.loose.settled_work.add(task.id)
            draft = group.draft(id_=task.conversation or "")
            if draft is not None and task.body is not None:
                event = Waited(id=f"w{task.id}", at=group.now, received=group.now, key=task.body["key"])
                self.converse.happen(group, draft, event)

        await self.writer.write(Job(waited, ids=(task.conversation or "",)))

    async def _remove(self, task: Task) -> None:
        """Clear a chat; what the channel no longer deletes stays, as was said at consent."""
        if task.body is not None:
            chat = self.master.open(bytes.fromhex(task.body["address"]), "conversations.address").decode()
            try:
                await self.channels[task.body["bot"]].remove(chat, task.body["ids"])
            except Undelivered as failure:
                if failure.why in ("retry", "unknown"):
                    await self.queues.later(task, int(self.clock()) + max(1, round(failure.after)))
                    return

        def removed(group: Group) -> None:
            group.loose.settled_work.add(task.id)
            if task.slot is not None:
                group.loose.shred.add(task.slot)

        await self.writer.write(Job(removed))

    async def _shred(self, task: Task) -> None:
        """A crash came between a commit and the overwriting of its keys."""
        slots = [] if task.slot is None else [task.slot]
        await asyncio.to_thread(self.keys.overwrite, slots)
        await self.queues.settle(task)
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
        old = select(t.conversations.c.id).where(t.conversations.c.hour < hour - self.draft_days * 24)
        async with self.database.reading() as connection:
            ids = [str(i) for i in (await connection.execute(old)).scalars()]
        for id_ in ids:
            await self.writer.write(Job(lambda group, id_=id_: _expire(group, id_), ids=(id_,)))  # type: ignore[misc]
        async with self.database.writing() as connection:
            await connection.execute(delete(t.seen).where(t.seen.c.hour < hour - SEEN_HOURS))
        await self.vault.collect(hour)
        await number_leaves(self.database)


def _expire(group: Group, id_: str) -> None:
    draft = group.draft(id_=id_)
    if draft is not None:
        draft.close()
