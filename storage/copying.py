"""Objects from one store to another: each digested on the way and read back, and what is there already left alone."""

import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import tables as t
from storage.store import Missing, Store, StoreAway


@dataclass(frozen=True, slots=True)
class Kept:
    """An object that somebody refers to: its SHA-256 (hex) where it is known, and whether a referral has it."""

    sha256: str | None
    filed: bool


@dataclass(slots=True)
class Copied:
    """Counts of objects, and the names of those that are not well."""

    copied: int = 0
    there: int = 0
    bytes: int = 0
    wrong: list[str] = field(default_factory=list)
    """Not what their records say: not copied."""
    gone: list[str] = field(default_factory=list)
    """Missing though a referral has them; what an unsent report had may have been erased meanwhile."""
    digests: dict[str, str] = field(default_factory=dict)
    """Of what is in the target now: SHA-256, hex."""


async def kept(connection: AsyncConnection) -> dict[str, Kept]:
    """Every object that somebody refers to."""
    stored = await connection.execute(select(t.objects.c.name).where(t.objects.c.stored))
    found = {str(name): Kept(None, filed=False) for name in stored.scalars()}
    p = t.pieces.c
    filed = await connection.execute(select(p.object, p.sealed_sha256).where(p.object.is_not(None)))
    return found | {str(row.object): Kept(row.sealed_sha256, filed=True) for row in filed}


async def copy(
    source: Store, target: Store, names: Mapping[str, Kept], *, check: bool = False,
    told: Callable[[Copied], None] = lambda _: None,
) -> Copied:  # fmt: skip
    """Copy what is not there yet, and hold there what belongs to a referral; can be stopped, and called again.

    An object that is there in its size was written whole by an earlier call; `check` reads it again all the same.
    Raises StoreAway and Full.
    """
    done = Copied()
    for name, wanted in names.items():
        try:
            digest = await _one(source, target, name, wanted, check=check, done=done)
        except Missing:
            done.gone += [name] if wanted.filed else []
            continue
        if digest is None:
            done.wrong.append(name)
            continue
        done.digests[name] = digest
        if wanted.filed:
            await target.hold(name)
        told(done)
    return done


async def _one(source: Store, target: Store, name: str, wanted: Kept, *, check: bool, done: Copied) -> str | None:
    """The digest of what is in the target; None where it is not what the record says."""
    size = await source.size(name)
    if size is None:
        raise Missing(name)
    if await target.size(name) == size:
        done.there += 1
        if wanted.sha256 is not None and not check:
            return wanted.sha256
        there = await sha256(target, name)
        return there if wanted.sha256 in (None, there) else None
    await target.remove(name)
    read = hashlib.sha256()
    await target.put(name, _digested(source.get(name), read))
    digest = read.hexdigest()
    if wanted.sha256 not in (None, digest):
        await target.remove(name)
        return None
    if await sha256(target, name) != digest:
        raise StoreAway("what was written reads back as something else")
    done.copied += 1
    done.bytes += size
    return digest


async def sha256(store: Store, name: str) -> str:
    """Of an object as it is read now, hex. Raises Missing, StoreAway."""
    read = hashlib.sha256()
    async for _ in _digested(store.get(name), read):
        pass
    return read.hexdigest()


async def _digested(pieces: AsyncIterator[bytes], into: "hashlib._Hash") -> AsyncIterator[bytes]:
    async for piece in pieces:
        into.update(piece)
        yield piece
