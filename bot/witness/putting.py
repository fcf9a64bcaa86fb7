"""Putting one message on the screen of a chat: sent, edited in its place, or put last again."""

from contextlib import nullcontext
from dataclasses import dataclass, field

from bot.channels.port import Button, Channel, Rendered, Undelivered
from bot.channels.split import split
from bot.process.rate_limit import RateLimit
from bot.witness.outgoing import Waiting
from bot.witness.screen import Screen


@dataclass(slots=True)
class Putting:
    """By one channel, no faster than it may. All of it raises Undelivered."""

    channel: Channel
    pace: RateLimit
    parts: dict[int, list[int]] = field(default_factory=dict)
    """Of messages that are half sent, by their rows: the ids of what stands in the chat."""

    async def put(self, chat: str, id_: int, said: Waiting, screen: Screen) -> list[int]:
        """Send a message, in as many parts as it takes, and return their ids; a status message is
        edited while it is the last of the chat, or has no buttons, and else put last again.
        """
        buttons = said.message.buttons
        old = screen.lines.get(said.replaces, 0) if said.replaces else 0
        if said.only and self.channel.limits.edits and (shown := screen.message_of(said.prompt)):
            return [await self._put_buttons(chat, shown, buttons)]
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
        if old and id_ not in self.parts:
            await self.channel.remove(chat, [old])
            self.parts[id_] = []
        return await self._send_parts(chat, id_, said.message)

    async def _put_buttons(self, chat: str, message: int, buttons: tuple[Button, ...]) -> int:
        """Other buttons on a message that stays; one that is gone needs none."""
        try:
            return await self.channel.deliver(chat, Rendered("", buttons), replacing=message)
        except Undelivered as failure:
            if failure.why != "refused":
                raise
            return message

    async def _send_parts(self, chat: str, id_: int, message: Rendered) -> list[int]:
        """Send a text of any length; after a failure it goes on with the part that failed."""
        limits = self.channel.limits
        parts = split(message.text, limits.text, limits.unit)
        sent = self.parts.setdefault(id_, [])
        for part in parts[len(sent) :]:
            last = len(sent) == len(parts) - 1
            piece = Rendered(part, message.buttons, message.prompt) if last else Rendered(part)
            async with self.pace.place(chat) if sent else nullcontext():
                sent.append(await self.channel.deliver(chat, piece))
            self.pace.answered(chat)  # the first one's place was taken by whoever delivers
        return sent
