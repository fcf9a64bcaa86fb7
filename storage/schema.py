"""Bringing a database to this release's schema, and telling whose it is: a practice one or a live
one.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection as SqlConnection
from sqlalchemy import insert, inspect, select, text, update

from storage import roles, statements
from storage import tables as t
from storage.connection import Connection
from storage.database import Database

if TYPE_CHECKING:
    from alembic.config import Config


class WrongInstallation(Exception):
    """A practice installation met a live database, or the other way round."""


class NewerSchema(Exception):
    """The database was brought to the schema of a release that this one does not know."""


async def prepare(database: Database, *, practice: bool) -> str:
    """Migrate, and mark a new database as practice or live. Returns the installation's name.

    Raises WrongInstallation where the mark says otherwise, NewerSchema; then nothing was changed.
    """
    database.make()
    return await database.alter(lambda connection: _prepared(connection, practice=practice))


def _prepared(connection: SqlConnection, *, practice: bool) -> str:
    if connection.dialect.name == "postgresql":  # on SQLite the transaction has the write lock
        connection.execute(statements.LOCK, {"what": "schema"})
    marked = None
    if inspect(connection).has_table("installation"):
        marked = connection.execute(_MARK).first()
    if marked is not None and marked.practice is not practice:
        raise WrongInstallation
    _upgrade(connection)
    _officers_role(connection)
    if marked is not None:
        return str(marked.name)
    name = os.urandom(8).hex()
    connection.execute(insert(t.installation).values(id=1, name=name, practice=practice))
    return name


async def is_current(connection: Connection) -> bool:
    """Whether the schema is this release's."""
    if not await _has_table(connection, "alembic_version"):
        return False
    version = await connection.execute(text("SELECT version_num FROM alembic_version"))
    return version.scalar() == head()


def head() -> str:
    """The newest migration: they are numbered, and only whoever migrates needs more of them."""
    versions = Path(__file__).parent / "migrations" / "versions"
    return max(path.name.partition("_")[0] for path in versions.glob("[0-9]*.py"))


async def in_use(database: Database) -> bool:
    """Whether the database was an installation's before."""
    if not database.is_there:
        return False
    async with database.reading() as connection:
        return await _mark(connection) is not None


async def belongs(connection: Connection, *, practice: bool) -> bool:
    """Whether the database is marked as this kind of installation's."""
    marked = await _mark(connection)
    return marked is not None and bool(marked.practice) is practice


async def name_of(connection: Connection) -> str:
    """By what this installation is told from others."""
    return str((await connection.execute(select(t.installation.c.name))).scalar_one())


async def custody_key(connection: Connection) -> str:
    """The public key under which the custody log is signed, in one line; "" before there is
    one.
    """
    return str((await connection.execute(select(t.installation.c.custody_key))).scalar() or "")


async def keys_check(connection: Connection, value: bytes) -> bytes:
    """By what the server's keys are told from others: noted the first time, and returned ever
    after.
    """
    i = t.installation
    noted: bytes | None = (await connection.execute(select(i.c.keys_check))).scalar()
    if noted is None or (len(noted) < len(value) and value.startswith(noted)):
        # a key that an earlier release did not have
        await connection.execute(update(i).values(keys_check=value))
        return value
    return noted


def _officers_role(connection: SqlConnection) -> None:
    """On PostgreSQL the officers' process works under a role of its own; on SQLite its connection
    is watched.
    """
    if connection.dialect.name != "postgresql":
        return
    # A role is the whole server's: an installation in another of its databases may be making it at
    # this moment.
    connection.execute(
        text(f"""DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{roles.OFFICERS_ROLE}') THEN
                BEGIN CREATE ROLE {roles.OFFICERS_ROLE} NOLOGIN;
                EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
            END IF;
            BEGIN GRANT {roles.OFFICERS_ROLE} TO CURRENT_USER;
            EXCEPTION WHEN unique_violation THEN NULL; END;
        END $$""")
    )
    connection.execute(text(f"GRANT SELECT ON alembic_version TO {roles.OFFICERS_ROLE}"))
    for table in t.metadata.sorted_tables:
        connection.execute(text(f"REVOKE ALL ON {table.name} FROM {roles.OFFICERS_ROLE}"))
        if may := roles.privileges(table.name):
            connection.execute(text(f"GRANT {may} ON {table.name} TO {roles.OFFICERS_ROLE}"))
        if "INSERT" in may and table.autoincrement_column is not None:
            connection.execute(
                text(f"GRANT USAGE ON SEQUENCE {table.name}_id_seq TO {roles.OFFICERS_ROLE}")
            )


_MARK = select(t.installation.c.name, t.installation.c.practice)


async def _mark(connection: Connection) -> Any:
    if not await _has_table(connection, "installation"):
        return None
    return (await connection.execute(_MARK)).first()


async def _has_table(connection: Connection, name: str) -> bool:
    found = {
        "sqlite": text("SELECT name FROM sqlite_master WHERE name = :name"),
        "postgresql": text("SELECT to_regclass(:name)"),
    }[connection.dialect.name]
    return (await connection.execute(found, {"name": name})).scalar() is not None


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - see head

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _upgrade(connection: SqlConnection) -> None:
    from alembic import command  # noqa: PLC0415 - see head
    from alembic.util.exc import CommandError  # noqa: PLC0415

    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise NewerSchema from None
