"""What every test can ask for."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import hypothesis
import pytest

from bot.language.translate import Translator
from storage.database import Database
from tests import appeals, prepared, seaweed
from tests.installation import ROLES, Installation

# how long an example takes says nothing: the machine is busy with the other workers
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="write the transcripts again from what the flows say"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: one that is begun last would have the machine to itself."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The object store is the run's, not one worker's."""
    if not hasattr(session.config, "workerinput"):
        seaweed.stop()


@pytest.fixture(scope="session")
def shared_processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One installation for all tests of a worker that need nothing of their own: starting one costs seconds."""
    installation = Installation(tmp_path_factory.mktemp("shared"))
    installation.start(*ROLES)
    yield installation
    installation.end()


@pytest.fixture
async def shared(shared_processes: Installation) -> AsyncIterator[Installation]:
    """The shared installation; each test brings its own people, and leaves every process alive."""
    shared_processes.connect()
    await shared_processes.answers()
    yield shared_processes
    await shared_processes.http.aclose()
    assert [
        name for name, process in shared_processes.processes.items() if process.poll() is not None
    ] == []


@pytest.fixture
def words() -> Translator:
    return appeals.words()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A real SQLite file with the schema of this release."""
    fresh = prepared.database(tmp_path / "test.db")
    yield fresh
    await prepared.over(fresh)
