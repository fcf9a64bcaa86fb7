"""The table of sealed columns is complete, and the officers' connection is refused the witnesses' tables."""

import pytest
from sqlalchemy import LargeBinary, insert, select, text
from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError

from storage import roles, schema
from storage import tables as t
from storage.database import Database
from tests import postgres


def columns() -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in t.metadata.tables.values()
        for column in table.columns
    }


def test_every_column_is_sealed_or_says_why_it_may_be_read() -> None:
    plain = [name for names in t.PLAIN.values() for name in names.split()]
    assert sorted([*t.SEALED, *plain]) == sorted(columns())


def test_every_sealed_column_holds_bytes_and_no_plain_one_does() -> None:
    binary = {
        f"{table.name}.{column.name}"
        for table in t.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert binary == set(t.SEALED)


def test_everything_on_the_witnesses_side_that_can_hold_words_is_under_the_shred_key() -> None:
    mine = {
        name: key for name, key in t.SEALED.items() if name.split(".")[0] in roles.WITNESS_TABLES
    }
    assert set(mine.values()) == {t.Key.SHRED, t.Key.KEYED}


@pytest.mark.parametrize("table", sorted(roles.WITNESS_TABLES))
async def test_the_officers_connection_is_refused_the_witnesses_tables(
    table: str, database: Database
) -> None:
    officers = Database(database.url, officers=True)
    async with officers.reading() as connection:
        with pytest.raises(DatabaseError, match=r"prohibited|not authorized|permission denied"):
            await connection.execute(select(t.metadata.tables[table]))
    async with officers.reading() as connection:
        assert (await connection.execute(select(t.referrals))).all() == []
    await officers.close()


@pytest.mark.parametrize("table", sorted(roles.ONLY_READ))
async def test_the_officers_connection_reads_to_whom_and_what_is_sealed_and_changes_neither(
    table: str, database: Database
) -> None:
    officers, it = Database(database.url, officers=True), t.metadata.tables[table]
    async with officers.reading() as connection:
        await connection.execute(select(it))
    for change in (it.delete(), it.update().values({next(iter(it.c)): next(iter(it.c))})):
        with pytest.raises(DatabaseError, match=r"prohibited|not authorized|permission denied"):
            async with officers.writing() as connection:
                await connection.execute(change)
    await officers.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE officers SET role = 'specialist'",
        "DELETE FROM officers",
        "UPDATE referrals SET account_recipient = 'age1'",
        "DELETE FROM referrals",
        "UPDATE ledger SET line = ''",
        "INSERT INTO heads (size, hour, note) VALUES (1, 1, '')",
    ],
)
async def test_the_officers_connection_changes_no_role_no_key_and_no_entry(
    statement: str, database: Database
) -> None:
    officers = Database(database.url, officers=True)
    with pytest.raises(DatabaseError, match=r"prohibited|not authorized|permission denied"):
        async with officers.writing() as connection:
            await connection.execute(text(statement))
    await officers.close()


async def test_migrations_make_the_very_schema_of_the_code(database: Database) -> None:
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415

    found = await database.alter(
        lambda c: compare_metadata(MigrationContext.configure(c), t.metadata)
    )
    assert found == []
    async with database.reading() as connection:
        assert await schema.is_current(connection)


async def test_a_database_stays_what_it_was_marked_as(database: Database) -> None:
    with pytest.raises(schema.WrongInstallation):
        await schema.prepare(database, practice=False)
    assert await schema.prepare(database, practice=True)


@pytest.mark.parametrize("table", ["ledger", "openings", "leaves"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = 1", "DELETE FROM {}"])
async def test_the_custody_ledger_refuses_change(table: str, verb: str, database: Database) -> None:
    row = {"ledger": dict(log="a", n=0, line="x", hash="h"), "openings": dict(log="a", n=0, body=b""),
           "leaves": dict(leaf=0, entry=1, hash="h")}[table]  # fmt: skip
    async with database.writing() as connection:
        await connection.execute(insert(t.metadata.tables[table]).values(**row))
    column = next(iter(row))
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.writing() as connection:
            await connection.execute(text(verb.format(table, column)))


@pytest.mark.skipif(bool(postgres.ASKED), reason="is about SQLite")
async def test_sqlite_is_durable_and_forgets_what_it_deletes(database: Database) -> None:
    async with database.reading() as connection:
        found = [
            (await connection.execute(text(f"PRAGMA {p}"))).scalar()
            for p in ("journal_mode", "synchronous", "secure_delete")
        ]
    assert found == ["wal", 2, 1]


async def test_an_error_of_the_database_does_not_say_what_was_written(database: Database) -> None:
    row = {"name": b"a witness's words", "hour": 1}
    many = [{**row, "name": b"others"}, row, row]
    async with database.writing() as connection:
        await connection.execute(insert(t.seen), row)
    for rows in (many, row):
        async with database.writing() as connection:
            with pytest.raises(IntegrityError) as refused:
                await connection.execute(insert(t.seen), rows)
        said = f"{refused.value} {refused.value!r} {refused.value.params}"
        assert "seen" in said and "words" not in said


async def test_an_id_in_flight_is_never_given_twice(database: Database) -> None:
    """A message on its way whose row went with its report was settled in place of the receipt that had its id."""
    from sqlalchemy import delete, insert  # noqa: PLC0415

    from storage import tables as t  # noqa: PLC0415

    async with database.writing() as connection:
        for table, row in (
            (t.outbox, {"channel": "witness", "slot": 1, "body": b"x"}),
            (t.work, {"kind": "wait", "due": 1, "held_until": 0, "tries": 0}),
            (t.posts, {"kind": "card", "due": 0, "tries": 0}),
        ):
            first = (
                await connection.execute(insert(table).values(**row).returning(table.c.id))
            ).scalar_one()
            await connection.execute(delete(table))
            second = (
                await connection.execute(insert(table).values(**row).returning(table.c.id))
            ).scalar_one()
            assert second > first, table.name
