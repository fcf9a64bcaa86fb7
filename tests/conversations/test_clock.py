"""What a report asks of a tired person: taps before they may tell, and minutes in all."""

import pytest

from bot.language.translate import Translator
from tests.clock import LANGUAGES, PATHS, measure, table
from tests.installation import ROOT
from tests.play import FOLDER, Story, stories

MOST_TAPS_BEFORE, MOST_TAPS, MOST_MESSAGES = 6, 24, 30


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PATHS)
def test_a_report_takes_no_more_taps_and_messages_than_a_tired_person_has(
    path: str, language: str, words: Translator
) -> None:
    """Start is not counted; with a contact, every question answered, and no files."""
    clock = measure(FOLDER / "report" / f"{PATHS[path].format(language)}.txt", words)
    assert (
        clock.before <= MOST_TAPS_BEFORE
        and clock.taps <= MOST_TAPS
        and clock.messages <= MOST_MESSAGES
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_is_told_within_ten_minutes(language: str, words: Translator) -> None:
    shortest, middle, fullest = (
        measure(FOLDER / "report" / f"{p.format(language)}.txt", words) for p in PATHS.values()
    )
    assert shortest.typed < 10 and middle.spoken < fullest.spoken < 10


def test_the_table_in_the_docs_is_what_the_clock_says() -> None:
    assert table() in (ROOT / "docs/clock.md").read_text("utf-8")


def test_a_third_of_the_stories_is_ukrainian_and_a_sixth_russian() -> None:
    told = [
        Story.read(p).head["language"] for p in stories() if p.parent.name in ("report", "report 2")
    ]
    assert len(told) >= 60
    assert told.count("uk") >= len(told) / 3 and told.count("ru") >= len(told) / 6
