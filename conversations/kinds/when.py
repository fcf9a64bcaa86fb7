"""PURE: a date, typed as people say it or by year, month, week and day; what was not said as it
stands is shown, and counts after a yes.
"""

from dataclasses import replace
from typing import Final

from conversations import days, dropping, texts
from conversations.effects import WHOLE, Effects, FindPlace, Keep
from conversations.events import Edited, Happened, Wrote
from conversations.kinds.date_buttons import PAGES, buttons, in_hand
from conversations.landmarks import WHERE, sibling
from conversations.model import Dated, Path, Text
from conversations.pending import DateInHand, typed_date, without_week
from conversations.questions import When
from conversations.reading import calendar, dates, typed
from conversations.state import Mark, State
from conversations.turn import Turn

Stepped = tuple[State, Effects]
DAY_DIGITS: Final = 2


# ── pressed ──────────────────────────────────────────────────────────────────


def pressed(question: When, state: State, event: Happened, option: str) -> Turn:
    """A button of the date that is being put together; one that stands there no more is nothing."""
    if option not in {o.id for o in buttons(state)} and option != _day(state, option[2:]):
        return Turn(state, "repeat")
    made = in_hand(state)
    what, _, value = option.partition(":")
    match what:
        case "earlier":
            return Turn(state.turned((state.page + 1) % len(PAGES), state.pending), "ask again")
        case "half":
            return Turn(state.turned(1 - state.page, state.pending), "ask again")
        case "other":  # what was read is taken back; the words stay
            return Turn(state.turned(), "ask again", _unread(state, event, made.part_of_day))
        case _:
            after = _with(made, what, value)
            if isinstance(after, DateInHand):
                return Turn(state.turned(0, after), "ask again")
            part = value if what == "p" else made.part_of_day
            return settle(question, state, event, after, part)


def _with(made: DateInHand, what: str, value: str) -> DateInHand | str:
    """The date with what was pressed: still in hand, or finished."""
    match what:
        case "y" if calendar.needs_year(made.edtf):
            return calendar.with_year(made.edtf, int(value))
        case "y":
            return DateInHand(made.before + value)
        case "m":
            return DateInHand(f"{made.edtf}-{value}")
        case "w":
            return DateInHand(f"{made.edtf}-w{value}")
        case "d" if made.before:
            return f"{made.before}{without_week(made.building)}-{value}"
        case "d":
            return DateInHand(f"{without_week(made.building)}-{value}", complete=True)
        case "t":
            first, last = _third(made.building, int(value))
            return (made.before or f"{first}/") + last
        case "until":
            return DateInHand(made.edtf + "/")
        case "about":
            return made.edtf + "~"
        case _:  # ok, and the part of the day
            return made.edtf


def _third(month_of: str, third: int) -> tuple[str, str]:
    """About when the beginning, the middle or the end of a month begins and ends."""
    year, month = month_of.split("-")
    first, end = ((1, 10), (11, 20), (21, calendar.month_end(int(year), int(month))))[third]
    return f"{month_of}-{first:02}~", f"{month_of}-{end:02}~"


def _day(state: State, number: str) -> str:
    """The button of a day of the month that is chosen, on whatever page it is; empty where it has
    no such day.
    """
    year, _, rest = in_hand(state).building.partition("-")
    if not rest or not year.isdecimal() or not number.isdecimal():
        return ""
    exists = 1 <= int(number) <= calendar.month_end(int(year), int(rest[:2]))
    return f"d:{int(number):02}" if exists else ""


def typed_option(state: State, words: str) -> str:
    """The button that typed words mean: yes or no to a date, or a day while one is put together."""
    if state.pending is None:
        return ""
    offered = {o.id for o in buttons(state)}
    yes = typed.yes_or_no(words)
    if yes == "yes" and "ok" in offered:
        return "ok"
    if yes == "no" and "other" in offered:
        return "other"
    return _day(state, words) if len(words) <= DAY_DIGITS else ""


# ── typed ────────────────────────────────────────────────────────────────────


def answered(question: When, state: State, event: Wrote) -> Turn:
    """A date in words: kept as said, beside it what it was read as; what counts from something is
    asked back.
    """
    state, undone, old = dropping.begun(state, event, many=False)
    found = dates.read(
        event.text, days.reference_day(state, event.at), question.first_day
    ) or dates.Read("")
    parts = (*(old.parts if old else ()), event.id)
    prompt = old.prompt if old else state.asked
    mark = Mark("dated", ("unread",), parts, open=True, prompt=prompt, at=event.at)
    state = state.marked(state.at, mark)
    kept: Effects = (*undone, Keep(state.at, event.said, event.id))
    if found.rest and found.edtf:
        state, offered = _place_offered(state, event, found.rest)
        kept += offered
    turn = _read_as(question, state, event, found, first=len(parts) == 1)
    return replace(turn, effects=(*kept, *turn.effects))


def _read_as(question: When, state: State, event: Wrote, found: dates.Read, *, first: bool) -> Turn:
    edtf, part, before = found.edtf, found.part_of_day, in_hand(state)
    if edtf and not found.confirm and not calendar.needs_year(edtf):
        return settle(question, state, event, edtf, part)
    if edtf:
        made = typed_date(edtf, part)
        # as it is if it is left without a yes, whichever way
        unsure = _dated(state, event.at, state.at, made.unconfirmed, part)
        return Turn(state.turned(0, made), "ask again", (unsure,))
    if before.unconfirmed:
        return settle(question, state, event, before.unconfirmed, part or before.part_of_day)
    if first:
        return Turn(state.turned(), "ask again", lead=(Text(texts.DATE_UNREAD),))
    return settle(question, state, event, "", part)


def _place_offered(state: State, event: Wrote, rest: str) -> Stepped:
    """Words behind a date that may be the place: kept where the place is asked, and offered
    there.
    """
    path = sibling(state.at, WHERE)
    if path in state.marks:
        return state, ()
    part = f"{event.id}.rest"
    mark = Mark("said", parts=(part,), open=True, prompt=state.asked, at=event.at)
    keep = Keep(path, replace(event.said, text=rest), part)
    return state.marked(path, mark), (keep, FindPlace(rest, path, part))


# ── kept ─────────────────────────────────────────────────────────────────────


def settle(question: When, state: State, event: Happened, edtf: str, part: str = "") -> Turn:
    """Keep a date beside the words it was read from, and go on."""
    state, kept = _keep(question, state, event, edtf, part)
    return Turn(state, "onward", kept)


def settle_unconfirmed(question: When, state: State, event: Happened) -> Turn | None:
    """What stands when the date in hand is left without a yes; None where none is."""
    made = in_hand(state)
    return (
        settle(question, state, event, made.unconfirmed, made.part_of_day)
        if made.unconfirmed
        else None
    )


def _keep(question: When, state: State, event: Happened, edtf: str, part: str) -> Stepped:
    undone: Effects = ()
    # by buttons alone: what was written before is not what is meant now
    if state.changing == state.at:
        state, undone = dropping.replaced(state, event)
    old = state.marks.get(state.at)
    mark = Mark(
        "dated",
        days.flags_of(edtf, event.at, question.since),
        old.parts if old and old.kind == "dated" else (),
        prompt=old.prompt if old and old.open else state.asked,
        at=event.at,
    )
    kept = _dated(state, event.at, state.at, edtf, part)
    state = replace(state.marked(state.at, mark), changing=()).turned()
    return dropping.flag_before_window(state), (*undone, kept)


def _unread(state: State, event: Happened, part: str) -> Effects:
    """What was read from words that stay is taken back."""
    return (_dated(state, event.at, state.at, "", part),) if state.at in state.marks else ()


def _dated(state: State, at: int, path: Path, edtf: str, part: str) -> Keep:
    """`at`: when the words were said, from which "yesterday" counts."""
    return Keep(path, Dated(edtf, part, days.reference_day(state, at).isoformat()), WHOLE)


def edited(question: When, state: State, event: Edited, path: Path) -> tuple[State, Effects, str]:
    """Words of a date that were edited are read once more; what only a yes would make sure counts
    where it can be asked. The last of what is returned stood behind the date, and may be a place.
    """
    mark = state.marks[path]
    said_on = days.reference_day(state, mark.at)
    found = dates.read(event.text, said_on, question.first_day) or dates.Read("")
    asked = state.at == path and mark.open
    if not found.edtf or (not asked and (found.confirm or calendar.needs_year(found.edtf))):
        found = dates.Read("")
    edtf = found.edtf
    if asked:
        made = typed_date(edtf, found.part_of_day) if edtf else None
        state, edtf = state.turned(0, made), made.unconfirmed if made else ""
    else:
        flags = days.flags_of(edtf, event.at, question.since)
        state = dropping.flag_before_window(state.marked(path, replace(mark, options=flags)))
    return state, (_dated(state, mark.at, path, edtf, found.part_of_day),), found.rest
