"""Who becomes an officer: the person whose number was told, and nobody who has their call sign later."""

import pytest

from bot.officers.desk import Desk
from storage import age, officers, recipients
from storage import tables as t
from storage.database import Database
from storage.keys import SIZE, Box

FACTS = Box(b"f" * SIZE)


async def waiting(database: Database, call_sign: str, role: str, account: str) -> officers.Officer:
    async with database.writing() as connection:
        code = await officers.invite(connection, call_sign, role, hour=1)
        found = await officers.enrol(connection, FACTS, code, account, hour=1)
    assert found is not None
    return found


async def test_an_old_button_confirms_nobody_who_came_later(database: Database) -> None:
    chief = await waiting(database, "Kestrel", "supervisor", "1")
    async with database.writing() as connection:
        await officers.decide(connection, chief.id, confirmed=True)
    first = await waiting(database, "Heron", "officer", "2")
    async with database.writing() as connection:
        await officers.remove(connection, "Heron")
    second = await waiting(database, "Heron", "supervisor", "3")
    async with database.writing() as connection:
        desk = Desk(connection, FACTS, 1)
        by = await officers.get(connection, FACTS, chief.id)
        assert by is not None
        if first.check != second.check:  # once in ten thousand they are the same
            await desk.decide(by, str(second.id), first.check, confirmed=True)
            assert (
                await officers.by_call_sign(connection, FACTS, "Heron") or by
            ).state == "waiting"
        await desk.decide(by, str(second.id), second.check, confirmed=True)
        assert (await officers.by_call_sign(connection, FACTS, "Heron") or by).state == "active"


@pytest.mark.parametrize("confirmed", [True, False])
async def test_keys_of_whoever_had_a_call_sign_before_are_not_the_next_ones(
    database: Database, *, confirmed: bool
) -> None:
    before = await waiting(database, "Owl", "officer", "2")
    recipient, _ = age.new_identity()
    async with database.writing() as connection:
        fingerprint, _ = await recipients.add(connection, recipient, before.id)
        await connection.execute(t.recipients.update().values(state="active"))
        await officers.decide(connection, before.id, confirmed=confirmed)
        assert [h.fingerprint for h in await recipients.active(connection)] == (
            [fingerprint] if confirmed else []
        )
        if confirmed:
            await officers.remove(connection, "Owl")
    after = await waiting(database, "Owl", "officer", "3")
    async with database.writing() as connection:
        await officers.decide(connection, after.id, confirmed=True)
        assert await recipients.active(connection) == []
