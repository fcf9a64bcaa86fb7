"""Typed yes, no, don't know, skip, back and done, in Ukrainian, Russian and English.

Only a whole message that is nothing but such a word counts: an account may well begin with "no".
"""

import re
from typing import Final, Literal

from conversations.model import Control

_CONTROLS: dict[Control, tuple[str, ...]] = {
    "done": (
        "done",
        "that is all",
        "that's all",
        "готово",
        "це все",
        "это всё",
        "это все",
        "всё",
        "усе",
    ),
    "skip": ("skip", "пропустити", "пропустить", "пропуск"),
    "unknown": (
        "don't know",
        "dont know",
        "i don't know",
        "i do not know",
        "not sure",
        "i don't remember",
        "не знаю",
        "я не знаю",
        "не пам'ятаю",
        "я не пам'ятаю",
        "не памятаю",
        "не впевнена",
        "не впевнений",
        "не помню",
        "я не помню",
        "не уверена",
        "не уверен",
    ),
    "back": ("back", "go back", "назад"),
    "hide": (
        "hide",
        "hide and erase",
        "hide this chat",
        "сховати",
        "сховай",
        "сховати чат",
        "сховати й стерти",
        "скрыть",
        "спрячь",
        "спрятать",
        "скрыть чат",
        "скрыть переписку",
        "скрыть и стереть",
    ),
    "erase": (
        "erase",
        "delete",
        "erase everything",
        "delete everything",
        "стерти",
        "стерти все",
        "видалити",
        "видалити все",
        "стереть",
        "стереть все",
        "стереть всё",
        "удалить",
        "удалить все",
        "удалить всё",
    ),
}
_YES = ("yes", "y", "yeah", "так", "ага", "да")
_NO = ("no", "n", "nope", "ні", "нет", "нi")

LONGEST_SENTENCE: Final = 120
"""Characters: a longer message tells something, whatever its first word is."""

_BY_WORD: dict[str, Control] = {
    word: control for control, words in _CONTROLS.items() for word in words
}


def bare(typed: str) -> str:
    """The message without what carries no meaning here: case, spaces, end points and the kind of
    apostrophe.
    """
    plain = " ".join(typed.replace("’", "'").replace("ʼ", "'").replace("`", "'").split())
    return plain.strip(' .!…,;:"«»').casefold()


def control(typed: str) -> Control | None:
    """The control that a message names, if it is nothing but its name."""
    return _BY_WORD.get(bare(typed))


def begins_with(typed: str) -> Literal["yes", "no", ""]:
    """The yes or no that a sentence begins with, set off by a comma or a full stop: "yes, I am in
    London".
    """
    first, stop, rest = re.match(
        r"([^\s,.;:!–—-]*)(\s*[,.;:!–—-])?(.*)", typed.strip(), re.DOTALL
    ).groups()  # type: ignore[union-attr]
    return yes_or_no(first) if stop and rest.strip() and len(typed) <= LONGEST_SENTENCE else ""


def yes_or_no(typed: str) -> Literal["yes", "no", ""]:
    """What a message says if it is nothing but a yes or a no; otherwise the empty word."""
    word = bare(typed)
    if word in _YES:
        return "yes"
    return "no" if word in _NO else ""
