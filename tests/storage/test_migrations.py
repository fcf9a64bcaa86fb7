"""Every migration, begun on the schema before it with a row in every table: nothing is lost, and the ledger stays closed."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Boolean,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    insert,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError

from storage import schema
from storage.database import Database
from tests import postgres

SCRIPTS = ScriptDirectory.from_config(schema._config())
RENAMED = {("conversations", "bot"): "channel", ("outbox", "bot"): "channel"}
REVISIONS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]


def fresh(folder: Path) -> str:
    return (
        postgres.create(postgres.named(folder))
        if postgres.ASKED
        else f"sqlite:///{folder / 'old.db'}"
    )


def upgrade(connection: Connection, revision: str) -> None:
    config = schema._config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def filled(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """A row in every table of the schema as it is; returns them."""
    metadata = MetaData()
    metadata.reflect(connection)
    made = {}
    for table in metadata.sorted_tables:
        if table.name != "alembic_version":
            connection.execute(insert(table).values(**{c.name: _value(c) for c in table.columns}))
            made[table.name] = _rows(connection, table)
    return made


def _value(column: Any) -> object:
    match column.type:
        case Boolean():
            return True
        case Integer():
            return 1
        case LargeBinary():
            return b"\x00\xff sealed"
        case _:
            return "ї"


def _rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(select(table))]


def renamed(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """Under the names that the columns have now."""
    return {RENAMED.get((table, column), column): value for column, value in row.items()}


def rows_now(
    connection: Connection, columns: dict[str, set[str]]
) -> dict[str, list[dict[str, Any]]]:
    """What the columns that were there before hold now."""
    metadata = MetaData()
    metadata.reflect(connection)
    return {
        name: [
            {k: v for k, v in row.items() if k in wanted}
            for row in _rows(connection, metadata.tables[name])
        ]
        for name, wanted in columns.items()
    }


@pytest.mark.parametrize("revision", REVISIONS[:-1])
async def test_an_upgrade_keeps_every_row_of_the_earlier_schema(
    revision: str, tmp_path: Path
) -> None:
    url = fresh(tmp_path)
    database = Database(url)
    database.make()
    await database.alter(lambda connection: upgrade(connection, revision))
    before = await database.alter(filled)
    await schema.prepare(database, practice=True)
    async with database.reading() as connection:
        assert await schema.is_current(connection)
        before = {name: [renamed(name, row) for row in rows] for name, rows in before.items()}
    wanted = {name: set(rows[0]) for name, rows in before.items()}
    after = await database.alter(lambda connection: rows_now(connection, wanted))
    assert after == before
    for table in ("ledger", "openings", "leaves"):
        with pytest.raises(DBAPIError, match="append-only"):
            async with database.writing() as connection:
                await connection.execute(text(f"DELETE FROM {table}"))
    await database.close()
    postgres.drop(url)


async def test_a_database_of_a_newer_release_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    url = fresh(tmp_path)
    database = Database(url)
    await schema.prepare(database, practice=True)
    async with database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(schema.NewerSchema):
        await schema.prepare(database, practice=True)
    async with database.reading() as connection:
        assert (
            await connection.execute(text("SELECT version_num FROM alembic_version"))
        ).scalar() == "9999"
    await database.close()
    postgres.drop(url)


def test_the_newest_migration_is_known_without_the_library_that_migrates() -> None:
    assert schema.head() == SCRIPTS.get_current_head()
