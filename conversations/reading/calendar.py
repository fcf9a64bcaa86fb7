"""PURE: days without a clock: the day it is in Kyiv or London at a moment, Easter, and dates as
EDTF (ISO 8601-2).
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

HOLIDAYS: Final = {
    "newyear": "{y}-01-01",
    "independence": "{y}-08-24",
    "victory": "{y}-05-09",
    "christmas": "[{y}-01-07,{y}-12-25]",
    "nicholas": "[{y}-12-06,{y}-12-19]",
}
"""Where the church calendar changed in 2023, both days: which one was meant was not said."""
MOVABLE: Final = {"easter": 0, "trinity": 49}
UNKNOWN: Final = "XXXX"
_YEARLESS = re.compile(r"XXXX-(?:0\d|1[0-2])(?:-\d\d)?(?:/XXXX-(?:0\d|1[0-2])(?:-\d\d)?)?")
_DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def kyiv_day(at: int) -> date:
    """The day it is in Europe/Kyiv at `at`, seconds since 1970 UTC; summer time as the EU
    keeps it.
    """
    return _local(at, ahead=2).date()


def london_day(at: int) -> date:
    """The day it is in Europe/London at `at`."""
    return _local(at, ahead=0).date()


def clock_in_london(at: int) -> str:
    """The hour and minute there: "14:05"."""
    return f"{_local(at, ahead=0):%H:%M}"


def _local(at: int, *, ahead: int) -> datetime:
    """A moment by the clock of a place that is so many hours ahead of UTC in winter."""
    moment = datetime.fromtimestamp(at, UTC)
    summer = _change(moment.year, 3) <= moment < _change(moment.year, 10)
    return moment + timedelta(hours=ahead + (1 if summer else 0))


def _change(year: int, month: int) -> datetime:
    """Clocks change at 01:00 UTC on the last Sunday of March and October."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def easter(year: int) -> date:
    """Orthodox Easter (Meeus' Julian algorithm), as a Gregorian date; right for 1900–2099."""
    a, b, c = year % 4, year % 7, year % 19
    d = (19 * c + 15) % 30
    e = (2 * a + 4 * b - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    return date(year, month, day + 1) + timedelta(days=13)


def month_end(year: int, month: int) -> int:
    """The last day of a month."""
    return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day


def exists(year: str, month: int, day: int) -> bool:
    """Whether there is such a day; in a year that is not known, whether there can be."""
    try:
        date(2024 if year == UNKNOWN else int(year), month, day)
    except ValueError:
        return False
    return True


def holiday(name: str, year: str) -> str:
    """A holiday of a year as EDTF; one that moves waits for its year under its name."""
    if name in MOVABLE:
        if year == UNKNOWN:
            return f"{UNKNOWN}-{name}"
        return (easter(int(year)) + timedelta(days=MOVABLE[name])).isoformat()
    return HOLIDAYS[name].format(y=year)


def with_year(edtf: str, year: int) -> str:
    """The same date once its year is known; a day that the year does not have loses the day."""
    for name in MOVABLE:
        edtf = edtf.replace(f"{UNKNOWN}-{name}", holiday(name, str(year)))
    known = edtf.replace(UNKNOWN, str(year))
    return re.sub(r"(\d{4})-02-29", lambda m: m[0] if exists(m[1], 2, 29) else f"{m[1]}-02", known)


def without_year(edtf: str) -> str:
    """A date whose year stays unknown, as far as EDTF can write it: days and months; else nothing,
    the words stand.
    """
    plain = edtf.rstrip("~?%")
    return plain if _YEARLESS.fullmatch(plain) else ""


def needs_year(edtf: str) -> bool:
    return UNKNOWN in edtf


def latest(edtf: str) -> date | None:
    """The latest day a date can mean, where it has one; None for an open end or an unknown year."""
    if not edtf or needs_year(edtf) or edtf.endswith(".."):
        return None
    found = [(int(y), int(m or 12), d) for y, m, d in _DAY.findall(edtf)]
    days = []
    for year, month, day in found:
        # a season by its last month
        month = {21: 5, 22: 8, 23: 11, 24: 12}.get(month, month)  # noqa: PLW2901
        days.append(date(year, month, int(day) if day else month_end(year, month)))
    return max(days) if days else None


def earliest(edtf: str) -> date | None:
    """The earliest day a date can mean, where it has one."""
    if not edtf or needs_year(edtf) or edtf.startswith(".."):
        return None
    found = [(int(y), int(m or 1), int(d or 1)) for y, m, d in _DAY.findall(edtf)]
    days = [date(y, {21: 3, 22: 6, 23: 9, 24: 1}.get(m, m), d) for y, m, d in found]
    return min(days) if days else None


def months(edtf: str) -> list[str]:
    """The months a date names, as YYYY-MM, at most the first and the last; for the facts."""
    # not a season
    found = [f"{y}-{m}" for y, m, _ in _DAY.findall(edtf) if m and int(m) <= 12]  # noqa: PLR2004
    return list(dict.fromkeys(found))
