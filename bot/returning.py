"""Finding a hidden report by its return words: which messages may be such words, and how many tries there are."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from bot import wordlist
from bot.channels.port import Incoming, Typed, Unread
from bot.pace import Bucket
from storage.keys import Box, words_name

TRIES_A_MINUTE: Final = 30
"""Over all chats. Five words are 40 bits: at this pace, some seventy thousand years for the half of them."""
CHATS_REMEMBERED: Final = 50_000

Recalls = dict[str, bytes]
"""By the key of a message: the name that it would open a report by, if it is return words."""


@dataclass(slots=True)
class Returning:
    master: Box
    clock: Callable[[], float]
    _agreed: dict[bytes, None] = field(default_factory=dict)
    _tries: Bucket | None = None

    def agreed(self, chat: bytes) -> None:
        """Here a report is being written: a sentence of some words is part of it, not somebody's own return words."""
        if chat not in self._agreed:
            self._agreed[chat] = None
            if len(self._agreed) > CHATS_REMEMBERED:
                del self._agreed[next(iter(self._agreed))]

    def closed(self, chat: bytes) -> None:
        """The chat is as at the first contact again."""
        self._agreed.pop(chat, None)

    async def recalls(self, chat: bytes, items: Iterable[Incoming | Unread]) -> Recalls:
        """The names of what may be return words among these messages; each costs a try and some 80 ms of a thread."""
        found: Recalls = {}
        for item in items:
            if isinstance(item, Incoming) and isinstance(item.what, Typed) and self._may_be(chat, item.what):
                found[item.key] = await asyncio.to_thread(words_name, self.master, wordlist.plain(item.what.text))
        return found

    def _may_be(self, chat: bytes, typed: Typed) -> bool:
        if typed.edits or len(typed.text) > 200:  # noqa: PLR2004 - no note on paper is longer
            return False
        own = chat not in self._agreed and wordlist.may_be_own(typed.text)
        return (wordlist.from_list(typed.text) or own) and self.may_try()

    def may_try(self) -> bool:
        """Whether one more guess is allowed now; it counts as made."""
        now = self.clock()
        if self._tries is None:
            self._tries = Bucket(TRIES_A_MINUTE / 60, TRIES_A_MINUTE, TRIES_A_MINUTE, now)
        if self._tries.wait(now):
            return False
        self._tries.take()
        return True
