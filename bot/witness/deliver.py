"""From the outbox to the channel: one leased worker a bot, one message of a chat in flight, within
its limits.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from bot.channels.port import Button, Channel, Rendered, Undelivered
from bot.channels.split import split
from bot.kill_points import kill_point
from bot.language.translate import Translator
from bot.logs import where_raised
from bot.process.backoff import backoff
from bot.process.rate_limit import RateLimit
from bot.process.retry import retry
from bot.witness.delivery_gate import Gate
from bot.witness.outgoing import Waiting, read_waiting
from bot.witness.screen import Screen, read, screen_of
from storage.drafts import Draft
from storage.group import Group
from storage.jobs import Job
from storage.keys import Box
from storage.queues import Outgoing, Queues
from storage.writer import Writer

log = structlog.get_logger()
POLL_SECONDS = 0.1
GATHER_SECONDS = 0.01
AT_ONCE = 32
LOOK_AHEAD = 500
LONGEST_WAIT = 10.0
"""Somebody looks at the screen; RateLimit keeps many chats that fail at once within the limits."""


@dataclass(slots=True)
class Delivery:
    """`clock` only goes forward, in seconds."""

    channel: Channel
    translator: Translator
    master: Box
    queues: Queues
    writer: Writer
    gate: Gate
    pace: RateLimit
    clock: Callable[[], float]
    _busy: set[str] = field(default_factory=set)
    _until: dict[str, float] = field(default_factory=dict)
    _tries: dict[int, int] = field(default_factory=dict)
    _parts: dict[int, list[int]] = field(default_factory=dict)

    @property
    def busy(self) -> bool:
        """Whether a message is on its way: broken off, it could come twice."""
        return bool(self._busy or self._parts)

    async def serve(self) -> None:
        """Deliver until cancelled; only whoever has the bot's lease does."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                await retry(lambda: self._round(tasks))
                await self._pause()

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
        # as it was before the rows were read: what settles meanwhile may still be among them
        seen = set(self._busy)
        waiting = await self.queues.outgoing(self.channel.name, most=LOOK_AHEAD)
        self._forget({message.id for message, _ in waiting})
        for message, known in waiting:
            sealed = known.address if known else bytes.fromhex(message.body["address"])
            chat = self.master.open(sealed, "conversations.address").decode()
            if chat in seen:
                continue
            seen.add(chat)
            if (
                len(self._busy) >= AT_ONCE
                or self._until.get(chat, 0) > self.clock()
                or self.pace.take_or_wait(chat)
            ):
                continue
            self._busy.add(chat)
            screen = read(known.screen).of(self.channel.account) if known else Screen()
            tasks.create_task(self._one(chat, message, screen))

    def _forget(self, waiting: set[int]) -> None:
        """What was noted of messages that are erased meanwhile, and of chats whose wait is over."""
        self._until = {chat: at for chat, at in self._until.items() if at > self.clock()}
        if len(waiting) < LOOK_AHEAD and not self._busy:
            self._tries = {id_: tries for id_, tries in self._tries.items() if id_ in waiting}
            self._parts = {id_: parts for id_, parts in self._parts.items() if id_ in waiting}

    async def _one(self, chat: str, message: Outgoing, screen: Screen) -> None:
        try:
            await self._tried(chat, message, screen)
        except Exception as failure:  # noqa: BLE001 - one message must not stop the others
            log.error("delivery failed", error=where_raised(failure))
            self._until[chat] = self.clock() + 5
        finally:
            self._busy.discard(chat)
            self.writer.committed.set()

    async def _tried(self, chat: str, message: Outgoing, screen: Screen) -> None:
        try:
            async with self.gate.delivering(self.channel.name, chat):
                await self._deliver(chat, message, screen)
        except Undelivered as failure:
            await self._not_now(chat, message, failure)

    async def _deliver(self, chat: str, message: Outgoing, screen: Screen) -> None:
        said = read_waiting(message.body, self.translator)
        kill_point("before send")
        ids = await self._send(chat, message.id, said, screen)
        kill_point("after send")
        await self._settle(chat, message, said, ids)
        self._until.pop(chat, None)

    async def _send(self, chat: str, id_: int, said: Waiting, screen: Screen) -> list[int]:
        """Send a message; a status message is edited while it is the last of the chat, or has no
        buttons, and else put last again.
        """
        buttons = said.message.buttons
        old = screen.lines.get(said.replaces, 0) if said.replaces else 0
        if said.only and self.channel.limits.edits and (shown := screen.message_of(said.prompt)):
            return [await self._buttons(chat, shown, buttons)]
        if said.replaces and not old and not buttons:
            return []
        if old and self.channel.limits.edits and (not buttons or old >= screen.newest):
            try:
                return [await self.channel.deliver(chat, said.message, replacing=old)]
            except Undelivered as failure:
                if failure.why != "refused":
                    raise
                if not buttons:
                    return []
        # once it is taken away, only the sending is tried again
        if old and id_ not in self._parts:
            await self.channel.remove(chat, [old])
            self._parts[id_] = []
        return await self._in_parts(chat, id_, said.message)

    async def _buttons(self, chat: str, message: int, buttons: tuple[Button, ...]) -> int:
        """Other buttons on a message that stays; one that is gone needs none."""
        try:
            return await self.channel.deliver(chat, Rendered("", buttons), replacing=message)
        except Undelivered as failure:
            if failure.why != "refused":
                raise
            return message

    async def _in_parts(self, chat: str, id_: int, message: Rendered) -> list[int]:
        """Send a text of any length; after a failure it goes on with the part that failed."""
        limits = self.channel.limits
        parts = split(message.text, limits.text, limits.unit)
        sent = self._parts.setdefault(id_, [])
        for part in parts[len(sent) :]:
            # the first took its place already
            while sent and (wait := self.pace.take_or_wait(chat)):  # noqa: ASYNC110
                await asyncio.sleep(wait)
            last = len(sent) == len(parts) - 1
            piece = Rendered(part, message.buttons, message.prompt) if last else Rendered(part)
            sent.append(await self.channel.deliver(chat, piece))
        return sent

    async def _settle(
        self, chat: str, message: Outgoing, said: Waiting | None, ids: list[int]
    ) -> None:
        """It is on the screen, or will never be; what is there is known, so that Hide takes it."""

        def settled(group: Group) -> None:
            group.delivered(message.id)
            draft = group.draft(id_=message.conversation) if message.conversation else None
            shown = said is not None and draft is not None and not draft.hidden and bool(ids)
            if said is not None and draft is not None and shown:
                before = screen_of(draft).of(self.channel.account)
                draft.set_screen(before.delivered(ids[-1], said.prompt, said.replaces).body())
                if before.lines.get(said.replaces) == ids[-1]:
                    return  # the same message as before
            self._note_sent(group, draft, chat, message, ids)

        ids_ = (message.conversation,) if message.conversation else ()
        await self.writer.write(Job(settled, ids=ids_))
        self._tries.pop(message.id, None)
        self._parts.pop(message.id, None)

    def _note_sent(
        self, group: Group, draft: Draft | None, chat: str, message: Outgoing, ids: list[int]
    ) -> None:
        """These stand in the chat; where Hide was pressed while they were on their way, they go."""
        if not message.conversation or not any(ids):
            return
        if draft is not None and not draft.hidden:
            draft.remember_message({"ids": ids, "account": self.channel.account})
            return
        address = self.master.seal(chat.encode(), "conversations.address").hex()
        mine = {"channel": self.channel.name, "account": self.channel.account}
        group.remove_messages({"address": address, **mine, "ids": ids})

    async def _note_parts(self, chat: str, message: Outgoing) -> None:
        """The first parts of a message whose next one does not go: Hide must find them, too."""
        ids, of = list(self._parts.get(message.id, ())), message.conversation
        if of and ids:

            def noted(group: Group) -> None:
                self._note_sent(group, group.draft(id_=of), chat, message, ids)

            await self.writer.write(Job(noted, ids=(of,)))

    async def _not_now(self, chat: str, message: Outgoing, failure: Undelivered) -> None:
        """Later, or never where the channel will not have it: a blocked bot's messages go, the
        report stays.
        """
        if failure.why in ("gone", "refused"):
            log.warning("message let go", why=failure.why)
            await self._settle(chat, message, None, list(self._parts.get(message.id, ())))
            return
        await self._note_parts(chat, message)
        tries = self._tries[message.id] = self._tries.get(message.id, 0) + 1
        wait = (
            failure.after
            if failure.why == "retry"
            else backoff(tries, first=0.25, longest=LONGEST_WAIT)
        )
        log.warning("delivery put off", why=failure.why, seconds=round(wait, 1))
        self._until[chat] = self.clock() + wait
