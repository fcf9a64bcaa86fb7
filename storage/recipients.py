"""Recipients: the officers' public keys, pending until their holder has opened a challenge."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, insert, select, update

from storage import age, statements
from storage import tables as t
from storage.connection import Connection

CHALLENGE_BYTES = 10


@dataclass(frozen=True, slots=True)
class Holder:
    """An active or pending recipient; `role` is "team" for an offline team identity, else its
    officer's role.
    """

    fingerprint: str
    recipient: str
    role: str
    state: str
    call_sign: str
    officer_state: str

    @property
    def is_its_own(self) -> bool:
        """Whether the fingerprint, by which people know it, is that of the key."""
        try:
            return age.fingerprint(self.recipient) == self.fingerprint
        except age.NotAKey:
            return False


class AlreadyActive(Exception):
    """The key is in use; entering it again would take it from whoever holds it."""


async def add(connection: Connection, recipient: str, officer: int | None) -> tuple[str, bytes]:
    """Enter a recipient as pending. Returns its fingerprint and a challenge that only its holder
    can open.

    Raises age.NotAKey or AlreadyActive; one that is pending or was removed gets a new challenge.
    """
    fingerprint = age.fingerprint(recipient)
    r = t.recipients.c
    active = select(r.state).where(r.fingerprint == fingerprint, r.state == "active")
    if (await connection.execute(active)).first() is not None:
        raise AlreadyActive
    code = secrets.token_hex(CHALLENGE_BYTES)
    await connection.execute(delete(t.recipients).where(t.recipients.c.fingerprint == fingerprint))
    await connection.execute(
        insert(t.recipients).values(
            fingerprint=fingerprint,
            recipient=recipient,
            kind="team" if officer is None else "officer",
            officer=officer,
            state="pending",
            challenge=_hash(code),
        )
    )
    return fingerprint, age.seal(f"{code}\n".encode(), recipient)


async def answer(connection: Connection, fingerprint: str, code: str) -> bool:
    """Activate the recipient whose challenge said `code`; False if it did not."""
    r = t.recipients.c
    statement = (
        update(t.recipients)
        .where(
            r.fingerprint == fingerprint, r.challenge == _hash(code.strip()), r.state == "pending"
        )
        .values(state="active", challenge=None)
        .returning(r.fingerprint)
    )
    return (await connection.execute(statement)).first() is not None


_O, _R = t.officers.c, t.recipients.c
_EVERY: Final = (
    select(
        _R.fingerprint,
        _R.recipient,
        _R.kind,
        _R.state,
        _O.role,
        _O.call_sign,
        _O.state.label("officer_state"),
    )
    .select_from(t.recipients.outerjoin(t.officers, _R.officer == _O.id))
    .order_by(_R.fingerprint)
)


async def every(connection: Connection) -> list[Holder]:
    """All recipients, with the role of the officer each belongs to."""
    rows = await connection.execute(_EVERY)
    return [
        Holder(
            row.fingerprint,
            row.recipient,
            "team" if row.kind == "team" else str(row.role),
            row.state,
            row.call_sign or "team",
            row.officer_state or "",
        )
        for row in rows
    ]


async def active(connection: Connection) -> list[Holder]:
    """Those to whom something new is sealed: the team, and officers whom somebody confirmed,
    whatever a key says. A key that is not the one of its fingerprint is nobody's.
    """
    return [
        h
        for h in await every(connection)
        if h.state == "active" and h.officer_state in ("", "active") and h.is_its_own
    ]


async def answered(connection: Connection) -> list[Holder]:
    """Those whose holder has opened the challenge: an officer among them may still wait to be
    confirmed.
    """
    return [
        h for h in await every(connection) if h.state == "active" and h.officer_state != "removed"
    ]


async def told(connection: Connection) -> set[bytes]:
    """The names of which officers were told."""
    return set((await connection.execute(select(t.recipients_told.c.name))).scalars())


async def note_told(connection: Connection, names: Sequence[bytes]) -> None:
    """That officers were told of these, and of no others: what goes and comes again is told
    again.
    """
    column = t.recipients_told.c.name
    await connection.execute(delete(t.recipients_told).where(column.not_in(names)))
    row = statements.insert(connection, t.recipients_told).on_conflict_do_nothing()
    await statements.run(connection, row, [{"name": name} for name in names])


async def remove(connection: Connection, fingerprint: str) -> bool:
    """Seal nothing new to this key; False if there is none of that fingerprint that is not removed
    already.
    """
    r = t.recipients.c
    statement = (
        update(t.recipients)
        .where(r.fingerprint == fingerprint, r.state != "removed")
        .values(state="removed", challenge=None)
        .returning(r.fingerprint)
    )
    return (await connection.execute(statement)).first() is not None


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
