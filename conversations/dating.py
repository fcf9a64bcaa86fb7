"""A date by buttons, and a date that waits for a yes: year, month, week, day, part of the day, a
later end.
"""

from datetime import date, timedelta
from typing import Final

from conversations import texts
from conversations.model import Date, Option, Text
from conversations.reading import calendar
from conversations.state import State

SURE = "="
"""Before a date that only waits for the witness's yes."""
PART = "|"
RECENT_DAYS = 14
PAGES = ((0, 5), (5, 11), (11, 14))
"""Years back from this one: five on the first screen, then six, then three."""
PARTS = ("morning", "day", "evening", "night")
ASKED_LATER: Final = 3
"""The version from which a report asks after the account whether somebody is in the UK."""


def waiting(edtf: str, part: str) -> str:
    """A date that was typed, as it waits for its year or for a yes; the part of the day waits with
    it.
    """
    return ("" if calendar.needs_year(edtf) else SURE) + edtf + (f"{PART}{part}" if part else "")


def part(state: State) -> str:
    """The part of the day that was typed with the date."""
    return state.date.partition(PART)[2]


def _made(state: State) -> str:
    """The date so far, without its marks."""
    return state.date.partition(PART)[0].removeprefix(SURE)


def building(state: State) -> str:
    """What is being put together: of a range, its second half."""
    return _made(state).rpartition("/")[2] if not state.date.startswith(SURE) else ""


def buttons(state: State) -> tuple[Option, ...]:
    """What can be pressed at this point of putting a date together; at most eight."""
    if state.date.startswith(SURE):
        return _sure(state)
    made = building(state)
    if not made or calendar.needs_year(made):
        return _years(state)
    year, _, rest = made.partition("-")
    if not rest:
        return _months(state)
    month, _, day = rest.partition("-")
    return _days(int(year), int(month), int(day[1:])) if day else _weeks(int(year), int(month))


def _years(state: State) -> tuple[Option, ...]:
    this = calendar.kyiv_day(state.last).year
    first, last = PAGES[state.page]
    years = tuple(
        Option(f"y:{this - n}", Text(str(this - n)), verbatim=True, row=n // 3)
        for n in range(first, last)
    )
    return (
        (*years, Option("earlier", Text(texts.EARLIER))) if state.page + 1 < len(PAGES) else years
    )


def _months(state: State) -> tuple[Option, ...]:
    half = range(1, 7) if not state.page else range(7, 13)
    months = tuple(Option(f"m:{n:02}", Text(texts.MONTHS[n - 1]), row=(n - 1) // 2) for n in half)
    other = texts.SECOND_HALF if not state.page else texts.FIRST_HALF
    return (*months, Option("half", Text(other)))


def _weeks(year: int, month: int) -> tuple[Option, ...]:
    last = calendar.month_end(year, month)
    found = [
        Option(
            f"w:{first:02}", Text(f"{first}–{min(first + 6, last)}"), verbatim=True, row=first // 15
        )
        for first in range(1, last + 1, 7)
    ]
    return (*found, *(Option(f"t:{n}", Text(label), row=9) for n, label in enumerate(texts.THIRDS)))


def _days(year: int, month: int, first: int) -> tuple[Option, ...]:
    last = min(first + 6, calendar.month_end(year, month))
    return tuple(
        Option(f"d:{n:02}", Text(str(n)), verbatim=True, row=(n - first) // 4)
        for n in range(first, last + 1)
    )


def day(state: State, number: int) -> str:
    """The button of a day of the month that is chosen, on whatever page it is; empty where it has
    no such day.
    """
    year, _, rest = building(state).partition("-")
    if not rest or not year.isdecimal():
        return ""
    return f"d:{number:02}" if 1 <= number <= calendar.month_end(int(year), int(rest[:2])) else ""


def _sure(state: State) -> tuple[Option, ...]:
    made = _made(state)
    found = [Option("ok", Text(texts.DATE_YES))]
    whole = len(made) == len("2022-03-12")
    if whole and "/" not in made:
        found += [Option("about", Text(texts.DATE_ABOUT)), Option("until", Text(texts.DATE_UNTIL))]
        found += [Option(f"p:{part}", Text(texts.PARTS_OF_DAY[part]), row=7) for part in PARTS]
    return (*found, Option("other", Text(texts.DATE_OTHER)))


def text(state: State) -> Text | None:
    """What is asked at this point; None: the question itself."""
    if state.date.startswith(SURE):
        return Text(texts.DATE_IS_IT, {"date": Date(_made(state), part(state))})
    made = building(state)
    if not made:
        return Text(texts.DATE_UNTIL_WHEN) if "/" in state.date else None
    if calendar.needs_year(made):
        return Text(texts.WHICH_YEAR)
    return Text(
        texts.WHICH_MONTH if "-" not in made else texts.WHICH_DAY, {"date": Date(_whole(made))}
    )


def _whole(made: str) -> str:
    return made.rpartition("-w")[0] or made


def so_far(state: State) -> str:
    """The date that stands when the witness goes on without the rest; empty where nothing was
    chosen.
    """
    made = _made(state)
    first, slash, second = made.partition("/")
    if slash and not second:
        return first
    found = f"{first}{slash}{_whole(second)}" if slash else _whole(made)
    return calendar.without_year(found) if calendar.needs_year(found) else found


def unconfirmed(state: State) -> str:
    """The same where the witness answers with words nobody can read: a date they did not say yes to
    is uncertain.
    """
    made = so_far(state)
    whole = state.date.startswith(SURE) and made[-1:].isdecimal() and "/" not in made
    return f"{made}?" if whole else made


def pressed(state: State, option: str) -> tuple[State, str | None]:
    """A button of the date: the state, and the date if it is finished."""
    what, _, value = option.partition(":")
    made = building(state)
    # of a range, its first half with the slash
    head = _made(state).removesuffix(made) if made else state.date
    match what:
        case "y" if calendar.needs_year(made):
            return state, head + calendar.with_year(made, int(value))
        case "y":
            return state.turned(0, head + value), None
        case "earlier":
            return state.turned((state.page + 1) % len(PAGES), state.date), None
        case "half":
            return state.turned(1 - state.page, state.date), None
        case "m" | "w":
            return state.turned(0, f"{head}{made}-{'w' * (what == 'w')}{value}"), None
        case "d" if head:
            return state, f"{head}{_whole(made)}-{value}"
        case "d":
            return state.turned(0, f"{SURE}{_whole(made)}-{value}"), None
        case "t":
            return state, head + (_third(made, int(value)) if not head else _whole(made))
        case "until":
            return state.turned(0, _made(state) + "/"), None
        case "other":
            return state.turned(0, ""), None
        case "about":
            return state, _made(state) + "~"
        case _:
            return state, _made(state)


def _third(made: str, third: int) -> str:
    year, month = made.split("-")
    first, end = ((1, 10), (11, 20), (21, calendar.month_end(int(year), int(month))))[third]
    return f"{made}-{first:02}~/{made}-{end:02}~"


def flags(edtf: str, at: int, since: date) -> tuple[str, ...]:
    """What the flow asks of a date: whether it is so recent that forces may still be there, or
    before the appeal.
    """
    if not edtf:
        return ("unread",)
    latest, earliest = calendar.latest(edtf), calendar.earliest(edtf)
    today = calendar.kyiv_day(at)
    recent = (
        latest is not None
        and today - timedelta(days=RECENT_DAYS) <= latest <= today
        and earliest is not None
    )
    if recent and earliest is not None and earliest < today - timedelta(days=62):
        recent = False
    before = latest is not None and latest < since
    return (*(("recent",) if recent else ()), *(("before",) if before else ())) or ("known",)


def day_here(state: State, at: int) -> date:
    """The day from which "yesterday" counts: London's, unless they said that they are not in the
    UK.

    Reports of version 2 ask where somebody is before the date: without a yes it is Ukraine's there.
    """
    mark = state.marks.get(("uk",))
    said = mark.options if mark is not None and mark.kind == "picked" else ()
    in_uk = "yes" in said or (not said and state.version >= ASKED_LATER)
    return calendar.london_day(at) if in_uk else calendar.kyiv_day(at)
