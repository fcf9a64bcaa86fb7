"""Fixtures of the officer's machine; what they give is tests/workstation/desk.py's."""

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.workstation.desk import Desk, make


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    folder = tmp_path_factory.mktemp("made")
    first, second, _ = asyncio.run(make(folder))
    return folder, first, second


@pytest.fixture
def desk(made: tuple[Path, str, str], tmp_path: Path) -> Desk:
    folder, first, second = made
    here = Desk(tmp_path)
    for name in ("in", "before", "team.key", "receipt.txt"):
        source = folder / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    here.first, here.second = first, second
    return here
