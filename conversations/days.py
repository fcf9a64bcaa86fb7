"""PURE: from which day a date counts, and what the flow asks of one."""

from datetime import date, timedelta
from typing import Final

from conversations.landmarks import UK
from conversations.reading import calendar
from conversations.state import State

RECENT_DAYS: Final = 14
LONGEST_RECENT_DAYS: Final = 62
"""A stretch that began earlier than so many days ago is not recent, whenever it ended."""
ASKED_LATER: Final = 3
"""The version from which a report asks after the account whether somebody is in the UK."""


def reference_day(state: State, at: int) -> date:
    """The day from which "yesterday" counts: London's, unless they said that they are not in the
    UK.

    Reports of version 2 ask where somebody is before the date: without a yes it is Ukraine's there.
    """
    mark = state.marks.get(UK)
    said = mark.options if mark is not None and mark.kind == "picked" else ()
    in_uk = "yes" in said or (not said and state.version >= ASKED_LATER)
    return calendar.london_day(at) if in_uk else calendar.kyiv_day(at)


def flags_of(edtf: str, at: int, since: date) -> tuple[str, ...]:
    """What the flow asks of a date: whether it is so recent that forces may still be there, or
    before the appeal.
    """
    if not edtf:
        return ("unread",)
    latest, earliest = calendar.latest(edtf), calendar.earliest(edtf)
    recent = ("recent",) if _is_recent(earliest, latest, calendar.kyiv_day(at)) else ()
    before = ("before",) if latest is not None and latest < since else ()
    return (*recent, *before) or ("known",)


def _is_recent(earliest: date | None, latest: date | None, today: date) -> bool:
    if earliest is None or latest is None:
        return False
    ended = today - timedelta(days=RECENT_DAYS) <= latest <= today
    return ended and earliest >= today - timedelta(days=LONGEST_RECENT_DAYS)
