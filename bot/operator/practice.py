"""The sandbox's team: a supervisor and a specialist to practise with, enrolled, with keys on this
very machine.
"""

import os
from pathlib import Path
from typing import Final

from sqlalchemy import insert, select

from bot.operator.practice_team import TEAM, Colleague
from bot.settings import Settings
from storage import age, keys, recipients
from storage import tables as t
from storage.connection import Connection
from storage.database import Database
from storage.keys import Box

OFFLINE: Final = "team.key"


async def enrol(settings: Settings, database: Database) -> None:
    """Whoever is missing; their identities lie where a live start would refuse them."""
    folder = settings.home / "officer"
    folder.mkdir(exist_ok=True, mode=0o700)
    facts = keys.load(settings.key_folder, "facts", make=False)
    async with database.writing() as connection:
        if not (folder / OFFLINE).exists():
            await _key(connection, folder / OFFLINE, None)
        for one in TEAM:
            if not (folder / one.key).exists():
                await _key(connection, folder / one.key, await _officer(connection, facts, one))


async def _officer(connection: Connection, facts: Box, one: Colleague) -> int:
    o = t.officers.c
    if (
        found := (
            await connection.execute(select(o.id).where(o.call_sign == one.call_sign))
        ).scalar()
    ) is not None:
        return int(found)
    account = str(one.account)
    row = insert(t.officers).values(
        call_sign=one.call_sign,
        role=one.role,
        state="active",
        account_name=facts.name("officer", account),
        account=facts.seal(account.encode(), "officers.account"),
    )
    return int((await connection.execute(row.returning(o.id))).scalar_one())


async def _key(connection: Connection, path: Path, officer: int | None) -> None:
    """A recipient without the challenge: here whoever reads the file is whoever holds the key."""
    recipient, identity = age.new_identity()
    await recipients.add(connection, recipient, officer)
    await connection.execute(
        t.recipients.update().where(t.recipients.c.recipient == recipient).values(state="active")
    )
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w") as file:
        file.write(f"# public key: {recipient}\n{identity}\n")
