"""A day that nobody said yes to, and one before the appeal's."""

from datetime import date

import pytest

from bot.language.translate import Translator
from conversations.reading.dates import read
from tests.conversations.telling import act, told

AT_WHEN = ("I saw it.", "[Done]", "[Answer questions]", "[Skip]", "[Skip]")


def test_a_date_that_nobody_said_yes_to_is_uncertain_also_after_finish(words: Translator) -> None:
    player = told(
        words,
        "I saw it.",
        "[Done]",
        "[Answer questions]",
        "[Skip]",
        "[Skip]",
        "yesterday",
        "/finish",
    )
    (edtf,) = [
        body["answer"]["edtf"] for body in player.answers.values() if "edtf" in body["answer"]
    ]
    assert edtf.endswith("?") and player.state.at == ("review",)


def test_a_date_before_the_appeal_that_is_removed_leaves_no_mark(words: Translator) -> None:
    player = told(
        words, "I saw it.", "[Done]", "[Answer questions]", "[Skip]", "[Skip]", "12 March 2012"
    )
    assert "before_window" in player.state.flags
    for line in ("/finish", "[Change or remove]", "[When]", "[Remove]"):
        player.happen(next(iter(player.events(line))))
    assert "before_window" not in player.state.flags


@pytest.mark.parametrize(
    "lines, kept",
    [
        (("12-14 March", "[2022]"), "2022-03-12/2022-03-14"),
        (("12 March 2022", "[Back]", "[2022]", "[March]", "[8–14]", "[12]", "[It went on for longer]",
          "[2022]", "[April]", "[End]"), "2022-03-12/2022-04-30~"),
        (("last week", "[Skip]"), "2026-11-16?/2026-11-22?"),
    ],
)  # fmt: skip
def test_both_ends_of_a_stretch_are_dates(
    words: Translator, lines: tuple[str, ...], kept: str
) -> None:
    player = told(words, *AT_WHEN, *lines)
    found = [b["answer"]["edtf"] for b in player.answers.values() if "edtf" in b["answer"]]
    assert found == [kept] and player.state.at[-1] != "when"


def test_yesterday_is_the_day_before_it_was_said_also_once_it_is_edited(words: Translator) -> None:
    player = told(words, *AT_WHEN, "yesterday")
    player.ahead += 2 * 86_400
    act(player, "{edit} yesterday in the evening", "/finish")
    found = [b["answer"] for b in player.answers.values() if "edtf" in b["answer"]]
    assert [(a["edtf"], a["part"]) for a in found] == [("2026-11-23?", "evening")]


@pytest.mark.parametrize(
    "said, kept",
    [
        ("Март 2022", "2022-03"),
        ("Май, Буча", "XXXX-05"),
        ("Марта не помню", ""),
        ("в марте", "XXXX-03"),
    ],
)
def test_a_month_in_russian_is_one_also_before_a_comma(said: str, kept: str) -> None:
    found = read(said, date(2026, 11, 24), None)
    assert (found.edtf if found else "") == kept
