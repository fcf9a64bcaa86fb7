"""Finding a hidden report by its return words: which messages may be such words, and how many tries
there are.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import astuple, dataclass, field
from typing import Any, Final

from bot.channels.incoming import Incoming, Unread
from bot.process.rate_limit import Bucket
from bot.witness import wordlist
from conversations.engine import IDLE
from storage.keys import Box, words_name

TRIES_A_MINUTE: Final = 60
"""Over all chats of a process. Five words are 40 bits: at this pace, seventeen thousand years for
the half of them.
"""
OF_ONE_CHAT: Final = 3
"""A minute, a twentieth of all: a chat that guesses uses up its own tries, and twenty must guess to
slow the others.
"""
CHATS_REMEMBERED: Final = 50_000
LONGEST_NOTE: Final = 200
"""Characters: no note on paper is longer."""

Recalls = dict[str, bytes | None]
"""By the key of a message that is return words: the name it would open a report by; None where no
try is left.
"""


@dataclass(slots=True)
class Returning:
    """`clock` only goes forward, in seconds: whoever sets the machine's clock back takes nobody's
    tries.
    """

    master: Box
    clock: Callable[[], float]
    _agreed: dict[bytes, float] = field(default_factory=dict)
    """The chats in which a report is being written, and when that was seen last."""
    _overall: list[Bucket] = field(default_factory=list)
    _chats: dict[bytes, Bucket] = field(default_factory=dict)

    def agreed(self, chat: bytes) -> None:
        """Here a report is being written: a sentence of some words is part of it, not somebody's
        own return words.
        """
        self._agreed[chat] = self.clock()
        if len(self._agreed) > CHATS_REMEMBERED:
            del self._agreed[next(iter(self._agreed))]

    def closed(self, chat: bytes) -> None:
        """The chat is as at the first contact again."""
        self._agreed.pop(chat, None)

    async def recalls(
        self,
        chat: bytes,
        items: Iterable[Incoming | Unread],
        writes: Callable[[bytes], Awaitable[bool]],
    ) -> Recalls:
        """What may be return words among these messages; each costs a try and some 80 ms of a
        thread.

        `writes` tells of a chat whether a report is being written there, which is not known since
        the last start.
        """
        found: Recalls = {}
        for item in items:
            if not (isinstance(item, Incoming) and 0 < len(item.words) <= LONGEST_NOTE):
                continue
            listed = wordlist.from_list(item.words)
            if not listed and not (
                wordlist.may_be_own(item.words) and not await self._written_in(chat, writes)
            ):
                continue
            if self.use_a_try(chat):
                found[item.key] = await asyncio.to_thread(
                    words_name, self.master, wordlist.plain_words(item.words)
                )
            elif listed:
                # Nothing else is ever written like that, and what opens a report must not become
                # part of one.
                found[item.key] = None
        return found

    async def _written_in(self, chat: bytes, writes: Callable[[bytes], Awaitable[bool]]) -> bool:
        if self.clock() - self._agreed.get(chat, -IDLE) < IDLE:
            return True
        # nobody knows since the last start, or the report may be locked by now
        return await writes(chat)

    def use_a_try(self, whose: bytes) -> bool:
        """Whether one more guess is allowed now; it counts as made, for `whose` and over all."""
        now = self.clock()
        if not self._overall:
            self._overall.append(_full(TRIES_A_MINUTE, now))
        overall, mine = self._overall[0], self._chats.setdefault(whose, _full(OF_ONE_CHAT, now))
        if mine.wait(now) or overall.wait(now):
            return False
        mine.take()
        overall.take()
        # forget chats that have all their tries again
        if len(self._chats) > 10_000:  # noqa: PLR2004
            self._chats = {c: b for c, b in self._chats.items() if now - b.at < 60}  # noqa: PLR2004
        return True

    def counts(self) -> dict[str, Any]:
        """For the process after this one: the tries that are used up. See
        bot/process/handover.py.
        """
        now = self.clock()
        used = {
            whose: bucket
            for whose, bucket in self._chats.items()
            if bucket.wait(now) or bucket.level < OF_ONE_CHAT
        }
        chats = {whose.hex(): astuple(bucket) for whose, bucket in used.items()}
        return {"overall": [astuple(bucket) for bucket in self._overall], "chats": chats}

    def take_over(self, counts: dict[str, Any]) -> None:
        self._overall = [Bucket(*bucket) for bucket in counts["overall"]]
        self._chats = {
            bytes.fromhex(whose): Bucket(*bucket) for whose, bucket in counts["chats"].items()
        }


def _full(a_minute: int, now: float) -> Bucket:
    return Bucket(a_minute / 60, a_minute, a_minute, now)
