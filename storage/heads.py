"""Signed heads of the custody log as rows, and the hashes that prove an entry in one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import exists, func, insert, select

from storage import custody, statements, tree
from storage import tables as t
from storage.connection import Connection
from storage.tree import TILE, Range

LATE: Final = 1_000
"""So many entries may be committed, on PostgreSQL, between an entry's number and its commit."""
WANTS: Final = f'%"kind":"{custody.HANDED_OUT}"%'


@dataclass(frozen=True, slots=True)
class SignedHead:
    """`note`: as it was signed (bot/referral/head.py); `hour` since 1970 UTC."""

    id: int
    size: int
    hour: int
    note: str


_H = t.heads.c
_SELECT: Final = select(_H.id, _H.size, _H.hour, _H.note)


async def lock(connection: Connection) -> None:
    """Nobody else signs until this transaction ends."""
    await statements.lock(connection, "heads")


async def newest(connection: Connection, before_hour: int | None = None) -> SignedHead | None:
    """The last that was signed, or that was in hours before this one."""
    query = _SELECT if before_hour is None else _SELECT.where(_H.hour < before_hour)
    last = query.order_by(_H.size.desc(), _H.id.desc()).limit(1)
    row = (await connection.execute(last)).first()
    return SignedHead(*row) if row else None


async def every(connection: Connection) -> list[SignedHead]:
    """All that were signed, the first first."""
    return [SignedHead(*row) for row in await connection.execute(_SELECT.order_by(_H.id))]


async def newest_posted(connection: Connection) -> SignedHead | None:
    """The last that officers have in their channel."""
    posted = _SELECT.join(t.head_posts, t.head_posts.c.head == _H.id)
    row = (await connection.execute(posted.order_by(_H.id.desc()).limit(1))).first()
    return SignedHead(*row) if row else None


async def posted_before(connection: Connection, head: SignedHead, most: int) -> list[SignedHead]:
    """The last heads over fewer entries that officers have in their channel."""
    posted = _SELECT.join(t.head_posts, t.head_posts.c.head == _H.id)
    query = posted.where(_H.id < head.id, _H.size < head.size).order_by(_H.id.desc()).limit(most)
    return [SignedHead(*row) for row in await connection.execute(query)]


async def note_posted(connection: Connection, head: SignedHead, message: int) -> None:
    """That a head is in the channel, as this message."""
    row = statements.insert(connection, t.head_posts).values(head=head.id, message=message)
    await connection.execute(row.on_conflict_do_nothing())


async def ending(connection: Connection, leaf: int) -> SignedHead | None:
    """The head whose last entry is this leaf; None while there is none."""
    first = _SELECT.where(_H.size == leaf + 1).order_by(_H.id).limit(1)
    row = (await connection.execute(first)).first()
    return SignedHead(*row) if row else None


async def before(connection: Connection, head: SignedHead) -> SignedHead | None:
    """The head that was signed before this one, over fewer entries."""
    query = _SELECT.where(_H.id < head.id, _H.size < head.size).order_by(_H.id.desc()).limit(1)
    row = (await connection.execute(query)).first()
    return SignedHead(*row) if row else None


async def add(connection: Connection, size: int, hour: int, note: str) -> SignedHead:
    """Keep a head that was signed, and tell whoever waits for it."""
    row = insert(t.heads).values(size=size, hour=hour, note=note).returning(_H.id)
    id_ = (await connection.execute(row)).scalar_one()
    await statements.wake(connection)
    return SignedHead(int(id_), size, hour, note)


async def is_wanted(connection: Connection) -> bool:
    """Whether something was handed out that has no number yet."""
    entry, leaf = t.ledger.c, t.leaves.c
    last = int((await connection.execute(select(func.max(leaf.entry)))).scalar() or 0)
    since = last if connection.dialect.name == "sqlite" else last - LATE
    unnumbered = ~exists().where(leaf.entry == entry.id)
    query = select(entry.id).where(entry.id > since, entry.line.like(WANTS), unnumbered).limit(1)
    return (await connection.execute(query)).first() is not None


async def handed_out(connection: Connection, since: int) -> list[int]:
    """The leaves of hand-outs from this leaf on, in order."""
    leaf, entry = t.leaves.c, t.ledger.c
    query = (
        select(leaf.leaf)
        .select_from(t.leaves.join(t.ledger, entry.id == leaf.entry))
        .where(leaf.leaf >= since, entry.line.like(WANTS))
        .order_by(leaf.leaf)
    )
    return [int(one) for one in (await connection.execute(query)).scalars()]


async def lines_of(connection: Connection, first: int, end: int) -> list[tuple[bytes, str]]:
    """The entries at these leaves as they are now, each with the hash that was noted for it."""
    leaf, entry = t.leaves.c, t.ledger.c
    query = (
        select(entry.line, leaf.hash)
        .select_from(t.leaves.join(t.ledger, entry.id == leaf.entry))
        .where(leaf.leaf >= first, leaf.leaf < end)
        .order_by(leaf.leaf)
    )
    return [(str(row[0]).encode(), str(row[1])) for row in await connection.execute(query)]


async def count_leaves(connection: Connection) -> int:
    """How many entries have a number; they are counted without a gap."""
    last = (await connection.execute(select(func.max(t.leaves.c.leaf)))).scalar()
    return 0 if last is None else int(last) + 1


async def leaves_of(connection: Connection, log: str, until: int) -> list[int]:
    """The leaves of a log's entries up to number `until`, in order. Those without one are left
    out.
    """
    entry, leaf = t.ledger.c, t.leaves.c
    query = (
        select(leaf.leaf)
        .select_from(t.ledger.join(t.leaves, leaf.entry == entry.id))
        .where(entry.log == log, entry.n <= until)
        .order_by(entry.n)
    )
    return [int(one) for one in (await connection.execute(query)).scalars()]


async def hash_of(connection: Connection, of: Range) -> bytes:
    """The hash over a range of leaves that begins where a tree's part does (storage/tree.py)."""
    first, end = of
    if end - first <= TILE:
        return tree.root(await _leaves(connection, first, end))
    n = t.tiles.c.n
    full = select(t.tiles.c.hash).where(n >= first // TILE, n < end // TILE).order_by(n)
    found = [bytes.fromhex(one) for one in (await connection.execute(full)).scalars()]
    if len(found) != end // TILE - first // TILE:
        raise LookupError("a tile is missing")
    if end % TILE:
        found.append(tree.root(await _leaves(connection, end - end % TILE, end)))
    return tree.root(found)


async def hashes_of(connection: Connection, ranges: Sequence[Range]) -> list[bytes]:
    """The hashes that make a proof of these ranges."""
    return [await hash_of(connection, of) for of in ranges]


async def _leaves(connection: Connection, first: int, end: int) -> list[bytes]:
    leaf = t.leaves.c.leaf
    query = select(t.leaves.c.hash).where(leaf >= first, leaf < end).order_by(leaf)
    found = [bytes.fromhex(one) for one in (await connection.execute(query)).scalars()]
    if len(found) != end - first:
        raise LookupError("a leaf is missing")
    return found
