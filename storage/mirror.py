"""The shred-key file on a second disk, written as the first is: whoever loses the machine keeps
unsent reports.

A key that is to be destroyed is destroyed in both. While the mirror is away, keys are given out all
the same, but none counts as destroyed. The mirror is never a copy to keep: an old one would open
again what was destroyed since.

A mirror is there if its mark is. It is begun once, because somebody says so: a disk that is not
mounted is an empty folder like any other, and must be neither written to nor taken for the mirror.
"""

import hashlib
import os
from pathlib import Path
from typing import Final

import structlog

from storage.durable import sync_folder

log = structlog.get_logger()
NAME: Final = "shred.keys"
MARK: Final = "mirror-of"
"""Beside the mirror: whose it is, so that two installations do not destroy each other's."""


class MirrorAway(OSError):
    """The mirror cannot be written: nothing counts as destroyed until it can."""


class MirrorOfAnother(Exception):
    """That folder mirrors another installation's keys."""


class Mirror:
    """Of one key file; `whose` is any bytes that only this installation has. Its caller lets in one
    thread.
    """

    def __init__(self, folder: Path, original: Path, whose: bytes, *, begin: bool = False) -> None:
        """Raises MirrorOfAnother. Nothing is written to it before `join`; `begin`: make it."""
        self._folder, self._original, self._fd = folder, original, -1
        self._joined = False
        self._mark, self._whose = folder / MARK, hashlib.sha256(whose).hexdigest()
        if begin and not self._mark.exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._mark.write_text(self._whose + "\n")
        if self._mark.exists() and self._mark.read_text().strip() != self._whose:
            raise MirrorOfAnother(str(folder))

    def join(self) -> None:
        """From now on it is the same as the original, which is known to be the file that was used
        last.

        One that is away now is looked for again with every change.
        """
        if not self._joined:
            self._joined = True
            self._look_for()

    @property
    def away(self) -> bool:
        return self._fd < 0 if self._joined else not self._mark.exists()

    def write(self, at: int, key: bytes) -> None:
        """One slot; durable after `settle`."""
        if self._fd >= 0:
            try:
                os.pwrite(self._fd, key, at)
            except OSError:
                self._lose()

    def settle(self) -> None:
        """Durable, or away. What was written while it was away is written now, if it is back."""
        if self._fd < 0:
            self._look_for()
            return
        try:
            os.fdatasync(self._fd)
        except OSError:
            self._lose()

    def require(self) -> None:
        """Raises MirrorAway."""
        if self._fd < 0:
            raise MirrorAway(str(self._folder))

    def _look_for(self) -> None:
        """If it is there, make it the same as the original, byte for byte."""
        if not self._joined:
            return
        if not self._mark.exists():
            log.error("the mirror of the shred keys is not there")
            return
        try:
            content = self._original.read_bytes()
            self._fd = os.open(self._folder / NAME, os.O_RDWR | os.O_CREAT, 0o600)
            if not any(content) and any(os.pread(self._fd, len(content), 0)):
                log.error("the shred keys are empty and their mirror is not: it is left as it is")
                self.close()
                return
            os.pwrite(self._fd, content, 0)
            os.fdatasync(self._fd)
        except OSError:
            self._lose()

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _lose(self) -> None:
        log.error("the mirror of the shred keys cannot be written")
        self.close()


def put_back(folder: Path, original: Path) -> bool:
    """Copy a mirror to where the keys belong, whole or not at all; False where there is none.
    Raises OSError.
    """
    mirrored = folder / NAME
    if not mirrored.is_file():
        return False
    temporary = original.with_suffix(".part")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(mirrored.read_bytes())
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(original)
    sync_folder(original.parent)
    return True
