"""PURE: what is asked and can be pressed at each point of putting a date together."""

from typing import Final

from conversations import texts
from conversations.model import Date, Option, Text
from conversations.pending import DAY, DateInHand, without_week
from conversations.reading import calendar
from conversations.state import State

PAGES: Final = ((0, 5), (5, 11), (11, 14))
"""Years back from this one: five on the first screen, then six, then three."""
PARTS: Final = ("morning", "day", "evening", "night")


def in_hand(state: State) -> DateInHand:
    """The date that is being put together; an empty one where none is."""
    return state.pending if isinstance(state.pending, DateInHand) else DateInHand("")


def text(state: State) -> Text | None:
    """What is asked at this point; None: the question itself."""
    made = in_hand(state)
    if made.complete:
        return Text(texts.DATE_IS_IT, {"date": Date(made.edtf, made.part_of_day)})
    if not made.building:
        return Text(texts.DATE_UNTIL_WHEN) if made.before else None
    if calendar.needs_year(made.building):
        return Text(texts.WHICH_YEAR)
    which = texts.WHICH_DAY if "-" in made.building else texts.WHICH_MONTH
    return Text(which, {"date": Date(without_week(made.building))})


def buttons(state: State) -> tuple[Option, ...]:
    """What can be pressed at this point of putting a date together; at most eight."""
    made = in_hand(state)
    if made.complete:
        return _confirming(made)
    if not made.building or calendar.needs_year(made.building):
        return _years(state)
    year, _, rest = made.building.partition("-")
    if not rest:
        return _months(state)
    month, _, week = rest.partition("-")
    if week:
        return _days(int(year), int(month), int(week[1:]))
    return _weeks(int(year), int(month))


def _confirming(made: DateInHand) -> tuple[Option, ...]:
    found = [Option("ok", Text(texts.DATE_YES))]
    if len(made.edtf) == DAY and "/" not in made.edtf:
        found += [Option("about", Text(texts.DATE_ABOUT)), Option("until", Text(texts.DATE_UNTIL))]
        found += [Option(f"p:{part}", Text(texts.PARTS_OF_DAY[part]), row=7) for part in PARTS]
    return (*found, Option("other", Text(texts.DATE_OTHER)))


def _years(state: State) -> tuple[Option, ...]:
    this = calendar.kyiv_day(state.last).year
    first, last = PAGES[state.page]
    years = tuple(
        Option(f"y:{this - n}", Text(str(this - n)), verbatim=True, row=n // 3)
        for n in range(first, last)
    )
    earlier = (Option("earlier", Text(texts.EARLIER)),) if state.page + 1 < len(PAGES) else ()
    return (*years, *earlier)


def _months(state: State) -> tuple[Option, ...]:
    half = range(7, 13) if state.page else range(1, 7)
    months = tuple(Option(f"m:{n:02}", Text(texts.MONTHS[n - 1]), row=(n - 1) // 2) for n in half)
    other = texts.FIRST_HALF if state.page else texts.SECOND_HALF
    return (*months, Option("half", Text(other)))


def _weeks(year: int, month: int) -> tuple[Option, ...]:
    last = calendar.month_end(year, month)
    weeks = [
        Option(
            f"w:{first:02}", Text(f"{first}–{min(first + 6, last)}"), verbatim=True, row=first // 15
        )
        for first in range(1, last + 1, 7)
    ]
    thirds = [Option(f"t:{n}", Text(label), row=9) for n, label in enumerate(texts.THIRDS)]
    return (*weeks, *thirds)


def _days(year: int, month: int, first: int) -> tuple[Option, ...]:
    last = min(first + 6, calendar.month_end(year, month))
    return tuple(
        Option(f"d:{n:02}", Text(str(n)), verbatim=True, row=(n - first) // 4)
        for n in range(first, last + 1)
    )
