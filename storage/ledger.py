"""Appending to the custody ledger and reading it; the lines themselves are storage/custody.py's.

1. A log a referral, and one of the installation. A line names its number, its hour, who did what to
   which part, and the hash of the line before: none can go or change unnoticed.
2. What only officers may read of a line (times to the second, digests) is not in it: it is bound by
   a commitment, and its opening is sealed to the referral's own key.
3. A line is written in the transaction of the act it tells of, or the act did not happen.
4. Two who append to one log wait for each other; a clock that was set back takes the hour of the
   line before.
5. Nothing is changed or removed: the database refuses it.
6. Lines of all logs are numbered as leaves afterwards, by one process, in the order in which they
   were committed; nobody who appends waits for that.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import bindparam, exists, func, insert, select

from storage import age, custody, statements, tree
from storage import tables as t
from storage.bodies import dump
from storage.connection import Connection
from storage.custody import ADDED, Plain
from storage.database import Database

INSTALLATION = "installation"
_L = t.ledger.c
_LAST = (
    select(_L.n, _L.hash, _L.line).where(_L.log == bindparam("of")).order_by(_L.n.desc()).limit(1)
)

LATE = 100_000
"""So many lines may be committed, on PostgreSQL, between a line's number and its commit."""
_LAST_LEAF = select(t.leaves.c.leaf, t.leaves.c.entry).order_by(t.leaves.c.leaf.desc()).limit(1)
_WITHOUT_LEAF = (
    select(_L.id, _L.hash)
    .where(_L.id > bindparam("since"), ~exists().where(t.leaves.c.entry == _L.id))
    .order_by(_L.id)
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened: `details` stay behind a commitment whose opening only the referral's
    recipients can read.
    """

    kind: str
    actor: str
    subject: str
    details: Plain = field(default_factory=dict, repr=False)


async def append(
    connection: Connection, log: str, entries: Sequence[Entry], *, hour: int, recipient: str | None
) -> int:
    """Add entries to one log within the caller's transaction; openings are sealed to `recipient`,
    if there is one. Returns the number of the last.

    Two writers of one log wait for each other; (log, n) is unique besides.
    """
    await lock(connection, log)
    return await append_alone(connection, log, entries, hour=hour, recipient=recipient)


async def lock(connection: Connection, log: str) -> None:
    """Nobody else appends to this log until the transaction ends."""
    await statements.lock(connection, f"ledger {log}")


async def append_alone(
    connection: Connection, log: str, entries: Sequence[Entry], *, hour: int, recipient: str | None
) -> int:
    """The same for a caller who is the only writer of this database, and may append to any number
    of logs.
    """
    found = (await connection.execute(_LAST, {"of": log})).first()
    n, prev = (found.n + 1, found.hash) if found else (0, custody.FIRST)
    if found:  # a clock that was set back must not make a whole log look tampered with
        hour = max(hour, int(json.loads(found.line)["hour"]))
    lines_, opened = [], []
    for entry in entries:
        nonce = os.urandom(32)
        bound = custody.commitment(nonce, entry.details)
        line = custody.line(log, n, hour, entry.kind, entry.actor, entry.subject, bound, prev)
        prev = custody.leaf(line)
        lines_.append({"log": log, "n": n, "line": line.decode(), "hash": prev})
        if recipient is not None:
            details = dump({"n": n, "nonce": nonce.hex(), "details": dict(entry.details)})
            opened.append({"log": log, "n": n, "body": age.seal(details, recipient)})
        n += 1
    await statements.run(connection, statements.insert(connection, t.ledger), lines_)
    await statements.run(connection, statements.insert(connection, t.openings), opened)
    return n - 1


async def lines(connection: Connection, log: str) -> list[bytes]:
    """All entries of a log in order, as they were hashed."""
    c = t.ledger.c
    rows = await connection.execute(select(c.line).where(c.log == log).order_by(c.n))
    return [str(line).encode() for line in rows.scalars()]


async def added(connection: Connection, log: str, until: int) -> list[str]:
    """What was added to a referral up to this line of its log: a1, a2 …"""
    c = t.ledger.c
    query = select(c.line).where(c.log == log, c.n <= until).order_by(c.n)
    lines = [json.loads(line) for line in (await connection.execute(query)).scalars()]
    return [str(line["subject"]) for line in lines if line["kind"] == ADDED]


async def opening_bodies(connection: Connection, log: str) -> list[tuple[int, bytes]]:
    """The sealed openings of a log, with their entry numbers."""
    c = t.openings.c
    rows = await connection.execute(select(c.n, c.body).where(c.log == log).order_by(c.n))
    return [(row.n, row.body) for row in rows]


async def number_leaves(database: Database, *, whole: bool = False) -> int:
    """Give every entry that has none its place among the leaves of all logs, in commit order.

    One process calls this (a lease sees to it), apart from the transactions that append, so that it
    holds nobody up. Returns how many were numbered. `whole`: all lines are looked through, as once
    after a start: a restore from another kind of database may have brought a late one.
    """
    async with database.writing() as connection:
        await statements.lock(connection, "leaves")
        last = (await connection.execute(_LAST_LEAF)).first()
        count, since = (last.leaf + 1, last.entry) if last else (0, 0)
        if whole:
            since = 0
        elif not database.is_sqlite:  # a lower id may be committed later
            since = max(0, since - LATE)
        rows = (await connection.execute(_WITHOUT_LEAF, {"since": since})).all()
        if rows:
            places = [
                {"leaf": count + i, "entry": r.id, "hash": r.hash} for i, r in enumerate(rows)
            ]
            await connection.execute(insert(t.leaves), places)
        await _fill_tiles(connection, count + len(rows))
        return len(rows)


async def _fill_tiles(connection: Connection, count: int) -> None:
    """Keep the hash of each tile of leaves that is full."""
    there = (await connection.execute(select(func.count()).select_from(t.tiles))).scalar()
    leaf = t.leaves.c.leaf
    for n in range(int(there or 0), count // tree.TILE):
        first = n * tree.TILE
        query = select(t.leaves.c.hash).where(leaf >= first, leaf < first + tree.TILE)
        found = (await connection.execute(query.order_by(leaf))).scalars()
        hash_ = tree.root([bytes.fromhex(one) for one in found])
        await connection.execute(insert(t.tiles), {"n": n, "hash": hash_.hex()})


async def logs(connection: Connection) -> list[str]:
    rows = await connection.execute(select(t.ledger.c.log).distinct().order_by(t.ledger.c.log))
    return [str(r) for r in rows.scalars()]
