"""What the officers' bot still has to say: cards to post or bring up to date, notes, packages."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, delete, func, insert, or_, select, update

from storage import statements
from storage import tables as t
from storage.bodies import Body, dump, load
from storage.connection import Connection
from storage.database import Database
from storage.keys import Box
from storage.statements import FAR_SECONDS


@dataclass(frozen=True, slots=True)
class Post:
    id: int
    kind: str
    referral: str | None
    officer: int | None
    body: Body
    tries: int


async def ask_for_post(
    connection: Connection,
    facts: Box,
    kind: str,
    *,
    referral: str | None = None,
    officer: int | None = None,
    body: Body | None = None,
) -> None:
    """Ask for a post within the caller's transaction."""
    sealed = facts.seal(dump(body), "posts.body") if body else None
    row = insert(t.posts).values(
        kind=kind, referral=referral, officer=officer, body=sealed, due=0, tries=0
    )
    await connection.execute(row)
    await statements.wake(connection)


async def due_posts(
    database: Database, facts: Box, kinds: Sequence[str], *, now: int, most: int
) -> list[Post]:
    """Posts of these kinds that are due: kind after kind, and of each the oldest first.

    Only the one leased poster of these kinds calls this.
    """
    p = t.posts.c
    order = case({kind: n for n, kind in enumerate(kinds)}, value=p.kind)
    ripe = or_(p.due <= now, p.due > now + FAR_SECONDS)
    query = select(t.posts).where(ripe, p.kind.in_(kinds)).order_by(order, p.id).limit(most)
    async with database.reading() as connection:
        rows = (await connection.execute(query)).all()
    return [
        Post(
            r.id,
            r.kind,
            r.referral,
            r.officer,
            load(facts.open(r.body, "posts.body")) if r.body else {},
            r.tries,
        )
        for r in rows
    ]


async def count_waiting(database: Database, kinds: Sequence[str], *, now: int) -> int:
    """How many posts of these kinds are due."""
    p = t.posts.c
    query = select(func.count()).select_from(t.posts).where(p.due <= now, p.kind.in_(kinds))
    async with database.reading() as connection:
        return int((await connection.execute(query)).scalar_one())


async def settle_post(connection: Connection, post: Post) -> None:
    await connection.execute(delete(t.posts).where(t.posts.c.id == post.id))


async def put_off(database: Database, post: Post, when: int, *, failed: bool = True) -> None:
    """Until `when`, seconds since 1970; `failed`: it counts as a try."""
    async with database.writing() as connection:
        p = t.posts.c
        tries = p.tries + 1 if failed else p.tries
        await connection.execute(
            update(t.posts).where(p.id == post.id).values(due=when, tries=tries)
        )


async def note_seen(connection: Connection, facts: Box, key: str, *, hour: int) -> bool:
    """Whether an update of the officers' bot is new; from now on it is not. Old keys are forgotten
    on the way.
    """
    s = t.officers_seen
    await connection.execute(delete(s).where(s.c.hour < hour - t.SEEN_HOURS))
    row = (
        statements.insert(connection, s)
        .values(name=facts.name("seen", key), hour=hour)
        .on_conflict_do_nothing()
    )
    return (await connection.execute(row.returning(s.c.name))).first() is not None
