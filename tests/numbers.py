"""A channel with numbers only: no buttons, no edits, no deletions, no message ids; the port is proved by two.

What is a button elsewhere is a numbered line here, and a message that is such a number presses it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.channels.commands import command
from bot.channels.incoming import (
    Batch,
    ContactCard,
    Incoming,
    LeftUs,
    Pressed,
    Strange,
    Typed,
    Unread,
    What,
)
from bot.channels.port import Button, Gone, Limits, Rendered
from bot.channels.sentences import TELEGRAM, Sentences
from conversations.model import File

MOST = 100
"""Updates in a batch, as many as Telegram gives at once."""
LIMITS = Limits(text=1600, file=20_000_000, edits=False)


@dataclass
class Numbers:
    """One channel, any number of chats; `said` is what each phone shows."""

    name: str = "numbers"
    account: str = ""
    limits: Limits = LIMITS
    sentences: Sentences = field(default_factory=lambda: TELEGRAM)
    said: dict[str, list[str]] = field(default_factory=dict)
    listed: dict[str, tuple[Button, ...]] = field(default_factory=dict)
    asked: dict[str, list[int]] = field(default_factory=dict)
    """The numbers of the questions on each phone; the one it was said under goes along with what is
    said.
    """
    files: dict[str, bytes] = field(default_factory=dict)
    _came: asyncio.Queue[Incoming] = field(default_factory=asyncio.Queue)
    sent: int = 0
    accepted: int = 0

    # ── the person's side ────────────────────────────────────────────────────

    def write(self, chat: str, text: str, at: int, *, seen: int = 1) -> None:
        """`seen`: under which question it was written, 1 the newest, 2 the one before."""
        self._arrive(chat, self._read(chat, text), at, seen)

    def send(
        self,
        chat: str,
        kind: str,
        content: bytes | None,
        at: int,
        forwarded: str = "",
        name: str = "file.bin",
    ) -> None:
        id_ = f"{kind}{len(self.files)}"
        if content is not None:
            self.files[id_] = content
        first_sent = 1_700_000_000 if forwarded else 0
        size = len(content or b"")
        file = File(id_, kind, name, size=size, forwarded=forwarded, forwarded_at=first_sent)  # type: ignore[arg-type]
        self._arrive(chat, file, at)

    def do(self, chat: str, what: What | tuple[What, ...], at: int) -> None:
        self._arrive(chat, what, at)

    def number_of(self, chat: str, label: str) -> str | None:
        """What to write to press this label; None if it is not on the last list."""
        labels = [button.label for button in self.listed.get(chat, ())]
        return str(labels.index(label) + 1) if label in labels else None

    def _arrive(self, chat: str, what: What | tuple[What, ...], at: int, seen: int = 1) -> None:
        self.sent += 1
        key = f"n{self.sent}"
        what, *also = what if isinstance(what, tuple) else (what,)
        asked = [0, 0, *self.asked.get(chat, ())][-seen]
        came = Incoming(chat, key, key, 0, at, what, also=tuple(also), delivery=key, prompt=asked)
        self._came.put_nowait(came)

    def _read(self, chat: str, text: str) -> What | tuple[What, ...]:
        buttons = self.listed.get(chat, ())
        if text.isdecimal() and 1 <= int(text) <= len(buttons):
            return Pressed(buttons[int(text) - 1].token, self.said[chat][-1])
        if (commanded := command(text)) is None:
            return Typed(text)
        return (Typed(commanded[1]), commanded[0]) if commanded[1] else commanded[0]

    # ── the port ─────────────────────────────────────────────────────────────

    async def receive(self) -> AsyncIterator[Batch]:
        while True:
            items = [await self._came.get()]
            while len(items) < MOST and not self._came.empty():
                items.append(self._came.get_nowait())
            yield Batch(tuple(items), self._accepting(len(items)))

    def read(self, raw: dict[str, Any]) -> Incoming | Unread | None:
        """Nothing is ever set aside as this channel's own."""
        assert raw
        return None

    def _accepting(self, count: int) -> Callable[[], Coroutine[None, None, None]]:
        async def accept() -> None:
            self.accepted += count

        return accept

    async def deliver(self, chat: str, message: Rendered, *, replacing: int = 0) -> int:
        assert not replacing, "this channel cannot edit"
        lines = [message.text, *(f"{i} {b.label}" for i, b in enumerate(message.buttons, 1))]
        self.said.setdefault(chat, []).append("\n".join(lines))
        if message.buttons:
            self.listed[chat] = message.buttons
        if message.prompt and message.prompt not in self.asked.get(chat, ()):
            self.asked.setdefault(chat, []).append(message.prompt)
        return 0

    async def open(self, file_id: str) -> AsyncIterator[bytes]:
        if file_id not in self.files:
            raise Gone
        yield self.files[file_id]

    async def let_go(self, file_id: str) -> bool:
        return file_id in self.files

    async def remove(self, chat: str, ids: Sequence[int]) -> list[int]:
        assert chat
        return list(ids)

    async def close(self) -> None:
        return


OTHER: dict[str, What] = {
    "{contact}": ContactCard("Somebody\n+000"),
    "{sticker}": Strange("sticker"),
    "{block}": LeftUs(),
}
