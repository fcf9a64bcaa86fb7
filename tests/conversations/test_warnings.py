"""Danger now, one's own deed, sexual violence and torture: what must be answered, and what must not fire."""

from pathlib import Path

import pytest

from conversations.reading.warnings import found

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
