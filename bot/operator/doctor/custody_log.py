"""The signature under the custody log: whether the entries are those that were signed, and whether
somebody still signs.
"""

import contextlib
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Final

from sqlalchemy import exists, select

from bot.clock import clock
from bot.custody.signing import FLOOR, Floor
from bot.errors import Refused, Tampered
from bot.operator.doctor.finding import STOP, Finding
from bot.referral import head as heads_
from bot.referral import signed_note
from bot.referral.head import Head
from storage import custody, heads, keys, ledger, schema, tree
from storage import tables as t
from storage.connection import Connection
from storage.heads import SignedHead

SILENT_HOURS: Final = 2


async def examine(connection: Connection, folder: Path) -> AsyncIterator[Finding]:
    """`folder`: of the keys."""
    newest = await heads.newest(connection)
    if newest is None:
        with contextlib.suppress(OSError):
            if (folder / FLOOR).exists():
                yield Finding("The custody log: what was signed is gone.", STOP)
        if await heads.count_leaves(connection):
            yield Finding("The custody log has entries and no signed head.", _RUN)
        return
    try:
        known = [await _head(connection, one, folder) for one in await heads.every(connection)]
        await _check_entries(connection, known, Floor(folder / FLOOR).read())
        await _check_rows(connection)
    except Tampered as wrong:
        yield Finding(f"The custody log: {wrong}.", STOP)
    if (age := int(clock()) // 3600 - newest.hour) < -1:
        what = f"The custody log was signed for {-age} hours ahead of this machine's clock."
        yield Finding(what, "See that the clock is right; heads have that hour until it is past.")
    if age > SILENT_HOURS:
        yield Finding(f"The custody log was last signed {age} hours ago.", _RUN)


_RUN: Final = (
    "See that the custody process runs (firsthand run, or firsthand run --role custody where its "
    "key is), and its log. Packages wait for it."
)


async def _head(connection: Connection, signed: SignedHead, folder: Path) -> Head:
    """A head, signed by the key that is known here: the key file, where it is on this machine.
    Raises Tampered.
    """
    line = await schema.custody_key(connection)
    with contextlib.suppress(keys.KeysMissing, OSError, ValueError):
        mine = signed_note.one_line(keys.custody_log(folder, make=False).public_key())
        if mine != line:
            raise Tampered(f"its key in the database is another than {keys.CUSTODY_KEY}")
    try:
        head = heads_.read(signed.note, signed_note.read_key(line))
    except Refused:
        raise Tampered("its key in the database is none") from None
    said = (heads_.origin(await schema.name_of(connection)), signed.size, signed.hour)
    if (head.origin, head.size, head.hour) != said:
        raise Tampered("a head says something else than the row it stands in")
    return head


async def _check_entries(
    connection: Connection, known: Sequence[Head], floor: tuple[int, bytes] | None
) -> None:
    """Whether every entry is the one that was numbered, and they have the roots that were signed:
    of every head, and of the note beside the key. Raises Tampered.
    """
    roots = [(head.size, head.root) for head in known] + ([floor] if floor else [])
    grown, at, tile = tree.Growing(), dict.fromkeys((size for size, _ in roots), b""), list[bytes]()
    tiles = await _tiles(connection)
    async with aclosing(_numbered(connection)) as entries:
        async for leaf, line, noted, hash_ in entries:
            if leaf != grown.size:
                raise Tampered(f"entry {grown.size} is missing")
            if custody.leaf(line.encode()) != noted:
                raise Tampered(f"entry {leaf} is not the one that was numbered")
            if hash_ != noted:
                raise Tampered(f"entry {leaf} stands with another hash")
            tile.append(bytes.fromhex(noted))
            grown.add(tile[-1])
            if grown.size in at:
                at[grown.size] = grown.root
            if len(tile) == tree.TILE:
                if tiles.pop(leaf // tree.TILE, "") != tree.root(tile).hex():
                    raise Tampered(f"the hash of tile {leaf // tree.TILE} is another")
                tile = []
    if tiles:
        raise Tampered(f"there is a tile {min(tiles)}, and there are not so many entries")
    for size, root in roots:
        if at.get(size) != root:
            raise Tampered(f"its first {size} entries are not those that were signed")


async def _tiles(connection: Connection) -> dict[int, str]:
    return {row.n: row.hash for row in await connection.execute(select(t.tiles))}


async def _check_rows(connection: Connection) -> None:
    """Whether each line of a referral has its opening, and each sealed piece is what it was. Raises
    Tampered.
    """
    entry, opening = t.ledger.c, t.openings.c
    is_opened = exists().where(opening.log == entry.log, opening.n == entry.n)
    bare = select(entry.log, entry.n).where(entry.log != ledger.INSTALLATION, ~is_opened)
    if row := (await connection.execute(bare.limit(1))).first():
        raise Tampered(f"the opening of line {row.n} of {row.log} is gone")
    p = t.pieces.c
    small = select(p.referral, p.path, p.body, p.sealed_sha256).where(p.body.is_not(None))
    async with aclosing(connection.stream(small)) as parts:
        async for part in parts:
            for referral, path, body, digest in part:
                if hashlib.sha256(body).hexdigest() != digest:
                    raise Tampered(f"{path} of {referral} is not what was stored")


async def _numbered(connection: Connection) -> AsyncGenerator[tuple[int, str, str, str], None]:
    """Each entry by its number: the line, the hash that was noted, and the one it stands with."""
    leaf, entry = t.leaves.c, t.ledger.c
    query = (
        select(leaf.leaf, entry.line, leaf.hash, entry.hash)
        .select_from(t.leaves.join(t.ledger, entry.id == leaf.entry))
        .order_by(leaf.leaf)
    )
    async with aclosing(connection.stream(query)) as parts:
        async for part in parts:
            for row in part:
                yield int(row[0]), str(row[1]), str(row[2]), str(row[3])
