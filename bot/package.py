"""A package: a plain tar of a referral's sealed pieces, packed without opening any of them."""

import hashlib
import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from storage import ledger, referrals
from storage.referrals import Piece
from storage.vault import Vault

CUSTODY = "custody.jsonl"
SUMS = "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything a package of one referral holds; `small` lies in memory, `exhibits` in the vault."""

    reference: str
    small: dict[str, bytes]
    exhibits: tuple[Piece, ...]

    @property
    def size(self) -> int:
        return sum(map(len, self.small.values())) + sum(p.size for p in self.exhibits)


async def contents(connection: AsyncConnection, reference: str) -> Contents:
    """Gather a referral's pieces, its custody lines and their sealed openings, and the sums of them all."""
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


def write_tar(package: Contents, vault: Vault, target: Path, *, with_exhibits: bool = True) -> None:
    """Write the tar; the same contents give the same bytes. Blocking: run it in a thread."""
    with target.open("wb") as file, tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path, body in sorted(package.small.items()):
            tar.addfile(_info(package.reference, path, len(body)), io.BytesIO(body))
        for piece, source in _sources(package, vault) if with_exhibits else ():
            with source.open("rb") as sealed:
                tar.addfile(_info(package.reference, piece.path, piece.size), sealed)


def _sources(package: Contents, vault: Vault) -> Iterator[tuple[Piece, Path]]:
    for piece in package.exhibits:
        yield piece, vault.path(piece.object or "")


def _info(reference: str, path: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(f"{reference}/{path}")
    info.size = size
    info.mode = 0o600
    return info
