"""When it happened, as people say it: every phrase of tests/dates, written before the grammar."""

from datetime import date
from pathlib import Path

import pytest

from conversations.flows.rules import FIRST_DAY
from conversations.reading import calendar
from conversations.reading.dates import read

FOLDER = Path(__file__).parent.parent / "dates"
TODAY = date(2026, 11, 24)


def phrases() -> list[tuple[str, str, str]]:
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        lines = [
            line
            for line in path.read_text("utf-8").splitlines()
            if line and not line.startswith("#")
        ]
        found += [(path.stem, *(part.strip() for part in line.split("|"))) for line in lines]
    return found  # type: ignore[return-value]


def said(phrase: str) -> str:
    found = read(phrase, TODAY, FIRST_DAY)
    if found is None:
        return "-"
    parts = (found.edtf or "-", found.part_of_day, "!" if found.confirm else "")
    return " ".join(p for p in parts if p)


@pytest.mark.parametrize("language, phrase, expected", phrases())
def test_a_date_is_read_as_it_was_said(language: str, phrase: str, expected: str) -> None:
    assert said(phrase) == expected, language


def edtfs() -> list[str]:
    """Every date that the phrases are read as, once its year is known or stays unknown."""
    found = {e.split()[0] for _, _, e in phrases()} - {"-"}
    with_year = {calendar.with_year(e, 2022) for e in found if calendar.needs_year(e)}
    without = {calendar.without_year(e) for e in found if calendar.needs_year(e)} - {""}
    return sorted({e for e in found if not calendar.needs_year(e)} | with_year | without)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("text", edtfs())
def test_what_we_write_is_edtf_to_the_package_that_knows_it(text: str) -> None:
    from edtf import parse_edtf  # noqa: PLC0415

    parsed = parse_edtf(text)
    first, last = calendar.earliest(text), calendar.latest(text)
    if ".." in text or "XXXX" in text or "-24" in text[4:7]:
        return  # open ends and unknown years have none; a winter lies in two years
    assert (tuple(parsed.lower_strict()[:3]), tuple(parsed.upper_strict()[:3])) == (
        first and first.timetuple()[:3], last and last.timetuple()[:3],
    )  # fmt: skip


def test_easter_is_the_orthodox_one() -> None:
    known = {
        2014: "2014-04-20",
        2022: "2022-04-24",
        2023: "2023-04-16",
        2024: "2024-05-05",
        2026: "2026-04-12",
    }
    assert {year: calendar.easter(year).isoformat() for year in known} == known


@pytest.mark.parametrize(
    "at, day",
    [
        (1_648_342_799, "2022-03-27"),
        (1_645_653_600, "2022-02-24"),
        (1_656_622_800, "2022-07-01"),
        (1_656_622_799, "2022-06-30"),
    ],
)
def test_the_day_is_that_of_kyiv(at: int, day: str) -> None:
    assert calendar.kyiv_day(at).isoformat() == day
