"""Typed words about when as tokens: numbers, and the words that a language's lexicon knows, each of
a kind.
"""

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from conversations.reading.calendar import UNKNOWN, exists
from conversations.reading.language import Entry
from conversations.reading.languages import LANGUAGES
from conversations.reading.points import Point


def _compiled(entries: tuple[Entry, ...]) -> tuple[tuple[Entry, re.Pattern[str]], ...]:
    return tuple((e, re.compile(rf"(?<!\w)(?:{e.pattern})(?!\w)")) for e in entries)


LEXICONS: Final = {language.code: _compiled(language.dates) for language in LANGUAGES}
"""Words of dates, by language; their kinds are single letters, over which dates.py is written. What
is no word of a date is `x`.
"""
_AT = r"(?:о|об|в|at|about|around|близько|біля|около|приблизно|примерно)"
_FROM_HOUR = (
    r"(?:(?:(?:з|із|зі|с|со|від|от|між|между|between|from)\s+)?"
    r"\d{1,2}\s*(?:[-–—]|і|й|та|и|до|по|and|to)\s*(?=\d))?"
)
CLOCK: Final = re.compile(
    rf"(?<!\w)(?:(?:{_AT}\s+)*\d{{1,2}}:\d{{2}}(?!\d)|(?:{_AT}\s+)+\d{{1,2}}\.\d{{2}}(?![.\d])"
    rf"|(?:{_AT}\s+)*{_FROM_HOUR}(?:\d{{1,2}}|перш|друг|трет|четверт|п'ят|шост|сьом|восьм|дев'ят|десят|пять|шесть|семь|восемь|"
    r"девять|десять|три|два|четыре|час)[^\W\d]{0,3}\s*(?:годин\w*|час\w*|o'clock|am|pm)?"
    r"(?=\s*(?:ранку|вечора|ночі|дня(?!\s*(?:назад|тому))|утра|вечера|ночи|"
    r"am\b|pm\b|in the (?:morn|even|aft)|at night)))"
)
TAKEN_BACK: Final = re.compile(
    r"(?<!\w)(?:не|not)\s+(?:(?:в|у|во|на|о|об|in|on|at)\s+\w|\d)[\w.]*(?:\s+\w+){0,2}?,?\s+(?:а|but)\s+(?=\w)"
)
"""Not in 2022 but …: what is taken back in the same breath is no date."""
PARTS_AFTER_CLOCK: Final = re.compile(r"(?<!\w)(?:am|pm|o'clock)(?!\w)")
NUMERIC: Final = (
    ("n", re.compile(r"(?<![\d.])(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)")),
    (
        "n",
        re.compile(
            r"(?<![\d.])(?P<d>\d{1,2})(?P<s>[./-])\s?(?P<m>\d{1,2})(?P=s)\s?(?P<y>\d{4}|\d{2})(?!\d)"
        ),
    ),
    ("k", re.compile(r"(?<![\d.])(?P<m>\d{1,2})[./](?P<y>\d{4})(?!\d)")),
    ("n", re.compile(r"(?<![\d.])(?P<d>\d{1,2})[./](?P<m>\d{2})(?![\d./])")),
    ("y", re.compile(r"(?<![\d.])(?P<y>(?:19|20)\d{2})(?:-?(?:го|му|м|й|х|ого|ому))?(?![\w])")),
    ("d", re.compile(r"(?<![\d.])(?P<d>\d{1,2})(?:-?(?:го|ого|е|ме|му|st|nd|rd|th))?(?![\w])")),
    ("#", re.compile(r"\d+")),
)
DASH: Final = re.compile(r"\s*[-–—]\s*")
WORD: Final = re.compile(r"[\w'-]+")
ALIKE: Final = {ord("’"): "'", ord("ʼ"): "'", ord("`"): "'", ord("ё"): "е", 0xA0: " "}
OTHERWISE: Final = frozenset({"may", "mar", "march", "марта", "марту", "марте"})
"""Months that are also something else."""
INTRODUCES: Final = frozenset("fb<>~?BHEFlioa-d")


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    value: Any
    start: int
    end: int
    word: bool = True
    """An ordinal in letters rather than digits."""


def plain(words: str) -> str:
    """Letter for letter the same length, so that places in it are places in what was written."""
    lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in words)
    return lower.translate(ALIKE)


def tokens(text: str, language: str) -> list[Token]:
    """The words of a text as tokens in their order; fillers have no kind."""
    taken: list[Token] = [Token("", None, m.start(), m.end()) for m in TAKEN_BACK.finditer(text)]
    taken += [Token("", None, m.start(), m.end()) for m in CLOCK.finditer(text) if _free(taken, m)]
    taken += [
        Token("", None, m.start(), m.end())
        for m in PARTS_AFTER_CLOCK.finditer(text)
        if _free(taken, m)
    ]
    for kind, pattern in NUMERIC:
        taken += [_number(kind, m) for m in pattern.finditer(text) if _free(taken, m)]
    for entry, pattern in LEXICONS[language]:
        taken += [
            Token(entry.kind, entry.value, m.start(), m.end())
            for m in pattern.finditer(text)
            if _free(taken, m)
        ]
    taken += [Token("-", None, m.start(), m.end()) for m in DASH.finditer(text) if _free(taken, m)]
    taken += [Token("x", None, m.start(), m.end()) for m in WORD.finditer(text) if _free(taken, m)]
    return sorted(taken, key=lambda t: t.start)


def _free(taken: list[Token], match: re.Match[str]) -> bool:
    return all(match.end() <= t.start or match.start() >= t.end for t in taken)


def _number(kind: str, match: re.Match[str]) -> Token:
    start, end = match.span()
    found = match.groupdict()
    if kind == "y":
        return Token("y", found["y"], start, end, word=False)
    if kind == "d":
        day = int(found["d"])
        # days of a month
        return Token("d" if 1 <= day <= 31 else "#", day, start, end, word=False)  # noqa: PLR2004
    if kind == "#":
        return Token("#", None, start, end, word=False)
    point = _numeric_point(found)
    return Token("x" if point is None else kind, point, start, end, word=False)


def _numeric_point(found: dict[str, str]) -> Point | None:
    year, month, day = found.get("y") or UNKNOWN, int(found["m"]), int(found.get("d") or 0)
    year = f"20{year}" if len(year) == 2 else year  # noqa: PLR2004 - "22"
    if not day:
        return Point(year, month) if 1 <= month <= 12 else None  # noqa: PLR2004
    if exists(year, month, day):
        return Point(year, month, day)
    return (
        Point(year, day, month, confirm=True)
        if year != UNKNOWN and exists(year, day, month)
        else None
    )


def ambiguous(tokens: list[Token], text: str) -> list[Token]:
    """English "may" and "march", and what is a name in Russian, are months only beside something of
    a date.
    """
    found = []
    for i, token in enumerate(tokens):
        word = text[token.start : token.end]
        if token.kind == "m" and word in OTHERWISE and not _a_month(tokens, i):
            token = replace(token, kind="x")  # noqa: PLW2901 - the one it stands for
        found.append(token)
    return found


def _a_month(tokens: list[Token], i: int) -> bool:
    if len(tokens) == 1:
        return True
    before = tokens[i - 1] if i else None
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if after is not None and after.kind in ("d", "y", "-", "o", "t", "#"):
        return True
    if before is None:
        return after is None
    joined = before.kind in ("t", "o", "a", "-") and i > 1 and tokens[i - 2].kind in ("m", "d")
    return joined or before.kind in INTRODUCES or before.kind in ("", "d")
