"""Points in time as they were said, and what becomes of two of them, in EDTF (ISO 8601-2)."""

import re
from dataclasses import dataclass, replace

from conversations.reading.calendar import UNKNOWN


@dataclass(frozen=True, slots=True)
class Point:
    """A day, month, season or year; what is missing is 0 or unknown. `edtf` where it is
    ready-made.
    """

    year: str = UNKNOWN
    month: int = 0
    day: int = 0
    edtf: str = ""
    confirm: bool = False

    def text(self) -> str:
        if self.edtf:
            return self.edtf
        month = f"-{self.month:02}" if self.month else ""
        return f"{self.year}{month}" + (f"-{self.day:02}" if self.day else "")


def edge(edtf: str, which: int) -> str:
    """The first (0) or the last (-1) day of a stretch, so that more can be put beside it; a single
    date is both.
    """
    return re.split("[/,]", edtf.strip("[]"))[which]


def together(one: Point, two: Point) -> tuple[Point, Point]:
    """The ends of a range share what only one of them says."""
    if one.edtf or two.edtf:
        return one, two
    if not one.month and one.day:
        one = replace(one, month=two.month, year=two.year)
    if one.year == UNKNOWN != two.year and (one.month or one.day):
        one = replace(one, year=two.year, confirm=two.confirm)
    return one, two


def qualified(edtf: str, *, approximate: bool, unsure: bool) -> str:
    mark = "%" if approximate and unsure else "~" if approximate else "?" if unsure else ""
    if not mark or "/" in edtf or edtf.startswith("[") or edtf[-1] in "~?%" or edtf[-1].isalpha():
        return edtf
    return edtf + mark


def of_one_year(first: str, last: str) -> tuple[str, str]:
    """The ends of a stretch: the year said of the last is the first's, too, where it has none."""
    if first.startswith(UNKNOWN) and not last.startswith(UNKNOWN):
        first = last[: len(UNKNOWN)] + first[len(UNKNOWN) :]
    return first, last
