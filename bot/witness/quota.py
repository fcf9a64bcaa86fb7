"""How many files and bytes one chat may send in a day; counted in this process's memory, and
nowhere else.

It keeps one chat from filling the vault. It is no rate: words are taken whatever was counted.
"""

import os
from collections.abc import Callable
from dataclasses import astuple, dataclass, field
from hashlib import blake2b
from typing import Any, Final

DAY_SECONDS: Final = 24 * 3600
NEAR: Final = 0.8
"""From this part of it on, what is left is said."""


@dataclass(slots=True)
class _Used:
    since: float
    files: int = 0
    size: int = 0
    told: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """What a chat can still send: files, and bytes in all."""

    files: int
    size: int


@dataclass(slots=True)
class Quota:
    """`files` and `size` (bytes) in 24 hours from a chat's first file; `clock` only goes forward,
    in seconds.
    """

    files: int
    size: int
    clock: Callable[[], float]
    _key: bytes = field(default_factory=lambda: os.urandom(32), repr=False)
    _used: dict[bytes, _Used] = field(default_factory=dict, repr=False)

    def begin(self, chat: str, *, always: bool = False) -> bool:
        """Count one more file, which is to be fetched; False if no more is taken from this chat for
        now.

        `always`: it is counted, and taken all the same.
        """
        used = self._of(chat)
        if not always and (used.files >= self.files or used.size >= self.size):
            return False
        used.files += 1
        return True

    def failed(self, chat: str) -> None:
        """It did not come, and is not counted."""
        used = self._of(chat)
        used.files = max(0, used.files - 1)

    def left_after(self, chat: str, size: int) -> Left | None:
        """What is left once this file is kept, where that becomes little and was not said yet."""
        used = self._of(chat)
        files, size = used.files, used.size + size
        if used.told or not (files >= NEAR * self.files or size >= NEAR * self.size):
            return None
        return Left(max(0, self.files - files), max(0, self.size - size))

    def came(self, chat: str, size: int, *, told: bool) -> None:
        """It is kept. `told`: what is left was said with it."""
        used = self._of(chat)
        used.size, used.told = used.size + size, used.told or told

    def counts(self) -> dict[str, Any]:
        """For the process after this one; see bot/process/handover.py."""
        return {
            "key": self._key.hex(),
            "used": {name.hex(): astuple(used) for name, used in self._used.items()},
        }

    def take_over(self, counts: dict[str, Any]) -> None:
        self._key = bytes.fromhex(counts["key"])
        self._used = {bytes.fromhex(name): _Used(*used) for name, used in counts["used"].items()}

    def _of(self, chat: str) -> _Used:
        now = self.clock()
        for name in [name for name, used in self._used.items() if now - used.since >= DAY_SECONDS]:
            del self._used[name]
        name = blake2b(chat.encode(), key=self._key, digest_size=16).digest()
        return self._used.setdefault(name, _Used(now))
