"""Files on their way: fetched from the channel and sealed while they stream; then the conversation
is told.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.port import Away, Broken, Channel, Gone, TooBig
from bot.kill_points import kill_point
from bot.logs import where_raised
from bot.process.backoff import backoff
from bot.process.retry import retry
from bot.process.workers import run_workers
from bot.witness import arrivals
from bot.witness.converse import Converse
from bot.witness.fetch_outcomes import CameBroken, Later, NotThere, Outcome, Why
from bot.witness.quota import Left, Quota
from storage.bodies import Body, channel_of
from storage.database import Database
from storage.drafts import Draft
from storage.group import Group
from storage.jobs import Job, Overtaken
from storage.queues import Queues, Task
from storage.report_keys import source_of
from storage.shredding import ShredKeys
from storage.store import Full, StoreAway
from storage.vault import Stored, Vault
from storage.writer import ClaimLost, Writer

log = structlog.get_logger()
POLL_SECONDS = 0.15
AT_ONCE = 4
KINDS = ("fetch", "discard", "hold")
BREAKS = 10
FAILS = 5
AWAY_SECONDS = 10
"""Somebody looks at "on its way": a Telegram that is back is asked again soon, and one that is away
for a day, too.
"""
FULL_SECONDS = 30
LONGEST_AWAY = 3000
CHATS_REMEMBERED = 1000


@dataclass(slots=True)
class Fetching:
    channels: Mapping[str, Channel]
    database: Database
    keys: ShredKeys
    queues: Queues
    vault: Vault
    writer: Writer
    converse: Converse
    clock: Callable[[], float]
    quota: Quota
    _breaks: dict[int, int] = field(default_factory=dict)
    """How often each file came in half; kills and a Telegram that is away do not count."""
    under_way: int = 0
    _chats: dict[str, str] = field(default_factory=dict, repr=False)
    """Of reports whose files came lately."""
    _fails: dict[int, int] = field(default_factory=dict)
    """How often our code failed on it."""

    @property
    def busy(self) -> bool:
        """Whether a file is on its way, or one that breaks again and again is still counted."""
        return bool(self.under_way or self._breaks or self._fails)

    async def serve(self) -> None:
        """Fetch until cancelled; nothing more is begun once this process is to end for a
        fresh one.
        """
        await run_workers(
            KINDS,
            self.queues,
            self.database,
            self.clock,
            self._one,
            at_once=self._at_once,
            idle=POLL_SECONDS,
        )

    def _at_once(self) -> int:
        return 0 if self.converse.renewing.ending else AT_ONCE

    async def _one(self, task: Task) -> None:
        self.under_way += 1
        try:
            await self._tried(task)
        finally:
            self.under_way -= 1
            self.converse.renewing.left()  # what came lies in memory, whatever became of its report

    async def _tried(self, task: Task) -> None:
        try:
            await self._done(task)
            self._fails.pop(task.id, None)
        except ClaimLost:
            raise
        except (OSError, SQLAlchemyError, Overtaken) as failure:  # not the file's fault
            log.error("file set back", error=where_raised(failure))
            await retry(
                lambda: self.queues.later(
                    task, int(self.clock() + backoff(task.tries, longest=600))
                )
            )
        except Exception as failure:  # noqa: BLE001 - one file must not stop the others
            await self._failed(task, failure)

    async def _done(self, task: Task) -> None:
        match task.kind:
            case "fetch":
                await self._fetch(task)
            case "discard":
                await self.vault.discard(task.name or "")
                await self.queues.settle(task)
            case "hold":
                await self.vault.store.hold(task.name or "")
                await self.queues.settle(task)

    async def _fetch(self, task: Task) -> None:
        source = await source_of(self.database, self.keys, task.conversation or "")
        if task.body is None or task.conversation is None or source is None:
            await self.queues.settle(task)
            return
        whose = self._whose(source.address, task.conversation)
        spoken = task.body.get("kind") == "voice"  # those are words, which are always taken
        if not self.quota.begin(whose, always=spoken):
            await self._lost(task, "quota")
            return
        kept = False
        try:
            kept = await self._fetch_and_tell(task, source.recipient, whose)
        finally:
            if not kept:
                self.quota.failed(whose)

    def _whose(self, address: bytes, conversation: str) -> str:
        """Whom a file is counted for: the chat, as far as it is known, or was before the report was
        hidden; else the report.
        """
        if address:
            chat = self.converse.master.open(address, "conversations.address").decode()
            self._chats[conversation] = chat
            if len(self._chats) > CHATS_REMEMBERED:
                del self._chats[next(iter(self._chats))]
        return self._chats.get(conversation, conversation)

    async def _fetch_and_tell(self, task: Task, recipient: str, whose: str) -> bool:
        """Fetch and seal the file; tell its conversation what became of it. True if it is kept."""
        match await self._try_to_seal(task, recipient):
            case Stored() as stored:
                return await self._keep(task, stored, whose)
            case NotThere(why=why):
                await self._lost(task, why)
            case Later(seconds=seconds):
                await self.queues.later(task, int(self.clock() + seconds))
            case CameBroken():
                await self._broke(task)
        return False

    async def _try_to_seal(self, task: Task, recipient: str) -> Outcome:
        """Stream the file from its channel into the vault; nothing else is told or settled here."""
        assert task.body is not None  # noqa: S101 - narrows for mypy
        channel = self.channels[channel_of(task.body)]
        try:
            chunks = await _begun(channel.open(task.body["file"]))
            return await self.vault.put(chunks, recipient, hour=int(self.clock()) // 3600)
        except TooBig:
            return NotThere("too-big")
        except Gone:
            return NotThere("gone")
        except Broken:
            return CameBroken()
        except Full:
            log.error("vault full")
            return Later(FULL_SECONDS)
        except StoreAway as failure:
            log.error("the vault's store is away", error=str(failure))
            return Later(AWAY_SECONDS)
        except Away as failure:
            return Later(min(failure.after or AWAY_SECONDS, LONGEST_AWAY))

    async def _keep(self, task: Task, stored: Stored, whose: str) -> bool:
        """Tell the conversation that the file is in the vault; False if nobody waits for it any
        more. The channel's own copy goes.
        """
        assert task.body is not None  # noqa: S101 - narrows for mypy
        self._breaks.pop(task.id, None)
        kill_point("after vault")
        left = self.quota.left_after(whose, stored.size)
        kept = await self._stored(task, stored, left)
        if kept:
            self.quota.came(whose, stored.size, told=left is not None)
        if not await self.channels[channel_of(task.body)].let_go(task.body["file"]):
            log.error("the Bot API server's copy of a file cannot be deleted")
        return kept

    async def _failed(self, task: Task, failure: Exception) -> None:
        """Our code fails on it: again, a few times, since that may pass; then it is set aside, and
        its witness told.
        """
        fails = self._fails[task.id] = self._fails.get(task.id, 0) + 1
        log.error("file set back", error=where_raised(failure))
        if fails < FAILS or task.kind != "fetch":
            await retry(
                lambda: self.queues.later(task, int(self.clock() + backoff(fails, longest=600)))
            )
            return
        del self._fails[task.id]
        log.error("file set aside", error=where_raised(failure))

        def told(group: Group, draft: Draft, body: Body) -> None:
            arrivals.set_aside(group, draft, body, type(failure).__name__)
            arrivals.tell_lost(self.converse, group, draft, body, "broken")

        try:
            await self._tell(task, told)
        except Exception as worse:  # noqa: BLE001 - its conversation fails as well: the others' files go on
            log.error("file cannot be set aside", error=where_raised(worse))
            await retry(lambda: self.queues.later(task, int(self.clock()) + 600))

    async def _broke(self, task: Task) -> None:
        """It did not come whole: a file that breaks again and again is lost, and said to be."""
        breaks = self._breaks[task.id] = self._breaks.get(task.id, 0) + 1
        if breaks < BREAKS:
            await self.queues.later(task, int(self.clock() + backoff(breaks, longest=60)))
            return
        del self._breaks[task.id]
        await self._lost(task, "broken")

    async def _stored(self, task: Task, stored: Stored, left: Left | None) -> bool:
        def told(group: Group, draft: Draft, body: Body) -> None:
            arrivals.tell_stored(self.converse, group, draft, body, stored, left)

        # A claim that is lost may be one that we settled ourselves, in a commit whose answer was
        # lost: then the object is somebody's. If it is nobody's, the vault collects it.
        kept = await self._tell(task, told)
        if not kept:
            await self.vault.discard(stored.object)
        return kept

    async def _lost(self, task: Task, why: Why) -> None:
        def told(group: Group, draft: Draft, body: Body) -> None:
            arrivals.tell_lost(self.converse, group, draft, body, why)

        await self._tell(task, told)

    async def _tell(self, task: Task, told: Callable[[Group, Draft, Body], None]) -> bool:
        """Settle the row and step the conversation together; False if the file is no longer waited
        for.
        """
        conversation = task.conversation or ""
        exhibit: str = task.body["exhibit"] if task.body else ""

        def settled(group: Group) -> bool:
            draft = group.draft(id_=conversation)
            body = group.exhibit(conversation, exhibit)
            if draft is None or body is None or not arrivals.waits_for(draft, exhibit):
                return False
            told(group, draft, {**body, "name": exhibit})
            return True

        job = Job(
            settled, ids=(conversation,), exhibits=((conversation, exhibit),), claim=task.claim
        )
        return await self.writer.write(job)


async def _begun(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same chunks, once the first is here: what cannot even begin leaves no intent in the
    vault, however often.
    """
    first = await anext(chunks, b"")

    async def whole() -> AsyncIterator[bytes]:
        yield first
        async for chunk in chunks:
            yield chunk

    return whole()
