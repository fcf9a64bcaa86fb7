"""Leases: which of several processes does what only one may do. One that is not renewed is
another's.

Processes of one machine keep each other out by a lock besides, which the kernel takes back from
whoever dies: what such a process held need not be waited for.
"""

import fcntl
import hashlib
import os
import socket
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from storage import statements
from storage import tables as t
from storage.connection import Connection
from storage.database import Database

_HOLDER = select(t.leases.c.holder).where(t.leases.c.name == bindparam("of"))
BOOT = Path("/proc/sys/kernel/random/boot_id")


class Lease:
    """`folder`: of the locks of this machine's processes; where the database is a file, it is all
    they need.
    """

    def __init__(self, database: Database, name: str, folder: Path) -> None:
        self.name = name
        self._database = database
        self._lock, self._fd = folder / name.replace(":", "-"), -1
        self._place, self._holder = "", holder_at("unlocked")

    async def take(self, *, now: int, hold: int) -> bool:
        """Have it for so many seconds from now, or longer if it is had already; False while another
        has it.

        Without the lock, too, once the time of whoever has that is over: a frozen process keeps its
        lock.
        """
        locked = self._fd >= 0 or self._locked()
        if self._database.is_sqlite:
            return locked
        async with self._database.writing() as connection:
            return await take(
                connection, self.name, self._holder, now=now, hold=hold, place=self._place
            )

    async def end(self) -> None:
        """The next one need not wait. Not to be called while what it stands for goes on."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
        if not self._database.is_sqlite:
            async with self._database.writing() as connection:
                await end(connection, self.name, self._holder)

    def _locked(self) -> bool:
        self._lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fd = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(fd)
            return False
        self._fd, self._place = fd, place_of(self._lock)
        self._holder = holder_at(self._place)
        return True


def place_of(lock: Path) -> str:
    """The same for whoever is kept out by the same lock: of this very file, on this machine since
    it was started (of this name, where the system does not say when that was).
    """
    machine = BOOT.read_text() if BOOT.exists() else socket.gethostname()
    there = lock.stat()
    return hashlib.sha256(f"{machine} {there.st_dev} {there.st_ino}".encode()).hexdigest()[:16]


def holder_at(place: str) -> str:
    """A name for one process, never given twice."""
    return f"{place}-{os.urandom(8).hex()}"


async def take(
    connection: Connection, name: str, holder: str, *, now: int, hold: int, place: str = ""
) -> bool:
    """`place`: whoever holds it there is dead, since the lock of that place is the caller's."""
    upsert = statements.insert(connection, t.leases).values(
        name=name, holder=holder, until=now + hold
    )
    u = t.leases.c.until  # one that lasts longer than any can was taken by a clock that was ahead
    free: Any = or_(u <= now, u > now + 3 * hold, t.leases.c.holder == holder)
    if place:
        free = or_(free, t.leases.c.holder.startswith(f"{place}-"))
    upsert = upsert.on_conflict_do_update(
        index_elements=["name"], set_={"holder": holder, "until": now + hold}, where=free
    )
    return (await connection.execute(upsert.returning(t.leases.c.name))).first() is not None


async def begin_epoch(connection: Connection, name: str, holder: str) -> None:
    """Whose it is from now on, without an end: until another's begins."""
    upsert = statements.insert(connection, t.leases).values(name=name, holder=holder, until=0)
    await connection.execute(
        upsert.on_conflict_do_update(index_elements=["name"], set_={"holder": holder})
    )


async def end(connection: Connection, name: str, holder: str) -> None:
    """Over at once, if it is still that holder's."""
    mine = (t.leases.c.name == name) & (t.leases.c.holder == holder)
    await connection.execute(update(t.leases).where(mine).values(until=0))


async def is_held(connection: Connection, name: str, *, now: int) -> bool:
    """Whether somebody holds it now."""
    query = select(t.leases.c.until).where(t.leases.c.name == name)
    return int((await connection.execute(query)).scalar() or 0) > now


async def holder(connection: Connection, name: str) -> str:
    """Who has it; "" where nobody ever had."""
    return str((await connection.execute(_HOLDER, {"of": name})).scalar() or "")
