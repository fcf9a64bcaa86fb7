"""How fast a bot may speak: so much a chat, so much a group, so much overall, as Telegram's FAQ for
bots says.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


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
class RateLimit:
    """Private chats: one message a second after a short burst; groups and channels 20 a minute; 30
    a second overall.

    A bucket lets through what it holds and what runs in meanwhile: the two together are the limit.
    """

    clock: Callable[[], float]
    overall: float = 30.0
    chat: float = 1.0
    group: float = 20.0
    burst: int = 3
    _chats: dict[str, Bucket] = field(default_factory=dict)
    _all: Bucket | None = None

    def wait_for_any(self) -> float:
        """Seconds until a message may go to any chat at all."""
        return self._all.wait(self.clock()) if self._all is not None else 0.0

    def take_or_wait(self, chat: str) -> float:
        """Seconds until a message may go to this chat; 0 takes the place at once."""
        now = self.clock()
        if self._all is None:
            size = max(self.overall / 10, 1)
            self._all = Bucket(max(self.overall - size, self.overall / 2), size, size, now)
        mine = self._chats.get(chat)
        if mine is None:
            group = chat.startswith("-")
            held = float(self.burst)
            rate, size = (
                ((self.group - held) / 60, held) if group else (self.chat, max(held, self.chat))
            )
            mine = self._chats[chat] = Bucket(rate, size, size, now)
        wait = max(mine.wait(now), self._all.wait(now))
        if not wait:
            mine.take()
            self._all.take()
        if len(self._chats) > 10_000:  # noqa: PLR2004 - forget chats that are long full again
            self._chats = {c: b for c, b in self._chats.items() if now - b.at < 60}  # noqa: PLR2004
        return wait
