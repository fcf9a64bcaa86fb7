"""A database with the schema of this release, made once for all tests of a process and copied for each."""

import asyncio
import functools
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from storage import schema
from storage.database import Database


@functools.cache
def _template() -> Path:
    path = Path(tempfile.mkdtemp()) / "template.db"
    with ThreadPoolExecutor(1) as thread:  # a test's own loop is running already
        thread.submit(lambda: asyncio.run(_make(path))).result()
    return path


async def _make(path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{path}")
    await schema.prepare(database, practice=True)
    await database.close()


def database(path: Path) -> Database:
    """A fresh one at this path, a practice installation's."""
    shutil.copyfile(_template(), path)
    return Database(f"sqlite+aiosqlite:///{path}")
