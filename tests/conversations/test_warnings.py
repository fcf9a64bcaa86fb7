"""Danger now, one's own deed, sexual violence and torture: what must be answered, and what must not fire."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.language.translate import Translator
from conversations.reading.warnings import found
from tests.conversations.telling import act, told

FOLDER = Path(__file__).parent.parent / "warnings"


def lines(name: str) -> list[str]:
    return [
        line
        for line in (FOLDER / name).read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]


def test_a_hundred_ordinary_accounts_fire_nothing() -> None:
    accounts = lines("ordinary.txt")
    assert len(accounts) >= 100
    assert {a: found(a) for a in accounts if {"danger", "insider"} & set(found(a))} == {}


@pytest.mark.parametrize("line", lines("fires.txt"))
def test_what_must_be_answered_is_found(line: str) -> None:
    kind, words = (part.strip() for part in line.split("|"))
    assert kind in found(words)
    assert kind in found(f"Спершу про інше. {words.upper()} І ще.")


def test_danger_is_answered_also_after_a_night(words: Translator) -> None:
    """It is not left for after [Go on]."""
    player = told(words, "My story begins.", "{13 hours pass}", "They are outside my door.")
    said = "\n".join(str(text.id) for text in (*player.shown[-1].lead, player.shown[-1].text))
    assert "You stopped at" in said and "{emergency}" in said


def test_of_two_taps_on_finish_the_second_passes_over_nothing(words: Translator) -> None:
    player = told(words, "I saw it.")
    (finish,) = player.events("[Finish]")
    act(player, "They are outside my door.")
    player.happen(finish)
    assert player.state.at[-1] == "danger"
    player.happen(replace(finish, id="again"))
    assert player.state.at[-1] == "danger" and not player.state.settled(player.state.at)
