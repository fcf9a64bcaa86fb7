"""A date as people say it: from EDTF (ISO 8601-2) to words, in the forms of each language."""

import datetime
from collections.abc import Callable
from typing import Final

from babel.dates import format_date

from conversations.model import N_, Date, Message, Text
from conversations.texts import PARTS_OF_DAY

Say = Callable[[Text], str]
SEASONS: Final[dict[str, Message]] = {
    "21": N_("spring {year}"),
    "22": N_("summer {year}"),
    "23": N_("autumn {year}"),
    "24": N_("winter {year}"),
}
ABOUT, PERHAPS = N_("about {date}"), N_("perhaps {date}")
BETWEEN, OR = N_("{first} – {last}"), N_("{first} or {last}")
BEFORE, AFTER = N_("{date} or earlier"), N_("{date} or later")
WITH_PART: Final = N_("{date}, {part}")
EASTER, TRINITY = N_("Easter"), N_("Trinity")


def say(date: Date, words: Say, language: str) -> str:
    """The date in words; what is not known is not said."""
    # of a state that an earlier release read wrongly: the witness's words are shown
    try:
        text = _edtf(date.edtf, words, language)
    except (ValueError, KeyError):
        text = ""
    if not date.part_of_day:
        return text
    part = words(Text(PARTS_OF_DAY[date.part_of_day])).lower()
    return words(Text(WITH_PART, {"date": text, "part": part})) if text else part


def _edtf(edtf: str, words: Say, language: str) -> str:
    if edtf.startswith("["):
        first, _, last = edtf.strip("[]").partition(",")
        return _pair(OR, first, last, words, language)
    first, slash, last = edtf.partition("/")
    if slash and first == "..":
        return words(Text(BEFORE, {"date": _one(last, words, language)}))
    if slash and last == "..":
        return words(Text(AFTER, {"date": _one(first, words, language)}))
    if slash:
        return _pair(BETWEEN, first, last, words, language)
    return _one(edtf, words, language)


def _pair(message: Message, first: str, last: str, words: Say, language: str) -> str:
    said = {"first": _one(first, words, language), "last": _one(last, words, language)}
    return words(Text(message, said))


def _one(edtf: str, words: Say, language: str) -> str:
    plain = edtf.rstrip("~?%")
    text = _point(plain, words, language)
    if edtf.endswith(("~", "%")):
        text = words(Text(ABOUT, {"date": text}))
    return words(Text(PERHAPS, {"date": text})) if edtf.endswith("?") else text


def _point(edtf: str, words: Say, language: str) -> str:
    year, _, rest = edtf.partition("-")
    if rest in ("easter", "trinity"):
        return words(Text(EASTER if rest == "easter" else TRINITY))
    month, _, day = rest.partition("-")
    said = "" if year == "XXXX" else year
    if not month:
        return said
    if month in SEASONS:
        return words(Text(SEASONS[month], {"year": said})).strip()
    leap = datetime.date(int(said or 2024), int(month), int(day or 1))
    pattern = ("d MMMM y" if said else "d MMMM") if day else ("LLLL y" if said else "LLLL")
    return format_date(leap, pattern, locale=language)
