"""What every test can ask for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import appeal
from bot.words import Words
from storage import schema
from storage.database import Database


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write the transcripts again from what the flows say")


@pytest.fixture
def words() -> Words:
    known = appeal.load(appeal.EXAMPLE)
    return Words("witness", known.phrases, known.languages[0])


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A real SQLite file with the schema of this release."""
    fresh = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    await schema.prepare(fresh, practice=True)
    yield fresh
    await fresh.close()
