"""PURE: what is known of a language in which people write: one value of this for each, in a file of
its own. What reads them is in typed.py, dates.py, ages.py and warnings.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from conversations.model import Control

Value = int | str | tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class Entry:
    """Words of one kind, as a pattern, and what they mean. The kinds, over which the grammar in
    dates.py is written:

    m month · d day of a month, as an ordinal · q a number in words · z the thousand of a year
    w day of a week, Monday is 0 · s season, 21 is spring · h holiday · W the war, its first day
    u unit (day, week, month, year) · U a number of units (half a year) · g ago · v several
    T so many days from today · R last year · P day and part of the day in one (tonight)
    p part of the day · l last · L the one before last · i this
    F first days · E last days, end · B beginning · H middle
    ~ about · ? not sure · < not later than · > not before · f from · t until · b between
    a and · o or · empty: a filler
    """

    kind: str
    value: Value
    pattern: str


def many(kind: str, **values: str) -> list[Entry]:
    return [Entry(kind, name, pattern) for name, pattern in values.items()]


def numbered(kind: str, patterns: list[str], first: int = 1) -> list[Entry]:
    return [Entry(kind, n, pattern) for n, pattern in enumerate(patterns, first)]


def ordinals(
    ones: list[str], tens: dict[int, str], joined: dict[int, str], gap: str
) -> list[Entry]:
    """1–31 as ordinal words; the longer ones first, since "twenty-first" holds "first"."""
    found = [
        Entry("d", ten + n, f"{joined[ten]}{gap}(?:{one})")
        for ten in joined
        for n, one in enumerate(ones[:9], 1)
        if ten + n <= 31  # noqa: PLR2004 - days of a month
    ]
    found += [Entry("d", ten, pattern) for ten, pattern in tens.items()]
    return found + numbered("d", ones)


@dataclass(frozen=True, slots=True)
class AgeWords:
    """Patterns of words around an age. `of_me`: what somebody says it of themselves with, before
    the number, and perhaps one of `adverbs` between. `not_yet`: the number is not reached. `joins`:
    after which something else is told.
    """

    of_me: str
    adverbs: str
    years: str
    not_yet: str
    others: str
    joins: str


@dataclass(frozen=True, slots=True)
class Language:
    """`controls`: whole messages that are a control. `dates`: words of dates, as patterns of what
    each is; of two that fit the earlier one counts.

    `danger`, `insider`, `sensitive`: patterns of phrases after which something must be said
    (warnings.py says when).
    """

    code: str
    yes: tuple[str, ...]
    no: tuple[str, ...]
    controls: Mapping[Control, tuple[str, ...]]
    dates: tuple[Entry, ...]
    ages: AgeWords
    danger: tuple[str, ...]
    insider: tuple[str, ...]
    sensitive: tuple[str, ...]
