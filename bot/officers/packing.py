"""Packing: a plain tar of a referral's sealed pieces, packed without opening any of them."""

import hashlib
import tarfile
from dataclasses import dataclass
from pathlib import Path

import aiofiles
from aiofiles.threadpool.binary import AsyncBufferedIOBase

from bot.referral.package import CUSTODY, SUMS
from storage import ledger, referrals
from storage.connection import Connection
from storage.records import Piece
from storage.store import Missing, Store


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything a package of one referral holds; `small` lies in memory, `exhibits` in the
    vault.
    """

    reference: str
    small: dict[str, bytes]
    exhibits: tuple[Piece, ...]

    @property
    def size(self) -> int:
        return sum(map(len, self.small.values())) + sum(p.size for p in self.exhibits)


async def contents(connection: Connection, reference: str) -> Contents:
    """Gather a referral's pieces, its custody lines and their sealed openings, and the sums of them
    all.
    """
    pieces = await referrals.pieces(connection, reference)
    small = {p.path: p.body for p in pieces if p.body is not None}
    exhibits = tuple(p for p in pieces if p.object is not None)
    small[CUSTODY] = b"".join(line + b"\n" for line in await ledger.lines(connection, reference))
    for n, body in await ledger.opening_bodies(connection, reference):
        small[f"custody/{n:04}.age"] = body
    sums = {path: hashlib.sha256(body).hexdigest() for path, body in small.items()}
    sums |= {p.path: p.sealed_sha256 for p in exhibits}
    small[SUMS] = "".join(f"{digest}  {path}\n" for path, digest in sorted(sums.items())).encode()
    return Contents(reference, small, exhibits)


async def write_tar(
    package: Contents, store: Store, target: Path, *, with_exhibits: bool = True
) -> None:
    """Write the tar; the same contents give the same bytes. Raises Missing, StoreAway."""
    async with aiofiles.open(target, "wb") as file:
        for path, body in sorted(package.small.items()):
            await file.write(
                _header(package.reference, path, len(body)) + body + _padding(len(body))
            )
        for piece in package.exhibits if with_exhibits else ():
            await file.write(_header(package.reference, piece.path, piece.size))
            await _copy(piece, store, file)
            await file.write(_padding(piece.size))
        await file.write(bytes(2 * tarfile.BLOCKSIZE))


async def write_piece(piece: Piece, store: Store, target: Path) -> None:
    """Write one sealed exhibit alone. Raises Missing, StoreAway."""
    async with aiofiles.open(target, "wb") as file:
        await _copy(piece, store, file)


async def _copy(piece: Piece, store: Store, file: AsyncBufferedIOBase) -> None:
    """Of another size than it had, it would spoil the whole tar; its digests are checked when it is
    opened.
    """
    size = 0
    async for chunk in store.get(piece.object or ""):
        size += len(chunk)
        await file.write(chunk)
    if size != piece.size:
        raise Missing(f"{piece.path} has another size than it had")


def _header(reference: str, path: str, size: int) -> bytes:
    info = tarfile.TarInfo(f"{reference}/{path}")
    info.size = size
    info.mode = 0o600
    return info.tobuf(tarfile.PAX_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)


def loose_name(path: str) -> str:
    """An exhibit's name as a document of its own: x3.age, or a1-x3.age for one that was added."""
    parts = path.split("/")
    return "-".join([*parts[1:-2], parts[-1]]) if parts[0] == "addenda" else parts[-1]
