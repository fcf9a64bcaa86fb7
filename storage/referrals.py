"""Referrals as officers find, claim and read them; their sealed pieces never change."""

from collections.abc import Iterable, Sequence
from typing import Any

import structlog
from sqlalchemy import func, select, update

from storage import tables as t
from storage.bodies import Body, dump, load
from storage.connection import Connection
from storage.keys import Box, Unsealable
from storage.records import Piece, Referral

log = structlog.get_logger()


async def addenda(connection: Connection, reference: str) -> int:
    """How many there are; two that are added at once cannot both be the next, since paths are
    unique.
    """
    p = t.pieces.c
    own = select(func.count()).where(p.referral == reference, p.path.like("addenda/%/key.age"))
    return int((await connection.execute(own)).scalar_one())


async def words_of(connection: Connection, reference: str) -> bytes | None:
    """The name of the return words that its witness took, if they took any."""
    r = t.referrals.c
    found: bytes | None = (
        await connection.execute(select(r.words).where(r.reference == reference))
    ).scalar()
    return found


async def by_words(connection: Connection, names: Sequence[bytes]) -> dict[bytes, str]:
    """The references of the referrals that these return words belong to."""
    r = t.referrals.c
    found = await connection.execute(
        select(r.words, r.reference).where(r.words.in_(names)).order_by(r.hour)
    )
    return {row.words: row.reference for row in found}


async def get(connection: Connection, reference: str, facts: Box) -> Referral | None:
    row = (
        await connection.execute(select(t.referrals).where(t.referrals.c.reference == reference))
    ).first()
    return None if row is None else _referral(row, facts)


async def every(
    connection: Connection, facts: Box, *, most: int | None = None, status: str | None = None
) -> list[Referral]:
    """The newest referrals first; without `most`, all of them."""
    query = (
        select(t.referrals).order_by(t.referrals.c.hour.desc(), t.referrals.c.reference).limit(most)
    )
    if status:
        query = query.where(t.referrals.c.status == status)
    return _those_that_open(await connection.execute(query), facts)


async def held_by(connection: Connection, facts: Box, officer: int) -> list[Referral]:
    """What an officer has claimed and not handed back."""
    r = t.referrals.c
    query = select(t.referrals).where(r.officer == officer, r.status == "claimed")
    return _those_that_open(await connection.execute(query), facts)


def _those_that_open(rows: Iterable[Any], facts: Box) -> list[Referral]:
    """One that was filed under another facts key hides no other; doctor counts them."""
    found = []
    for row in rows:
        try:
            found.append(_referral(row, facts))
        except Unsealable:
            log.error("a referral does not open with facts.key; see firsthand doctor")
    return found


def _referral(row: Any, facts: Box) -> Referral:
    opened = load(open_facts(row, facts))
    return Referral(
        row.reference, row.status, row.hour, opened, row.officer, row.card, row.account_recipient
    )


def seal_facts(facts: Body, key: Box, reference: str, account: str) -> bytes:
    """Bound to their row: no other referral's facts fit there, and no other key than `account`
    stands beside them.
    """
    return key.seal(dump(facts), _about(reference, account))


def open_facts(row: Any, key: Box) -> bytes:
    """Of a row with `reference`, `account_recipient` and `facts`. Raises Unsealable."""
    try:
        return key.open(row.facts, _about(row.reference, row.account_recipient))
    except Unsealable:  # filed by an earlier release
        return key.open(row.facts, "referrals.facts")


def _about(reference: str, account: str) -> str:
    return f"referrals.facts {reference} {account}"


async def pieces(connection: Connection, reference: str) -> list[Piece]:
    """The sealed pieces of a referral by path."""
    p = t.pieces.c
    rows = await connection.execute(
        select(t.pieces).where(p.referral == reference).order_by(p.path)
    )
    return [Piece(r.path, r.size, r.sealed_sha256, r.body, r.object) for r in rows]


async def claim(connection: Connection, reference: str, officer: int) -> bool:
    """Take a new referral; False if somebody was first."""
    r = t.referrals.c
    statement = (
        update(t.referrals)
        .where(r.reference == reference, r.status == "new", r.officer.is_(None))
        .values(status="claimed", officer=officer)
        .returning(r.reference)
    )
    return (await connection.execute(statement)).first() is not None


async def hand_back(connection: Connection, reference: str, officer: int) -> bool:
    """Give a claimed referral back to the queue; False if this officer does not hold it."""
    r = t.referrals.c
    statement = (
        update(t.referrals)
        .where(r.reference == reference, r.officer == officer, r.status == "claimed")
        .values(status="new", officer=None)
        .returning(r.reference)
    )
    return (await connection.execute(statement)).first() is not None


async def carded(connection: Connection, reference: str, card: int) -> None:
    """Remember which message of the channel is the card."""
    await connection.execute(
        update(t.referrals).where(t.referrals.c.reference == reference).values(card=card)
    )
