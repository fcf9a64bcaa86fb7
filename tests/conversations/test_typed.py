"""What typed words mean, whatever the chat's language."""

import pytest

from conversations.kinds import choice
from conversations.questions import Choice
from conversations.reading.typed import control, yes_or_no

YES_NO = {"yes": "Yes", "no": "No"}


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("готово", "done"), ("Готово.", "done"), ("DONE", "done"), ("Пропустити", "skip"), ("пропустить", "skip"),
        ("не знаю", "unknown"), ("Не пам’ятаю", "unknown"), ("не помню", "unknown"), ("I don't know", "unknown"),
        ("назад", "back"), ("  back ", "back"), ("я не знаю, хто це був", None), ("готово?", None), ("", None),
    ],
)  # fmt: skip
def test_a_message_that_is_a_control_word(typed: str, meant: str | None) -> None:
    assert control(typed) == meant


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("так", "yes"),
        ("Да", "yes"),
        ("ні", "no"),
        ("Нет.", "no"),
        ("no one was there", ""),
        ("так!", "yes"),
    ],
)
def test_yes_and_no_only_when_they_are_all_there_is(typed: str, meant: str) -> None:
    assert yes_or_no(typed) == meant


@pytest.mark.parametrize(
    "typed, option",
    [
        ("1", "yes"),
        ("2", "no"),
        ("3", None),
        ("0", None),
        ("так", "yes"),
        ("Yes", "yes"),
        ("²", None),
    ],
)
def test_a_choice_reads_numbers_words_and_labels(typed: str, option: str | None) -> None:
    assert choice.read(Choice("?", YES_NO), typed) == option
