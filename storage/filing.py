"""From a report to a referral: its rows are read once, and what is sealed of them is
written once.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import update

from storage import draft_rows, statements
from storage import tables as t
from storage.bodies import Body
from storage.connection import Connection
from storage.database import Database
from storage.drafts import Draft
from storage.records import Piece


@dataclass(frozen=True, slots=True, repr=False)
class Unsent:
    """The rows of a report that is about to be filed, opened."""

    draft: Draft
    answers: list[Body]
    shown: list[Body]
    exhibits: dict[str, Body]
    objects: dict[str, str]
    set_aside: list[Body]


async def read_unsent(database: Database, draft: Draft) -> Unsent:
    """Everything a report holds. The caller has loaded `draft`, and checks at the end that nothing
    changed since.
    """
    async with database.reading() as connection:
        answers = await _rows(connection, t.answers, draft.id)
        shown = await _rows(connection, t.shown, draft.id)
        exhibits = await _rows(connection, t.exhibits, draft.id)
        aside = await _rows(connection, t.quarantine, draft.id)
    return Unsent(
        draft,
        [draft.opened("answers.body", row.body) for row in answers],
        [draft.opened("shown.body", row.body) for row in shown],
        {row.name: draft.opened("exhibits.body", row.body) for row in exhibits},
        {row.name: row.object for row in exhibits if row.object},
        [draft.opened("quarantine.body", row.body) for row in aside],
    )


async def _rows(connection: Connection, table: Any, id_: str) -> Sequence[Any]:
    return (await connection.execute(draft_rows.of_conversation(table), {"of": id_})).all()


@dataclass(frozen=True, slots=True, repr=False)
class NewReferral:
    """The row of a report that is sent; `facts` sealed, `hour` since 1970 UTC.

    The recipients are the report's own public keys; `words` the name of its return words.
    """

    reference: str
    appeal: str
    hour: int
    facts: bytes
    account_recipient: str
    identity_recipient: str
    words: bytes | None


async def file_referral(
    connection: Connection, new: NewReferral, pieces: Sequence[Piece], *, urgent: bool = False
) -> None:
    """Write a referral with its pieces, and ask for its card, within the caller's transaction.

    `urgent`: the card goes before those of others that wait.
    """
    row = {"status": "new", **asdict(new)}
    await connection.execute(statements.insert(connection, t.referrals), row)
    await _write(connection, new.reference, pieces, urgent=urgent)


async def file_addendum(
    connection: Connection,
    reference: str,
    pieces: Sequence[Piece],
    facts: bytes,
    *,
    urgent: bool = False,
) -> None:
    """Add the pieces of an addendum, with the facts as they are now; what was there is not touched.

    `urgent`: as in `file_referral`.
    """
    r = t.referrals.c
    await connection.execute(
        update(t.referrals).where(r.reference == reference).values(facts=facts)
    )
    await _write(connection, reference, pieces, urgent=urgent)


async def _write(
    connection: Connection, reference: str, pieces: Sequence[Piece], *, urgent: bool
) -> None:
    """The pieces, and the request for the card."""
    rows = [
        {
            "referral": reference,
            "path": p.path,
            "object": p.object,
            "body": p.body,
            "size": p.size,
            "sealed_sha256": p.sealed_sha256,
        }
        for p in pieces
    ]
    await connection.execute(statements.insert(connection, t.pieces), rows)
    post = {"kind": "urgent" if urgent else "card", "referral": reference, "due": 0, "tries": 0}
    await connection.execute(statements.insert(connection, t.posts), post)
    await statements.hold(connection, [p.object for p in pieces if p.object])
