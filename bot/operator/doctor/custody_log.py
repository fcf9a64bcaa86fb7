"""The signature under the custody log: whether the entries are those that were signed, and whether
somebody still signs.
"""

import contextlib
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Final

from sqlalchemy import select

from bot.clock import clock
from bot.errors import Refused, Tampered
from bot.operator.doctor.finding import STOP, Finding
from bot.referral import head as heads_
from bot.referral import signed_note
from bot.referral.head import Head
from storage import custody, heads, keys, schema, tree
from storage import tables as t
from storage.connection import Connection
from storage.heads import SignedHead

SILENT_HOURS: Final = 2


async def examine(connection: Connection, folder: Path) -> AsyncIterator[Finding]:
    """`folder`: of the keys."""
    newest = await heads.newest(connection)
    if newest is None:
        if await heads.count_leaves(connection):
            yield Finding("The custody log has entries and no signed head.", _RUN)
        return
    try:
        await _check_entries(connection, await _head(connection, newest, folder))
    except Tampered as wrong:
        yield Finding(f"The custody log: {wrong}.", STOP)
    if (age := int(clock()) // 3600 - newest.hour) > SILENT_HOURS:
        yield Finding(f"The custody log was last signed {age} hours ago.", _RUN)


_RUN: Final = (
    "See that the custody process runs (firsthand run, or firsthand run --role custody where its "
    "key is), and its log. Packages wait for it."
)


async def _head(connection: Connection, newest: SignedHead, folder: Path) -> Head:
    """The newest head, signed by the key that signs here. Raises Tampered."""
    line = await schema.custody_key(connection)
    with contextlib.suppress(keys.KeysMissing, OSError, ValueError):
        mine = signed_note.one_line(keys.custody_log(folder, make=False).public_key())
        if mine != line:
            raise Tampered(f"its key in the database is another than {keys.CUSTODY_KEY}")
    try:
        head = heads_.read(newest.note, signed_note.read_key(line))
    except Refused:
        raise Tampered("its key in the database is none") from None
    said = (heads_.origin(await schema.name_of(connection)), newest.size, newest.hour)
    if (head.origin, head.size, head.hour) != said:
        raise Tampered("its newest head says something else than the row it stands in")
    return head


async def _check_entries(connection: Connection, head: Head) -> None:
    """Whether every entry is the one that was numbered, and they have the root that was signed.
    Raises Tampered.
    """
    tiles = [
        row.hash for row in await connection.execute(select(t.tiles.c.hash).order_by(t.tiles.c.n))
    ]
    grown, signed, tile = tree.Growing(), b"", list[bytes]()
    async for leaf, line, noted in _numbered(connection):
        if leaf != grown.size:
            raise Tampered(f"entry {grown.size} is missing")
        if custody.leaf(line.encode()) != noted:
            raise Tampered(f"entry {leaf} is not the one that was numbered")
        tile.append(bytes.fromhex(noted))
        grown.add(tile[-1])
        if grown.size == head.size:
            signed = grown.root
        if len(tile) == tree.TILE:
            if tiles[leaf // tree.TILE] != tree.root(tile).hex():
                raise Tampered(f"the hash of tile {leaf // tree.TILE} is another")
            tile = []
    if signed != head.root:
        raise Tampered("its entries are not those that were signed")


async def _numbered(connection: Connection) -> AsyncIterator[tuple[int, str, str]]:
    """Each entry by its number: the line, and the hash that was noted."""
    leaf, entry = t.leaves.c, t.ledger.c
    query = (
        select(leaf.leaf, entry.line, leaf.hash)
        .select_from(t.leaves.join(t.ledger, entry.id == leaf.entry))
        .order_by(leaf.leaf)
    )
    async with aclosing(connection.stream(query)) as parts:
        async for part in parts:
            for row in part:
                yield int(row[0]), str(row[1]), str(row[2])
