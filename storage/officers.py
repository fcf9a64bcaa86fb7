"""Officers: invited on the command line, known by their messenger account, active once a supervisor
confirmed.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update

from storage import statements
from storage import tables as t
from storage.connection import Connection
from storage.keys import Box

INVITE_HOURS = 72


@dataclass(frozen=True, slots=True)
class Officer:
    """`account` is the messenger account, opened; empty before enrolment."""

    id: int
    call_sign: str
    role: str
    state: str
    check: str = field(default="", repr=False)
    account: str = field(default="", repr=False)


class CallSignTaken(Exception):
    """Another officer has this call sign."""


async def invite(connection: Connection, call_sign: str, role: str, *, hour: int) -> str:
    """Enter an officer and return the one-time code for their first message. Raises CallSignTaken.

    Keys of somebody who had this call sign before are not theirs.
    """
    code = secrets.token_urlsafe(18)
    row = {
        "call_sign": call_sign,
        "role": role,
        "state": "invited",
        "invite": _hash(code),
        "invite_until": hour + INVITE_HOURS,
    }
    o = t.officers.c
    again = (
        update(t.officers)
        .where(o.call_sign == call_sign, o.state.in_(["invited", "removed"]))
        .values(**row)
    )
    before = (
        await connection.execute(select(o.id, o.state).where(o.call_sign == call_sign))
    ).first()
    if (await connection.execute(again)).rowcount:
        if before is not None and before.state == "removed":
            await _no_more(connection, before.id)
        return code
    fresh = statements.insert(connection, t.officers).on_conflict_do_nothing().returning(o.id)
    if not await connection.execute(fresh, row):
        raise CallSignTaken
    return code


async def enrol(
    connection: Connection, facts: Box, code: str, account: str, *, hour: int
) -> Officer | None:
    """Use up an invite: the account now waits for a supervisor. None if the code is unknown, used
    or too old.
    """
    o = t.officers.c
    if (await by_account(connection, facts, account)) is not None:
        return None
    statement = (
        update(t.officers)
        .where(o.invite == _hash(code), o.state == "invited", o.invite_until >= hour)
        .values(
            state="waiting",
            invite=None,
            account_name=facts.name("officer", account),
            account=facts.seal(account.encode(), "officers.account"),
            check=f"{secrets.randbelow(10_000):04}",
        )
        .returning(o.id)
    )
    found = (await connection.execute(statement)).scalar()
    return None if found is None else await get(connection, facts, int(found))


async def decide(connection: Connection, id_: int, *, confirmed: bool) -> bool:
    """A waiting officer becomes active or removed; False if nobody of that id is waiting."""
    o = t.officers.c
    gone = {} if confirmed else {"account_name": None, "account": None}
    statement = (
        update(t.officers)
        .where(o.id == id_, o.state == "waiting")
        .values(state="active" if confirmed else "removed", check=None, **gone)
        .returning(o.id)
    )
    return (await connection.execute(statement)).first() is not None


async def _no_more(connection: Connection, officer: int) -> None:
    """Nothing new is sealed to this officer's keys."""
    r = t.recipients.c
    await connection.execute(
        update(t.recipients).where(r.officer == officer).values(state="removed", challenge=None)
    )


async def remove(connection: Connection, call_sign: str) -> bool:
    """Take an officer out: their account means nothing any more, their recipients get
    nothing new.
    """
    o = t.officers.c
    statement = (
        update(t.officers)
        .where(o.call_sign == call_sign, o.state != "removed")
        .values(state="removed", account_name=None, account=None, invite=None, check=None)
        .returning(o.id)
    )
    found = (await connection.execute(statement)).scalar()
    if found is not None:
        await _no_more(connection, int(found))
    return found is not None


async def by_account(
    connection: Connection, facts: Box, account: str, *, held: bool = False
) -> Officer | None:
    """Who this messenger account is, whatever their state. `held`: and stays it until the
    transaction ends.
    """
    return await _one(
        connection, facts, t.officers.c.account_name == facts.name("officer", account), held=held
    )


async def get(connection: Connection, facts: Box, id_: int) -> Officer | None:
    return await _one(connection, facts, t.officers.c.id == id_)


async def by_call_sign(connection: Connection, facts: Box, call_sign: str) -> Officer | None:
    return await _one(connection, facts, t.officers.c.call_sign == call_sign)


async def every(connection: Connection, facts: Box) -> list[Officer]:
    rows = await connection.execute(select(t.officers).order_by(t.officers.c.call_sign))
    return [_officer(row, facts) for row in rows]


async def _one(
    connection: Connection, facts: Box, where: object, *, held: bool = False
) -> Officer | None:
    query = select(t.officers).where(where)  # type: ignore[arg-type]
    row = (await connection.execute(query.with_for_update(read=True) if held else query)).first()
    return None if row is None else _officer(row, facts)


def _officer(row: Any, facts: Box) -> Officer:
    account = facts.open(row.account, "officers.account").decode() if row.account else ""
    return Officer(row.id, row.call_sign, row.role, row.state, row.check or "", account)


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
