"""Bringing a database to this release's schema, and telling whose it is: a practice one or a live
one.
"""

import os
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Row, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import statements
from storage import tables as t
from storage.database import OFFICERS_ROLE, Database


class WrongInstallation(Exception):
    """A practice installation met a live database, or the other way round."""


class NewerSchema(Exception):
    """The database was brought to the schema of a release that this one does not know."""


async def prepare(database: Database, *, practice: bool) -> str:
    """Migrate, and mark a new database as practice or live. Returns the installation's name.

    Raises WrongInstallation where the mark says otherwise, NewerSchema; then nothing was changed.
    """
    database.make()
    async with database.writing() as connection:
        await statements.lock(connection, "schema")
        marked = await _mark(connection)
        if marked is not None and marked.practice is not practice:
            raise WrongInstallation
        await connection.run_sync(_upgrade)
        await _officers_role(connection)
        if marked is not None:
            return str(marked.name)
        name = os.urandom(8).hex()
        await connection.execute(insert(t.installation).values(id=1, name=name, practice=practice))
        return name


async def is_current(connection: AsyncConnection) -> bool:
    """Whether the schema is this release's."""
    return await connection.run_sync(
        lambda c: MigrationContext.configure(c).get_current_revision() == head()
    )


def head() -> str | None:
    """The newest migration."""
    return ScriptDirectory.from_config(_config()).get_current_head()


async def in_use(database: Database) -> bool:
    """Whether the database was an installation's before."""
    if not database.is_there:
        return False
    async with database.reading() as connection:
        return await _mark(connection) is not None


async def belongs(connection: AsyncConnection, *, practice: bool) -> bool:
    """Whether the database is marked as this kind of installation's."""
    marked = await _mark(connection)
    return marked is not None and bool(marked.practice) is practice


async def keys_check(connection: AsyncConnection, value: bytes) -> bytes:
    """By what the server's keys are told from others: noted the first time, and returned ever
    after.
    """
    i = t.installation
    noted: bytes | None = (await connection.execute(select(i.c.keys_check))).scalar()
    if noted is None:
        await connection.execute(update(i).values(keys_check=value))
    return noted or value


async def _officers_role(connection: AsyncConnection) -> None:
    """On PostgreSQL the officers' process works under a role of its own; on SQLite its connection
    is watched.
    """
    if connection.dialect.name != "postgresql":
        return
    # A role is the whole server's: an installation in another of its databases may be making it at
    # this moment.
    await connection.execute(
        text(f"""DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OFFICERS_ROLE}') THEN
                BEGIN CREATE ROLE {OFFICERS_ROLE} NOLOGIN;
                EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
            END IF;
            BEGIN GRANT {OFFICERS_ROLE} TO CURRENT_USER;
            EXCEPTION WHEN unique_violation THEN NULL; END;
        END $$""")
    )
    for table in t.metadata.sorted_tables:
        if table.name in t.WITNESS_TABLES:
            continue
        verbs = "SELECT" if table.name in t.ONLY_READ else "SELECT, INSERT, UPDATE, DELETE"
        await connection.execute(text(f"REVOKE ALL ON {table.name} FROM {OFFICERS_ROLE}"))
        await connection.execute(text(f"GRANT {verbs} ON {table.name} TO {OFFICERS_ROLE}"))
        if table.autoincrement_column is not None:
            await connection.execute(
                text(f"GRANT USAGE ON SEQUENCE {table.name}_id_seq TO {OFFICERS_ROLE}")
            )


async def _mark(connection: AsyncConnection) -> Row[Any, Any] | None:
    if not await connection.run_sync(lambda c: c.dialect.has_table(c, "installation")):
        return None
    i = t.installation.c
    return (await connection.execute(select(i.name, i.practice))).first()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise NewerSchema from None
