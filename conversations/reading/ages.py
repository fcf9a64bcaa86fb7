"""PURE: the age that somebody says of themselves, where it is asked whether they are 18."""

import re
from typing import Final

from conversations.reading.languages import LANGUAGES

OF_AGE: Final = 18
LONGEST_AGE: Final = 3  # digits


def _each(name: str) -> str:
    """The words of every language, as one alternation."""
    return "|".join(getattr(language.ages, name) for language in LANGUAGES)


NOT_YET: Final = re.compile(_each("not_yet"))
OF_AN_AGE: Final = re.compile("|".join((_each("years"), _each("not_yet"), _each("others"))))
"""Words that say how old somebody is, and nothing else; hours are none of them."""
SAID_TO_BE_AGE: Final = re.compile(
    rf"\b(?:{_each('of_me')})\s+(?:(?:{_each('adverbs')}) )?(\d{{1,3}})"
    rf"(?:\s+(?:{_each('years')}))?"
    rf"(?=$|[.,;:!?)…]+(?:$|\s+(?!\d))|\s+[-–—]\s|\s+(?:{_each('joins')})\s+(?!\d))",
    re.IGNORECASE,
)
"""In a sentence that says more, only what somebody says of themselves, with nothing hanging on it:
another number may be a day, an hour, a house, a sentence served, how long ago something was, or how
old a child was.
"""


def read(typed: str) -> list[int]:
    """The numbers that may be the age of whoever wrote; a year or a date is none."""
    if tells_more(typed):
        return [int(age) for age in SAID_TO_BE_AGE.findall(typed)]
    numbers = re.findall(r"\d+", typed)
    return [int(n) for n in numbers] if all(len(n) <= LONGEST_AGE for n in numbers) else []


def of_age(age: int, typed: str) -> str:
    """Under 18, or not 18 yet, is no, though the number is 18."""
    words = re.findall(r"[^\W\d_]+", typed.casefold())
    not_yet = not tells_more(typed) and any(NOT_YET.fullmatch(word) for word in words)
    if age == OF_AGE and not_yet:
        return "no"
    return "yes" if age >= OF_AGE else "no"


def tells_more(typed: str) -> bool:
    """Whether words that may say an age say something else, too: one word is enough, "12 March"."""
    words = re.findall(r"[^\W\d_]+", typed.casefold())
    return not all(OF_AN_AGE.fullmatch(word) for word in words)
