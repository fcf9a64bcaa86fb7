"""How far a long command is, in a line every few seconds."""

import time
from collections.abc import Callable

EVERY_SECONDS = 5.0


class Progress:
    """Of `total` things called `what`."""

    def __init__(self, total: int, what: str, say: Callable[[str], None]) -> None:
        self._total, self._what, self._say = total, what, say
        self._began = self._said = time.monotonic()

    def at(self, done: int, size: int = 0) -> None:
        """Say how many are done and how many bytes, if it has been quiet for a while."""
        now = time.monotonic()
        if now - self._said < EVERY_SECONDS or done >= self._total:
            return
        self._said = now
        speed = f", {size / 1e6 / (now - self._began):.0f} MB/s" if size else ""
        self._say(f"  {done} of {self._total} {self._what}{speed}")
