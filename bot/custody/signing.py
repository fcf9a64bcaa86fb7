"""Signing heads of the custody log.

1. Every hour a head is signed, whether or not anything happened, so that a history written anew
   contradicts one that was signed before. It says how many entries there were, and over which root.
2. A hand-out wants a head at once: what leaves the server leaves with the proof that it is in the
   log. The package waits for it (bot/officers/packages.py).
3. Entries are numbered before a head is signed, in the order in which they were committed; whoever
   appends waits for neither.
4. A head for a hand-out ends with its line, so that a package cannot be cut back under a later one.
5. A head that is signed stays, and the next goes on from it: before anything is signed, what was is
   held to the rows as they are, and to a note beside the key. Where they differ nothing is signed.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric import ec

from bot.errors import Misconfigured, Tampered
from bot.kill_points import kill_point
from bot.process.holding import HOLD_SECONDS
from bot.process.retry import retry
from bot.referral import head as head_
from bot.referral import signed_note
from bot.referral.head import Head
from storage import custody, heads, keys, ledger, schema
from storage.connection import Connection
from storage.database import Database
from storage.durable import replace
from storage.heads import SignedHead
from storage.leases import Lease
from storage.ledger import Entry

log = structlog.get_logger()
LEASE: Final = "custody"
KEY_ENTRY: Final = "custody key in use"
FLOOR: Final = "custody.signed"
LOOK_SECONDS: Final = 0.5
REFUSED_SECONDS: Final = 30
NUMBER_SECONDS: Final = 10
AT_ONCE: Final = 1_000
"""Entries that are held to their numbers together."""


async def signing_of(database: Database, folder: Path, clock: Callable[[], float]) -> "Signing":
    """With the key of the custody log that lies in this folder. Raises KeysMissing, and
    Misconfigured where it is another than this database's.
    """
    private = keys.custody_log(folder, make=False)
    async with database.reading() as connection:
        origin = head_.origin(await schema.name_of(connection))
        known = await schema.custody_key(connection)
    if known != signed_note.one_line(private.public_key()):
        raise Misconfigured(
            f"FIRSTHAND_KEYS: {keys.CUSTODY_KEY} is not the one by which officers know this "
            "custody log; put back the one that was, from where you keep your keys"
        )
    return Signing(database, private, origin, Floor(folder / FLOOR), clock)


async def sign_if_alone(
    database: Database, folder: Path, locks: Path, clock: Callable[[], float]
) -> None:
    """Sign what is wanted where no custody process does, as at a command of the operator's.

    `folder`: of the keys; where the log's is not there, nothing is signed. `locks`: of this
    machine.
    """
    lease = Lease(database, LEASE, locks)
    if not await lease.take(now=int(clock()), hold=HOLD_SECONDS):
        return
    try:
        with contextlib.suppress(keys.KeysMissing):
            await (await signing_of(database, folder, clock)).once()
    finally:
        await lease.end()


@dataclass(frozen=True, slots=True)
class Floor:
    """The size and root that were signed last, beside the key: whoever writes rows of the database
    does not write it, so that what was signed cannot be taken back by removing rows.
    """

    path: Path

    def read(self) -> tuple[int, bytes] | None:
        """None where nothing was signed, or a restore began anew. Raises Tampered where it is no
        such file.
        """
        try:
            size, root = self.path.read_text("ascii").split()
            return int(size), bytes.fromhex(root)
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            raise Tampered(f"{self.path.name} cannot be read") from None

    def write(self, size: int, root: bytes) -> None:
        """Whole or not at all; never lower."""
        before = self.read()
        if before is None or before[0] <= size:
            replace(self.path, f"{size} {root.hex()}\n".encode())


@dataclass(slots=True)
class Signing:
    """`clock` in seconds since 1970. `origin`: bot/referral/head.py. `floor`: what was signed last,
    in a file beside the key.
    """

    database: Database
    private: ec.EllipticCurvePrivateKey
    origin: str
    floor: Floor
    clock: Callable[[], float]
    _numbered: float = -NUMBER_SECONDS
    _whole: bool = True
    _looked: bool = False
    """Since entries were numbered last."""
    _hour: int = -1
    """Of the clock, when it signed last; a head's own is never before the one before."""

    async def serve(self) -> None:
        """Sign what is wanted until cancelled; one process does."""
        while True:
            try:
                await retry(self.once)
            except Tampered as why:
                log.error("nothing is signed; see firsthand doctor", error=str(why))
                await asyncio.sleep(REFUSED_SECONDS)
            await asyncio.sleep(LOOK_SECONDS)

    async def once(self) -> SignedHead | None:
        """Sign what is due or wanted, and return the last; None where nothing is. Raises Tampered
        where the entries do not go on from what was signed before.
        """
        hour = int(self.clock()) // 3600
        async with self.database.reading() as connection:
            newest = await heads.newest(connection)
            wanted = await heads.is_wanted(connection)
        if newest is None and self.floor.read():
            raise Tampered("no head is here, and the note beside the key says that there was one")
        if newest is None:
            await self._begin(hour)
        last = self._read(newest) if newest else None
        due = last is None or last.hour < hour or (last.hour > hour and self._hour != hour)
        now = asyncio.get_running_loop().time()
        if due or wanted or now - self._numbered >= NUMBER_SECONDS:
            await ledger.number_leaves(self.database, whole=self._whole)
            self._numbered, self._whole, self._looked = now, False, False
        if self._looked:
            return None
        try:
            signed = await self._sign(hour, due=due)
        except LookupError as missing:
            raise Tampered(str(missing)) from None
        self._looked, self._hour = True, hour
        return signed

    def _read(self, newest: SignedHead) -> Head:
        """What was signed, and not what its row says. Raises Tampered."""
        head = head_.read(newest.note, self.private.public_key())
        said = (self.origin, newest.size, newest.hour)
        if (head.origin, head.size, head.hour) != said:
            raise Tampered("the newest head says something else than the row it stands in")
        return head

    async def _begin(self, hour: int) -> None:
        """The first entry that this key signs says which it is."""
        public = signed_note.one_line(self.private.public_key())
        entry = Entry(KEY_ENTRY, "custody", signed_note.fingerprint_of(public))
        async with self.database.writing() as connection:
            log_ = ledger.INSTALLATION
            await ledger.append(connection, log_, [entry], hour=hour, recipient=None)

    async def _sign(self, hour: int, *, due: bool) -> SignedHead | None:
        """A head that ends with each hand-out since the last, and one over all if it is due. A
        clock that was set back takes the hour of the head before.

        Everything is read and computed in a snapshot; only the rows of the heads are written, so
        that whoever appends waits for nothing else.
        """
        async with self.database.reading() as connection:
            newest = await heads.newest(connection)
            last = self._read(newest) if newest else None
            sizes = [
                leaf + 1 for leaf in await heads.handed_out(connection, last.size if last else 0)
            ]
            if due:
                sizes.append(await heads.count_leaves(connection))
            if not sizes:
                return None
            await self._require_continuity(connection, last, sizes[-1])
            roots = [await heads.hash_of(connection, (0, size)) for size in sizes]
        hour = max(hour, last.hour if last else 0)
        notes = [
            head_.sign(Head(self.origin, size, root, hour), self.private)
            for size, root in zip(sizes, roots, strict=True)
        ]
        async with self.database.writing() as connection:
            await heads.lock(connection)
            if await heads.newest(connection) != newest:
                return None  # somebody else signed meanwhile: looked at again
            for size, note in zip(sizes, notes, strict=True):
                signed = await heads.add(connection, size, hour, note)
        kill_point("after head")
        self.floor.write(signed.size, roots[-1])
        return signed

    async def _require_continuity(
        self, connection: Connection, last: Head | None, size: int
    ) -> None:
        """Nothing that was signed is other than it was, and what is new is what was entered. Raises
        Tampered.
        """
        there, floor = await heads.count_leaves(connection), self.floor.read()
        signed = [*([(last.size, last.root)] if last else []), *([floor] if floor else [])]
        for count, root in signed:
            if count > there:
                raise Tampered(f"fewer entries are here than the {count} that were signed")
            if await heads.hash_of(connection, (0, count)) != root:
                raise Tampered(f"the first {count} entries are not those that were signed")
        for first in range(last.size if last else 0, size, AT_ONCE):
            new = await heads.lines_of(connection, first, min(size, first + AT_ONCE))
            if len(new) != min(size, first + AT_ONCE) - first:
                raise Tampered("an entry that has a number is gone")
            for n, (line, noted) in enumerate(new, first):
                if custody.leaf(line) != noted:
                    raise Tampered(f"entry {n} is not the one that was numbered")
