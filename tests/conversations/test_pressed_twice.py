"""A thumb that presses a button twice before the phone shows that the first was taken."""

import re
from dataclasses import replace
from datetime import date

import pytest
from edtf import parse_edtf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.language.translate import Translator
from conversations.effects import Show
from conversations.events import Chose
from tests.conversations.telling import act, told
from tests.play import Direct

AT_WHEN = ("I saw it.", "[Done]", "[Answer questions]", "[Skip]", "[Skip]")
KINDS = ("I saw it.", "[Done]", "[Answer questions]")


def pressed_twice(player: Direct, line: str) -> None:
    """The second press comes on the same message, whose buttons may be those of a step before."""
    (event,) = player.events(line)
    player.happen(event)
    player.happen(replace(event, id=f"{event.id}b"))


def kept_dates(player: Direct) -> list[str]:
    bodies = player.answers.values()
    return [body["answer"]["edtf"] for body in bodies if "edtf" in body["answer"]]


@pytest.mark.parametrize(
    "lines", [("[2022]", "[March]", "[8–14]", "[12]"), ("[2022]", "[March]", "[8–14]")]
)
def test_a_day_counts_once_and_after_a_yes(words: Translator, lines: tuple[str, ...]) -> None:
    player = told(words, *AT_WHEN, *lines[:-1])
    pressed_twice(player, lines[-1])
    assert kept_dates(player) == [] and player.state.at[-1] == "when"
    act(player, *(["[12]"] if lines[-1] != "[12]" else []), "[Yes, that is right]")
    assert kept_dates(player) == ["2022-03-12"]


def test_an_old_day_is_no_day_of_another_date(words: Translator) -> None:
    """The days of the date before are still on the phone while another year is chosen."""
    player = told(words, *AT_WHEN, "[2022]", "[March]", "[8–14]")
    (day,) = player.events("[12]")
    act(player, "[12]", "[Another date]")
    player.happen(replace(day, id="late"))
    assert player.state.pending is None and kept_dates(player) == []


def test_done_pressed_twice_asks_nothing_beside(words: Translator) -> None:
    player = told(words, *KINDS, "[People killed or hurt]")
    shown = len(player.shown)
    pressed_twice(player, "[Done]")
    assert player.state.at[-1] == "vantage" and len(player.shown) == shown + 1


@given(
    picks=st.lists(st.integers(0, 10_000), min_size=3, max_size=14),
    new=st.lists(st.sampled_from((True, True, True, False)), min_size=14),
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_pressed_the_date_is_one(
    words: Translator, picks: list[int], new: list[bool]
) -> None:
    """Any button of the date that was ever on the phone, in any order: what is kept is EDTF, its
    days are in the calendar, and nobody is left without a question.
    """
    player = told(words, *AT_WHEN)
    for number, pick in enumerate(picks):
        if player.state.at[-1] != "when":
            break
        shown = [s for s in player.shown if s.path[-1:] == ("when",) and s.choices]
        newest = new[number]
        choices = [(s, o) for s in (shown[-1:] if newest else shown) for o in s.choices]
        show, option = choices[pick % len(choices)]
        if option.control:
            continue
        player.happen(chosen(player, show, option.id))
    for edtf in kept_dates(player):
        assert edtf == "" or parse_edtf(edtf), edtf
        for year, month, day in re.findall(r"(\d{4})-(\d\d)-(\d\d)", edtf):
            date(int(year), int(month), int(day))


def chosen(player: Direct, show: Show, option: str) -> Chose:
    player.number += 1
    now = 1_795_521_600 + player.number
    return Chose(
        id=f"e{player.number}",
        at=now,
        received=now,
        prompt=show.prompt,
        step="when",
        member="i1",
        option=option,
    )
