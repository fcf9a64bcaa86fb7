"""Packing: a plain tar of a referral's sealed pieces, packed without opening any of them."""

import hashlib
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiofiles
from aiofiles.threadpool.binary import AsyncBufferedIOBase

from bot.errors import Tampered
from bot.referral import package, proofs, signed_note
from bot.referral.package import CUSTODY, HEAD, KEY, PROOFS, SUMS
from bot.referral.proofs import HeadProof, LineProof
from storage import custody, heads, ledger, referrals, schema, tree
from storage.connection import Connection
from storage.heads import SignedHead
from storage.records import Piece
from storage.store import Missing, Store
from storage.tree import Range

POSTED: Final = 24
"""So many of the heads in the officers' channel a package can be held to."""


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


async def contents(connection: Connection, reference: str, line: int) -> Contents | None:
    """Gather a referral's pieces as its hand-out in this line of its log says, the log up to there
    with its sealed openings, the signed head over it with the proofs, and the sums of them all.

    None while no head has that line. The same line gives the same package.
    """
    leaves = await heads.leaves_of(connection, reference, line)
    head = await heads.ending(connection, leaves[-1]) if len(leaves) == line + 1 else None
    if head is None:
        return None
    added = await ledger.added(connection, reference, line)
    every = {p.path: p for p in await referrals.pieces(connection, reference)}
    pieces = [every[path] for path in package.handed_out(every, added)]
    small = {p.path: _as_bound(p) for p in pieces if p.body is not None}
    exhibits = tuple(p for p in pieces if p.object is not None)
    lines = (await ledger.lines(connection, reference))[: line + 1]
    small[CUSTODY] = b"".join(one + b"\n" for one in lines)
    for n, body in await ledger.opening_bodies(connection, reference):
        if n <= line:
            small[f"custody/{n:04}.age"] = body
    small[HEAD] = head.note.encode()
    small[PROOFS] = await _proofs(connection, lines, leaves, head)
    key = signed_note.read_key(await schema.custody_key(connection))
    small[KEY] = signed_note.pem(key).encode()
    sums = {path: hashlib.sha256(body).hexdigest() for path, body in small.items()}
    sums |= {p.path: p.sealed_sha256 for p in exhibits}
    small[SUMS] = "".join(f"{digest}  {path}\n" for path, digest in sorted(sums.items())).encode()
    return Contents(reference, small, exhibits)


def _as_bound(piece: Piece) -> bytes:
    """The bytes of a piece that its hand-out binds. Raises Tampered."""
    body = piece.body or b""
    if hashlib.sha256(body).hexdigest() != piece.sealed_sha256:
        raise Tampered(f"{piece.path} is not what was stored")
    return body


def check(package_: Contents, pieces: str) -> None:
    """What an officer's machine will ask for without a key, asked here first: rows that somebody
    changed leave no package. `pieces`: the digest of those that were handed out. Raises Tampered.
    """
    small = package_.small
    sums = {path: hashlib.sha256(body).hexdigest() for path, body in small.items()}
    sums |= {p.path: p.sealed_sha256 for p in package_.exhibits}
    if package.pieces_digest(sums) != pieces:
        raise Tampered("the pieces are not those that were handed out")
    lines = small[CUSTODY].split(b"\n")[:-1]
    faults = custody.check(lines, package_.reference)
    if faults or f"custody/{len(lines) - 1:04}.age" not in small:
        raise Tampered("the custody log is not whole")
    if sum(path.startswith("custody/") for path in small) != len(lines):
        raise Tampered("not every custody line has its opening")
    key = signed_note.read_key(small[KEY].decode())
    proofs.check(small[HEAD].decode(), small[PROOFS], lines, key)


async def _proofs(
    connection: Connection, lines: Sequence[bytes], leaves: Sequence[int], head: SignedHead
) -> bytes:
    """That the head has each line, and that it continues those of earlier hand-outs and the one
    before it.
    """
    known: dict[Range, bytes] = {}

    async def path(ranges: Sequence[Range]) -> tuple[bytes, ...]:
        for of in ranges:
            if of not in known:
                known[of] = await heads.hash_of(connection, of)
        return tuple(known[of] for of in ranges)

    included = [
        LineProof(n, leaf, await path(tree.inclusion(leaf, head.size)))
        for n, leaf in enumerate(leaves)
    ]
    earlier = {await heads.ending(connection, leaves[n]) for n in proofs.hand_outs(lines)}
    earlier.add(await heads.before(connection, head))
    earlier |= set(await heads.posted_before(connection, head, POSTED))
    continued = [
        HeadProof(one.note, await path(tree.consistency(one.size, head.size)))
        for one in sorted(filter(None, earlier), key=lambda one: one.id)
        if one.id < head.id
    ]
    return proofs.write(included, continued)


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
