"""The file of the shred keys: 32-byte slots, of which one process writes and others read."""

import fcntl
import os
import threading
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

from storage.keys import SIZE, SLOTS, Box, KeysMissing, KeyTaken, Unsealable, write_new
from storage.leases import place_of
from storage.mirror import Mirror

STAMPS: Final = (SLOTS - 1, SLOTS - 2)
"""Slots that no report gets: they say how new the file is."""


class KeyFile:
    """Of a fixed size, made whole on the first start. Overwriting a slot destroys what it seals for
    good.

    The owner holds an exclusive lock on it, which the kernel takes back from whoever dies.
    """

    def __init__(
        self,
        path: Path,
        *,
        owner: bool,
        mirror: Path | None = None,
        whose: bytes = b"",
        begin_mirror: bool = False,
    ) -> None:
        """`mirror`: a folder on another disk; `whose`: what tells this installation's from
        another's.

        Raises KeysMissing, also where only the mirror is left (it is put back, and never made new)
        and where the file is not whole; KeyTaken where it has an owner.
        """
        self._path = path
        self._alone = threading.Lock()
        """Slots are written in threads; original and mirror must change together."""
        fresh = not path.exists()
        if fresh:
            if not owner or (mirror is not None and (mirror / path.name).exists()):
                raise KeysMissing(path.name)
            write_new(path, bytes(SIZE * SLOTS))
        if path.stat().st_size != SIZE * SLOTS:
            raise KeysMissing(path.name)
        self._fd = os.open(path, os.O_RDWR if owner else os.O_RDONLY)
        if owner:
            self._lock(path)
        self._mirror = (
            Mirror(mirror, path, whose, begin=fresh or begin_mirror) if owner and mirror else None
        )

    @property
    def place(self) -> str:
        """The same for whoever the lock keeps out."""
        return place_of(self._path)

    def box(self, slot: int) -> Box:
        """The key in a slot as it is now."""
        return Box(self.key(slot))

    def opens(self, slot: int, sealed: bytes, about: str) -> bool:
        """Whether what was sealed is readable with what is in the slot now."""
        try:
            self.box(slot).open(sealed, about)
        except Unsealable:
            return False
        return True

    def key(self, slot: int) -> bytes:
        return os.pread(self._fd, SIZE, slot * SIZE)

    def renew(self, slots: Iterable[int]) -> dict[int, bytes]:
        """Fresh keys in these slots, durable. Without its mirror it goes on: a witness must not
        wait for a disk.
        """
        fresh = {slot: os.urandom(SIZE) for slot in slots}
        with self._alone:
            self._write(fresh)
        return fresh

    def destroy(self, slots: Collection[int]) -> None:
        """Destroy what was sealed under these slots.

        Raises MirrorAway: then the keys are destroyed here, and must be again once the mirror is
        back.
        """
        with self._alone:
            self._write({slot: os.urandom(SIZE) for slot in slots})
            if self._mirror is not None:
                self._mirror.require()

    def join_mirror(self) -> None:
        """Write the mirror, too, from now on.

        Only where this is the file that was used last: otherwise the mirror may be all there is of
        that one.
        """
        with self._alone:
            if self._mirror is not None:
                self._mirror.join()

    @property
    def mirror_away(self) -> bool:
        """Whether there should be a mirror, and is none."""
        return self._mirror is not None and self._mirror.away

    @property
    def stamps(self) -> tuple[bytes, ...]:
        """Which epoch the file is of, and which was before it; zeros where it has none yet."""
        return tuple(self.key(slot) for slot in STAMPS)

    def stamp(self, now: bytes, before: bytes) -> None:
        """32 bytes each. With the mirror, so that what is put back from there can be told from an
        older copy.
        """
        with self._alone:
            self._write(dict(zip(STAMPS, (now, before), strict=True)))

    def _write(self, keys: Mapping[int, bytes]) -> None:
        for slot, key in keys.items():
            os.pwrite(self._fd, key, slot * SIZE)
            if self._mirror is not None:
                self._mirror.write(slot * SIZE, key)
        os.fdatasync(self._fd)
        if self._mirror is not None:
            self._mirror.settle()

    def _lock(self, path: Path) -> None:
        if not _locked(self._fd):
            os.close(self._fd)
            raise KeyTaken(path.name)

    def close(self) -> None:
        os.close(self._fd)
        # what is still asked of it must fail, and not reach another file of that number
        self._fd = -1
        if self._mirror is not None:
            self._mirror.close()


def is_owned(path: Path) -> bool:
    """Whether a process of this machine owns this file; nothing is made where there is none."""
    try:
        fd = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return not _locked(fd)
    finally:
        os.close(fd)


def _locked(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
