"""Objects from one store to another: each digested on the way and read back, and what is there already left alone."""

import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import tables as t
from storage.store import Missing, Store, StoreAway


@dataclass(slots=True)
class Copied:
    """Counts of objects; `wrong` are the names of those that are not what their records say, `gone` not there."""

    copied: int = 0
    there: int = 0
    bytes: int = 0
    wrong: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


async def kept(connection: AsyncConnection) -> dict[str, str | None]:
    """Every object that somebody refers to, with its SHA-256 where a referral's record says it (hex)."""
    stored = await connection.execute(select(t.objects.c.name).where(t.objects.c.stored))
    found: dict[str, str | None] = dict.fromkeys(map(str, stored.scalars()))
    p = t.pieces.c
    filed = await connection.execute(select(p.object, p.sealed_sha256).where(p.object.is_not(None)))
    return found | {str(row.object): str(row.sealed_sha256) for row in filed}


async def copy(
    source: Store, target: Store, names: Mapping[str, str | None], *, check: bool = False,
    told: Callable[[Copied], None] = lambda _: None,
) -> Copied:  # fmt: skip
    """Copy what is not there yet, and hold there what belongs to a referral; can be stopped, and called again.

    An object that is there in its size was written whole by an earlier call; `check` reads it again all the same.
    Raises StoreAway and Full.
    """
    done = Copied()
    for name, digest in names.items():
        try:
            await _one(source, target, name, digest, check=check, done=done)
        except Missing:
            done.gone.append(name)
            continue
        if digest is not None and name not in done.wrong:
            await target.hold(name)
        told(done)
    return done


async def _one(source: Store, target: Store, name: str, digest: str | None, *, check: bool, done: Copied) -> None:
    size = await source.size(name)
    if size is None:
        raise Missing(name)
    if await target.size(name) == size:
        done.there += 1
        if check and await sha256(target, name) != (digest or await sha256(source, name)):
            done.wrong.append(name)
        return
    await target.remove(name)
    read = hashlib.sha256()
    await target.put(name, _digested(source.get(name), read))
    if digest not in (None, read.hexdigest()):
        done.wrong.append(name)
        await target.remove(name)
    elif await sha256(target, name) != read.hexdigest():
        raise StoreAway("what was written reads back as something else")
    else:
        done.copied += 1
        done.bytes += size


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
