"""The shred-key file on a second disk, written as the first is: whoever loses the machine keeps unsent reports.

A key that is to be destroyed is destroyed in both. While the mirror is away, keys are given out all the same, but none
counts as destroyed. The mirror is never a copy to keep: an old one would open again what was destroyed since.
"""

import hashlib
import os
from pathlib import Path
from typing import Final

import structlog

log = structlog.get_logger()
NAME: Final = "shred.keys"
OWNER: Final = "mirror-of"
"""Beside the mirror: whose it is, so that two installations do not destroy each other's."""


class MirrorAway(OSError):
    """The mirror cannot be written: nothing counts as destroyed until it can."""


class MirrorOfAnother(Exception):
    """That folder mirrors another installation's keys."""


class Mirror:
    """Of one key file; `whose` is any bytes that only this installation has."""

    def __init__(self, folder: Path, original: Path, whose: bytes) -> None:
        """Raises MirrorOfAnother. A mirror that cannot be written now is tried again with every change."""
        self._path, self._original, self._fd = folder / NAME, original, -1
        self._owner, self._whose = folder / OWNER, hashlib.sha256(whose).hexdigest()
        if self._owner.exists() and self._owner.read_text().strip() != self._whose:
            raise MirrorOfAnother(str(folder))
        self.bring_up_to_date()

    @property
    def away(self) -> bool:
        return self._fd < 0

    def write(self, at: int, key: bytes) -> None:
        """One slot; durable after `settle`."""
        if not self.away:
            try:
                os.pwrite(self._fd, key, at)
            except OSError:
                self._lose()

    def settle(self) -> None:
        """Durable, or away. What was written while it was away is written now, if it is back."""
        if self.away:
            self.bring_up_to_date()
            return
        try:
            os.fdatasync(self._fd)
        except OSError:
            self._lose()

    def require(self) -> None:
        """Raises MirrorAway."""
        if self.away:
            raise MirrorAway(str(self._path.parent))

    def bring_up_to_date(self) -> None:
        """Make it the same as the original, byte for byte."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            self._owner.write_text(self._whose + "\n")
            os.pwrite(self._fd, self._original.read_bytes(), 0)
            os.fdatasync(self._fd)
        except OSError:
            self._lose()

    def close(self) -> None:
        if not self.away:
            os.close(self._fd)
            self._fd = -1

    def _lose(self) -> None:
        log.error("the mirror of the shred keys cannot be written")
        self.close()
