"""Bringing a database to this release's schema, and telling whose it is: a practice one or a live one."""

import os
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import tables as t
from storage.database import Database


class WrongInstallation(Exception):
    """A practice installation met a live database, or the other way round."""


async def prepare(database: Database, *, practice: bool) -> str:
    """Migrate, and mark a new database as practice or live. Returns the installation's name.

    Raises WrongInstallation where the mark says otherwise; then nothing was changed.
    """
    async with database.writing() as connection:
        marked = await _mark(connection)
        if marked is not None and marked.practice is not practice:
            raise WrongInstallation
        await connection.run_sync(_upgrade)
        if marked is not None:
            return str(marked.name)
        name = os.urandom(8).hex()
        await connection.execute(insert(t.installation).values(id=1, name=name, practice=practice))
        return name


async def is_current(connection: AsyncConnection) -> bool:
    """Whether the schema is this release's."""
    return await connection.run_sync(lambda c: MigrationContext.configure(c).get_current_revision() == head())


def head() -> str | None:
    """The newest migration."""
    return ScriptDirectory.from_config(_config()).get_current_head()


async def belongs(connection: AsyncConnection, *, practice: bool) -> bool:
    """Whether the database is marked as this kind of installation's."""
    marked = await _mark(connection)
    return marked is not None and bool(marked.practice) is practice


async def _mark(connection: AsyncConnection) -> Row[Any] | None:
    if not await connection.run_sync(lambda c: c.dialect.has_table(c, "installation")):
        return None
    return (await connection.execute(select(t.installation))).first()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
