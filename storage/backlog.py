"""What waits, and for how long: seconds of the oldest, and counts. Nothing here says whose
it is.
"""

import json
from dataclasses import dataclass

from sqlalchemy import Executable, exists, func, select

from storage import tables as t
from storage.connection import Connection

HOUR = 3600
MANY_TRIES = 15
"""What is tried again later and later has failed for an hour by then; of files their age says it.
"""


@dataclass(frozen=True, slots=True)
class Backlog:
    """`oldest_…` in seconds, 0 where nothing waits."""

    oldest_message: int
    oldest_file: int
    oldest_ledger_entry: int
    """Not yet numbered among the leaves of all logs; known to the hour."""
    newest_head: int
    """Age of what was signed last of the custody log; known to the hour."""
    messages: int
    held_messages: int
    files: int
    late_work: int
    posts: int
    quarantined: int
    open_reports: int
    referrals: dict[str, int]
    """By status."""


async def look(connection: Connection, now: int, *, late: int = HOUR) -> Backlog:
    """`now` in seconds since 1970; work that has been due for `late` seconds, or fails again and
    again, is late.
    """
    o, w = t.outbox.c, t.work.c
    fetch = (w.kind == "fetch") & (w.since > 0)
    return Backlog(
        oldest_message=await _age(
            connection, select(func.min(o.since)).where(o.since > 0, o.held.is_(False)), now
        ),
        oldest_file=await _age(connection, select(func.min(w.since)).where(fetch), now),
        oldest_ledger_entry=await _ledger(connection, now),
        newest_head=await _head(connection, now),
        messages=await _count(connection, t.outbox, o.held.is_(False)),
        held_messages=await _count(connection, t.outbox, o.held),
        files=await _count(connection, t.work, w.kind == "fetch"),
        late_work=await _count(
            connection,
            t.work,
            (w.kind != "fetch") & (((w.due > 0) & (w.due < now - late)) | (w.tries > MANY_TRIES)),
        ),
        posts=await _count(connection, t.posts),
        quarantined=await _count(connection, t.quarantine),
        open_reports=await _count(connection, t.conversations),
        referrals=await _referrals(connection),
    )


async def _age(connection: Connection, oldest: Executable, now: int) -> int:
    since = (await connection.execute(oldest)).scalar()
    return max(0, now - int(since)) if since else 0


async def _ledger(connection: Connection, now: int) -> int:
    """Entries are numbered in the order of their ids, so that the first without a number is the
    oldest.
    """
    numbered = exists().where(t.leaves.c.entry == t.ledger.c.id)
    first = select(t.ledger.c.line).where(~numbered).order_by(t.ledger.c.id).limit(1)
    line = (await connection.execute(first)).scalar()
    return max(0, now - (int(json.loads(line)["hour"]) + 1) * HOUR) if line else 0


async def _head(connection: Connection, now: int) -> int:
    hour = (await connection.execute(select(func.max(t.heads.c.hour)))).scalar()
    return max(0, now - (int(hour) + 1) * HOUR) if hour is not None else 0


async def _referrals(connection: Connection) -> dict[str, int]:
    r = t.referrals.c
    rows = await connection.execute(select(r.status, func.count()).group_by(r.status))
    return {str(status): int(count) for status, count in rows}


async def _count(connection: Connection, table: object, where: object = None) -> int:
    query = select(func.count()).select_from(table)  # type: ignore[arg-type]
    query = query if where is None else query.where(where)  # type: ignore[arg-type]
    return int((await connection.execute(query)).scalar_one())
