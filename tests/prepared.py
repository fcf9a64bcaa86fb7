"""A database with the schema of this release, made once for all tests of a process and copied for each."""

import asyncio
import functools
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from storage import schema
from storage.database import Database
from tests import postgres


@functools.cache
def _template() -> Path | str:
    """The file, or the name of the database on PostgreSQL."""
    path = Path(tempfile.mkdtemp()) / "template.db"
    name = f"firsthand_template_{os.getpid()}"
    where = postgres.create(name) if postgres.ASKED else f"sqlite:///{path}"
    with ThreadPoolExecutor(1) as thread:  # a test's own loop is running already
        thread.submit(lambda: asyncio.run(_make(where))).result()
    return name if postgres.ASKED else path


async def _make(url: str) -> None:
    database = Database(url)
    await schema.prepare(database, practice=True)
    await database.close()


def url(path: Path) -> str:
    """The address of a fresh one at this path, a practice installation's."""
    template = _template()
    if isinstance(template, str):
        return postgres.create(postgres.named(path), template=template)
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


def database(path: Path) -> Database:
    """A fresh one at this path."""
    return Database(url(path))


async def over(database: Database) -> None:
    """Close it; on PostgreSQL it is dropped besides."""
    await database.close()
    postgres.drop(database.url)
