"""From the outbox to the channel: one leased worker a bot, one message of a chat in flight, within its limits."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from bot.channels.port import Button, Channel, Rendered, Undelivered
from bot.drill import here
from bot.gate import Gate
from bot.logs import where
from bot.pace import Pace
from bot.screen import Screen, read, screen_of
from storage.database import Database
from storage.drafts import Body
from storage.keys import Box, ShredKeys
from storage.queues import Outgoing, Queues, chats
from storage.writer import Group, Job, Writer

log = structlog.get_logger()
LEASE_SECONDS = 15
POLL_SECONDS = 0.1
AT_ONCE = 32
LOOK_AHEAD = 500
GIVE_UP_AFTER = 12
"""Tries of unknown outcome before a message is given up; with the waits between them, about an hour."""


@dataclass(slots=True)
class Delivery:
    channel: Channel
    database: Database
    keys: ShredKeys
    master: Box
    queues: Queues
    writer: Writer
    gate: Gate
    pace: Pace
    clock: Callable[[], float]
    _busy: set[str] = field(default_factory=set)
    _until: dict[str, float] = field(default_factory=dict)
    _tries: dict[int, int] = field(default_factory=dict)
    _flying: set[int] = field(default_factory=set)

    async def serve(self) -> None:
        """Deliver until cancelled, while this process holds the lease."""
        leased_until = 0.0
        async with asyncio.TaskGroup() as tasks:
            while True:
                now = self.clock()
                if now > leased_until - LEASE_SECONDS / 2:
                    held = await self.queues.lease(f"deliver:{self.channel.name}", now=int(now), hold=LEASE_SECONDS)
                    leased_until = now + LEASE_SECONDS if held else 0.0
                if leased_until:
                    await self._round(tasks)
                await self._pause()

    async def _pause(self) -> None:
        self.writer.committed.clear()
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self.writer.committed.wait()
        except TimeoutError:
            return

    async def _round(self, tasks: asyncio.TaskGroup) -> None:
        """Start what may go now: the oldest message of each chat that has none in flight."""
        waiting = await self.queues.outgoing(self.channel.name, after=0, most=LOOK_AHEAD)
        known = await chats(self.database, self.keys, sorted({m.conversation for m in waiting if m.conversation}))
        seen: set[str] = set()
        for message in waiting:
            owner = message.conversation or f"farewell:{message.slot}"
            if owner in seen or owner in self._busy or len(self._busy) >= AT_ONCE:
                continue
            seen.add(owner)
            if message.conversation and message.conversation not in known:
                continue
            sealed = bytes.fromhex(message.body["address"]) if not message.conversation else known[owner].address
            chat = self.master.open(sealed, "conversations.address").decode()
            if self._until.get(chat, 0) > self.clock() or self.pace.wait(chat):
                continue
            screen = read(known[owner].screen) if message.conversation else Screen()
            self._busy.add(owner)
            tasks.create_task(self._one(owner, chat, message, screen))

    async def _one(self, owner: str, chat: str, message: Outgoing, screen: Screen) -> None:
        try:
            async with self.gate.delivering(chat):
                await self._deliver(chat, message, screen)
        except Undelivered as failure:
            await self._not_now(chat, message, failure)
        except Exception as failure:  # noqa: BLE001 - one message must not stop the others
            log.error("delivery failed", error=where(failure))
            self._until[chat] = self.clock() + 5
        finally:
            self._busy.discard(owner)
            self.writer.committed.set()

    async def _deliver(self, chat: str, message: Outgoing, screen: Screen) -> None:
        here("before send")
        ids = await self._send(chat, message.body, screen)
        here("after send")
        await self._settle(message, ids)
        self._tries.pop(message.id, None)
        self._until.pop(chat, None)

    async def _send(self, chat: str, body: Body, screen: Screen) -> list[int]:
        """Send a message; a status message is edited while it is the last of the chat, and else put last again."""
        buttons = tuple(Button(label, token, row) for label, token, row in body["buttons"])
        rendered = Rendered(body["text"], buttons)
        old = screen.slots.get(body["slot"], 0) if body["slot"] else 0
        if body["slot"] and not old and not buttons:
            return []
        if old and self.channel.limits.edits and (not buttons or old >= screen.newest):
            try:
                return await self.channel.deliver(chat, rendered, replacing=old)
            except Undelivered as failure:
                if failure.why != "refused":
                    raise
                if not buttons:
                    return []
        if old:
            await self.channel.remove(chat, [old])
        return await self.channel.deliver(chat, rendered)

    async def _settle(self, message: Outgoing, ids: list[int]) -> None:
        body = message.body

        def settled(group: Group) -> None:
            group.loose.settled_outbox.add(message.id)
            if not message.conversation:
                group.loose.shred.add(message.slot)
                return
            draft = group.draft(id_=message.conversation)
            if draft is not None and ids:
                screen = screen_of(draft).delivered(ids[-1], body["prompt"], body["slot"])
                draft.set_screen(screen.body())
                draft.remember_message({"ids": ids})

        await self.writer.write(Job(settled, ids=(message.conversation,) if message.conversation else ()))

    async def _not_now(self, chat: str, message: Outgoing, failure: Undelivered) -> None:
        """Later, or never: a blocked bot's messages are let go, the report stays."""
        tries = self._tries[message.id] = self._tries.get(message.id, 0) + 1
        if failure.why in ("gone", "refused") or tries > GIVE_UP_AFTER:
            log.warning("message let go", why=failure.why)
            await self._settle(message, [])
            return
        wait = failure.after if failure.why == "retry" else min(2.0**tries, 600)
        self._until[chat] = self.clock() + wait
