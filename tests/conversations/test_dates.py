"""When it happened, as people say it: every phrase of tests/dates, written before the grammar."""

from datetime import date
from pathlib import Path

import pytest

from conversations.reading.dates import read

FOLDER = Path(__file__).parent.parent / "dates"
TODAY = date(2026, 11, 24)


def phrases() -> list[tuple[str, str, str]]:
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
        found += [(path.stem, *(part.strip() for part in line.split("|"))) for line in lines]
    return found  # type: ignore[return-value]


def said(phrase: str) -> str:
    found = read(phrase, TODAY)
    if found is None:
        return "-"
    parts = (found.edtf or "-", found.part, "!" if found.confirm else "")
    return " ".join(p for p in parts if p)


@pytest.mark.parametrize("language, phrase, expected", phrases())
def test_a_date_is_read_as_it_was_said(language: str, phrase: str, expected: str) -> None:
    assert said(phrase) == expected, language
