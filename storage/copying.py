"""Objects from one store to another: each digested on the way and read back, and what is there
already left alone.

Nothing good is ever replaced by something that is not what its record says: of the two, the target
may be the only whole copy that is left.
"""

import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from storage import tables as t
from storage.connection import Connection
from storage.store import Missing, Store, StoreAway


@dataclass(frozen=True, slots=True)
class Kept:
    """An object that somebody refers to: its SHA-256 (hex) where it is known, and whether a
    referral has it.

    `needed`: it is wrong if it is missing, as of a referral; what an unsent report had may be
    erased any moment.
    """

    sha256: str | None
    filed: bool
    needed: bool = False


@dataclass(slots=True)
class Copied:
    """Counts of objects, and the names of those that are not well in the source."""

    copied: int = 0
    there: int = 0
    bytes: int = 0
    wrong: list[str] = field(default_factory=list)
    """Not what their records say: not copied, and a whole copy in the target is kept."""
    gone: list[str] = field(default_factory=list)
    """Missing though they are needed."""
    erased: list[str] = field(default_factory=list)
    """Missing, and erased meanwhile by whoever had them."""
    digests: dict[str, str] = field(default_factory=dict)
    """Of what is in the target now: SHA-256, hex."""


async def kept(connection: Connection) -> dict[str, Kept]:
    """Every object that somebody refers to."""
    stored = await connection.execute(select(t.objects.c.name).where(t.objects.c.stored))
    found = {str(name): Kept(None, filed=False) for name in stored.scalars()}
    p = t.pieces.c
    filed = await connection.execute(select(p.object, p.sealed_sha256).where(p.object.is_not(None)))
    return found | {
        str(row.object): Kept(row.sealed_sha256, filed=True, needed=True) for row in filed
    }


async def copy(
    source: Store,
    target: Store,
    names: Mapping[str, Kept],
    *,
    check: bool = False,
    told: Callable[[Copied], None] = lambda _: None,
) -> Copied:
    """Copy what is not there yet, and hold there what belongs to a referral; can be stopped, and
    called again.

    An object that is there in its size was written whole by an earlier call; `check` reads it again
    all the same. Raises StoreAway and Full.
    """
    done = Copied()
    for name, wanted in names.items():
        digest = await _one(source, target, name, wanted, check=check, done=done)
        if digest is None:
            continue
        done.digests[name] = digest
        if wanted.filed:
            await target.hold(name)
        told(done)
    return done


async def _one(
    source: Store, target: Store, name: str, wanted: Kept, *, check: bool, done: Copied
) -> str | None:
    """The digest of what is whole in the target; None where nothing is."""
    size, there = await source.size(name), await target.size(name)
    if there is not None:
        digest = (
            wanted.sha256
            if there == size and wanted.sha256 and not check
            else await sha256(target, name)
        )
        if wanted.sha256 in (None, digest):
            done.there += 1
            _complain(name, wanted, done, missing=size is None, wrong=size not in (None, there))
            return digest
    if size is None:
        _complain(name, wanted, done, missing=True)
        return None
    if (
        wanted.sha256 is not None
        and there is not None
        and await sha256(source, name) != wanted.sha256
    ):
        _complain(name, wanted, done, wrong=True)
        return None
    return await _copied(source, target, name, wanted, done)


async def _copied(
    source: Store, target: Store, name: str, wanted: Kept, done: Copied
) -> str | None:
    """What is in the target under this name is damaged, or nothing is."""
    read = hashlib.sha256()
    await target.remove(name)
    try:
        size = await target.put(name, _digested(source.get(name), read))
    except Missing:
        _complain(name, wanted, done, missing=True)
        return None
    digest = read.hexdigest()
    if wanted.sha256 not in (None, digest):
        await target.remove(name)
        _complain(name, wanted, done, wrong=True)
        return None
    if await sha256(target, name) != digest:
        raise StoreAway("what was written reads back as something else")
    done.copied += 1
    done.bytes += size
    return digest


def _complain(
    name: str, wanted: Kept, done: Copied, *, missing: bool = False, wrong: bool = False
) -> None:
    if missing:
        (done.gone if wanted.needed else done.erased).append(name)
    elif wrong:
        done.wrong.append(name)


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
