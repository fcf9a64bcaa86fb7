"""How fast a bot may speak: so much a chat, so much a group, so much overall, as Telegram's FAQ for
bots says.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

LOOK_AGAIN = 0.05
"""Seconds, where all that may be under way at once is."""


@dataclass(slots=True)
class Bucket:
    """Holds `size` messages and fills at `rate` a second."""

    rate: float
    size: float
    level: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until one more may go."""
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.level >= 1 else (1 - self.level) / self.rate

    def take(self) -> None:
        self.level -= 1


@dataclass(slots=True)
class Window:
    """At most `most` messages in any `seconds` by the clock of whoever counts them.

    When one arrives there nobody here can know: some time between its call and the answer. So each
    has its place from the call until `seconds` after the answer, however unevenly they travel.
    """

    most: int
    seconds: float
    _under_way: Counter[str] = field(default_factory=Counter)
    _left: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until one more may go."""
        while self._left and self._left[0] <= now:
            self._left.popleft()
        if self._under_way.total() + len(self._left) < self.most:
            return 0.0
        return self._left[0] - now if self._left else LOOK_AGAIN

    def take(self, chat: str) -> None:
        self._under_way[chat] += 1

    def none_under_way(self) -> None:
        self._under_way.clear()

    def answered(self, chat: str, now: float) -> None:
        """What this chat holds no place for changes nothing."""
        if chat in self._under_way:
            self._under_way[chat] -= 1
            self._under_way += Counter()  # only what is more than none stays
            self._left.append(now + self.seconds)


@dataclass(slots=True)
class RateLimit:
    """Private chats: one message a second after a short burst; groups and channels 20 a minute; 30
    a second overall.

    A bucket lets through what it holds and what runs in meanwhile: the two together are the limit.
    Overall, where many are under way at once, a window holds it at the other end as well; in one
    chat, one message waits for the answer to the one before it.
    """

    clock: Callable[[], float]
    overall: float = 30.0
    chat: float = 1.0
    group: float = 20.0
    burst: int = 3
    _chats: dict[str, Bucket] = field(default_factory=dict)
    _all: Bucket = field(init=False)
    _arriving: Window = field(init=False)

    def __post_init__(self) -> None:
        size = max(self.overall / 10, 1)
        rate = max(self.overall - size, self.overall / 2)
        self._all = Bucket(rate, size, size, self.clock())
        most = max(int(self.overall), 1)
        self._arriving = Window(most, max(1.0, most / self.overall))

    def wait_for_any(self) -> float:
        """Seconds until a message may go to any chat at all."""
        now = self.clock()
        return max(self._all.wait(now), self._arriving.wait(now))

    @asynccontextmanager
    async def place(self, chat: str) -> AsyncIterator[None]:
        """Wait for this chat's turn, and keep the place until the message is answered. Whoever
        waits here for the next part of a message must hold none: all could wait for each other.
        """
        while wait := self.take_or_wait(chat):  # noqa: ASYNC110 - time is what it waits for
            await asyncio.sleep(wait)
        try:
            yield
        finally:
            self.answered(chat)

    def answered(self, chat: str) -> None:
        """Whatever took a place gives it back here, also where the answer never came."""
        self._arriving.answered(chat, self.clock())

    def none_under_way(self) -> None:
        """All that took a place is over, also what was cancelled before it began."""
        self._arriving.none_under_way()

    def take_or_wait(self, chat: str) -> float:
        """Seconds until a message may go to this chat; 0 takes the place at once."""
        now = self.clock()
        mine = self._chats.get(chat)
        if mine is None:
            group = chat.startswith("-")
            held = float(self.burst)
            rate, size = (
                ((self.group - held) / 60, held) if group else (self.chat, max(held, self.chat))
            )
            mine = self._chats[chat] = Bucket(rate, size, size, now)
        wait = max(mine.wait(now), self._all.wait(now), self._arriving.wait(now))
        if not wait:
            mine.take()
            self._all.take()
            self._arriving.take(chat)
        if len(self._chats) > 10_000:  # noqa: PLR2004 - forget chats that are long full again
            self._chats = {c: b for c, b in self._chats.items() if now - b.at < 60}  # noqa: PLR2004
        return wait
