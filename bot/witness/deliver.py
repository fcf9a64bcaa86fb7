"""From the outbox to the channel: one leased worker a bot, one message of a chat in flight, within
its limits.
"""

import asyncio
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import structlog

from bot.channels.port import Channel, Undelivered
from bot.kill_points import kill_point
from bot.language.translate import Translator
from bot.logs import where_raised
from bot.process.backoff import backoff
from bot.process.lanes import Lanes
from bot.process.rate_limit import RateLimit
from bot.process.retry import retry
from bot.witness.delivery_gate import Gate
from bot.witness.outgoing import Recent, read_waiting
from bot.witness.putting import Putting
from bot.witness.screen import Screen, read
from bot.witness.settling import Settling
from storage.keys import Box
from storage.outbox import Chat, Outbox, Outgoing, Source
from storage.writer import Writer

log = structlog.get_logger()
POLL_SECONDS = 0.1
GATHER_SECONDS = 0.001
AT_ONCE = 32
WHOLE_SECONDS = 10.0
"""So often everything that waits is looked at: an operator may have let go of what was held."""
LONGEST_WAIT = 10.0
"""Somebody looks at the screen; RateLimit keeps many chats that fail at once within the limits."""


@dataclass(slots=True)
class Delivery:
    """`clock` only goes forward, in seconds."""

    channel: Channel
    translator: Translator
    master: Box
    outbox: Outbox
    writer: Writer
    gate: Gate
    pace: RateLimit
    clock: Callable[[], float] = time.monotonic
    putting: Putting = field(init=False)
    settling: Settling = field(init=False)
    _lanes: Lanes[Source] = field(default_factory=Lanes)
    _looked: float | None = None
    _heard: int = 0
    """Of what the writer said, so much is known here."""
    _next_look: float = 0.0
    """When to look whatever the writer says: another process may have said something."""
    _tries: dict[int, int] = field(default_factory=dict)
    _unsettled: dict[Source, tuple[str, Outgoing]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.putting = Putting(self.channel, self.pace)
        self.settling = Settling(self.channel, self.master, self.writer, patient=self.gate.own)

    @property
    def busy(self) -> bool:
        """Whether a message is on its way: broken off, it could come twice."""
        return bool(self._lanes.under_way or self.putting.parts)

    async def serve(self) -> None:
        """Deliver until cancelled; only whoever has the bot's lease does."""
        self._lanes, self._looked = Lanes(), None  # another may have delivered meanwhile
        self.pace.none_under_way()
        self.writer.remembers = True
        try:
            async with asyncio.TaskGroup() as tasks:
                while True:
                    await retry(lambda: self._round(tasks))
                    await self._pause()
        finally:
            self.writer.remembers = False
            self.writer.recent.clear()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self.writer.committed.wait()
        except TimeoutError:
            return
        await asyncio.sleep(GATHER_SECONDS)  # what is committed together goes out together
        self.writer.committed.clear()

    async def _round(self, tasks: asyncio.TaskGroup) -> None:
        """Start what may go now: the oldest message of each chat that has none in flight."""
        await self._look()
        free = AT_ONCE - self._lanes.under_way
        if free <= 0 or self.pace.wait_for_any():
            return
        busy, taken = self._lanes.busy(), self._lanes.take(free)
        if not taken:
            return
        try:
            found = await self.outbox.oldest(taken)
        except BaseException:
            self._lanes.put_back(taken)
            raise
        for source in taken:
            if source in found:
                self._begin(tasks, busy, source, *found[source])
            else:
                self._lanes.drop(source)
                self._note_left(tasks, source)

    async def _look(self) -> None:
        now = self.clock()
        whole = self._looked is None or now > self._looked + WHOLE_SECONDS
        if whole or self._heard != self.writer.said or now >= self._next_look:
            heard = self.writer.said
            self._lanes.add(await self.outbox.look(whole=whole))
            self._heard, self._next_look = heard, now + POLL_SECONDS
        if whole:
            self._looked = now
        self._lanes.wake(now)
        if not self._lanes.any:  # of messages that were erased before they could go
            self._unsettled.clear()
            self._tries.clear()
            self.putting.parts.clear()

    def _begin(
        self,
        tasks: asyncio.TaskGroup,
        busy: Collection[str],
        source: Source,
        message: Outgoing,
        known: Chat | None,
    ) -> None:
        sealed = known.address if known else bytes.fromhex(message.body["address"])
        chat = self.master.open(sealed, "conversations.address").decode()
        if not self._lanes.try_begin(source, chat, busy):
            return
        if wait := self.pace.take_or_wait(chat):
            self._lanes.put_off(chat, self.clock() + wait)
            self._lanes.end(source, chat)
            return
        screen = read(known.screen).of(self.channel.account) if known else Screen()
        tasks.create_task(self._one(source, chat, message, screen))

    async def _one(self, source: Source, chat: str, message: Outgoing, screen: Screen) -> None:
        done = 0
        try:
            done = message.id if await self._tried(chat, message, screen) else 0
        except Exception as failure:  # noqa: BLE001 - one message must not stop the others
            log.error("delivery failed", error=where_raised(failure))
            self._unsettled[source] = (chat, message)
            self._lanes.put_off(chat, self.clock() + 5)
        finally:
            self.pace.answered(chat)
            self._lanes.end(source, chat, done)
            self.writer.committed.set()

    async def _tried(self, chat: str, message: Outgoing, screen: Screen) -> bool:
        """Whether it is settled; else it waits for its next try."""
        try:
            await self._deliver(chat, message, screen)
        except Undelivered as failure:
            return await self._not_now(chat, message, failure)
        return True

    async def _deliver(self, chat: str, message: Outgoing, screen: Screen) -> None:
        async with self.gate.delivering(self.channel.name, chat):
            recent = message.said
            said = (
                recent.waiting(self.translator)
                if isinstance(recent, Recent)
                else read_waiting(message.body, self.translator)
            )
            kill_point("before send")
            ids = await self.putting.put(chat, message.id, said, screen)
            kill_point("after send")
            settled = self.settling.settle(chat, message, said, ids)
            if not self.gate.own:
                await settled
        await settled
        self._forget(message)

    def _forget(self, message: Outgoing) -> None:
        self._unsettled.pop(message.conversation or message.id, None)
        self._tries.pop(message.id, None)
        self.putting.parts.pop(message.id, None)

    def _note_left(self, tasks: asyncio.TaskGroup, source: Source) -> None:
        """Its row went before it was noted that it stands in the chat, as where a commit failed and
        Hide came before the next try: it is noted now, or goes from the chat.
        """
        if left := self._unsettled.pop(source, None):
            chat, message = left
            ids = self.putting.parts.pop(message.id, [])
            tasks.create_task(self._noted(chat, message, ids))

    async def _noted(self, chat: str, message: Outgoing, ids: list[int]) -> None:
        try:
            await retry(lambda: self.settling.note(chat, message, ids))
        except Exception as failure:  # noqa: BLE001 - one message must not stop the others
            log.error("delivery failed", error=where_raised(failure))

    async def _not_now(self, chat: str, message: Outgoing, failure: Undelivered) -> bool:
        """Later, or never where the channel will not have it: a blocked bot's messages go, the
        report stays. Whether it is settled by that.
        """
        if failure.why in ("gone", "refused"):
            log.warning("message let go", why=failure.why)
            await self.settling.settle(
                chat, message, None, list(self.putting.parts.get(message.id, ()))
            )
            self._forget(message)
            return True
        await self.settling.note(chat, message, list(self.putting.parts.get(message.id, ())))
        tries = self._tries[message.id] = self._tries.get(message.id, 0) + 1
        wait = (
            failure.after
            if failure.why == "retry"
            else backoff(tries, first=0.25, longest=LONGEST_WAIT)
        )
        log.warning("delivery put off", why=failure.why, seconds=round(wait, 1))
        self._lanes.put_off(chat, self.clock() + wait)
        return False
