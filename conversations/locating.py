"""Where it happened: words that a settlement is found for, a region and a settlement, a point on
the map.
"""

from dataclasses import replace

from conversations import controls, dropping, moves, placing, regions, texts
from conversations.asking import (
    CONSENT,
    ask_again,
    ask_beside,
    ask_question,
    current_incident,
    repeat_question,
)
from conversations.effects import WHOLE, Drop, Effects, FindPlace, Keep
from conversations.events import Edited, Happened, Pinned, PlacesFound, Wrote
from conversations.flow import Flow
from conversations.model import Option, Passed, Path, Placed, Said, Settlement, Text
from conversations.questions import Where
from conversations.state import Mark, State

Stepped = tuple[State, Effects]
PIN = moves.PIN
NEAR = "near"
"""The part under which the settlement nearest to a point is kept beside it."""
VENUE = "venue"
"""The part under which its name and address are kept, where the witness chose it by them."""
LIVE = "live"
BRITAIN = ((49_800_000, 61_000_000), (-8_700_000, 1_900_000))
"""Latitudes and longitudes, in millionths of a degree, within which a point is where the witness
lives.
"""


def looking(state: State, event: Wrote, old: Mark | None, undone: Effects) -> Stepped:
    """Keep the words, and look for the settlement they name; the question comes when that is known,
    in a moment.
    """
    region = placing.chosen_region(state)
    state = state if old is not None else replace(state, places=())
    parts = (*(old.parts if old else ()), event.id)
    options = old.options if old else ()
    prompt = old.prompt if old else state.asked
    mark = Mark("said", options, parts, open=True, prompt=prompt, at=event.at)
    state = replace(state.marked(state.at, mark), changing=()).turned(0, placing.LOOKING)
    keep = Keep(state.at, event.said, event.id)
    return state, (*undone, keep, FindPlace(event.text, state.at, event.id, region))


def found(flow: Flow, state: State, event: PlacesFound) -> Stepped:
    """Offer what was found; where nothing was, the words alone are the answer."""
    path = event.for_path
    if path[-1].startswith(PIN):
        return _near(state, event)
    mark = state.marks.get(path)
    late = mark is not None and event.part != "" and event.part not in mark.parts[-1:]
    if state.stage != "open" or mark is None or not mark.open or late:
        return state, ()
    # of an earlier message, if this one names no place
    choices = event.choices or placing.offered(state, path)
    state = replace(state, places=placing.offering(path, choices))
    if state.at != path or state.date != placing.LOOKING:
        return state, ()
    if not choices:
        return _close(flow, state)
    return ask_again(flow, state.turned(0, placing.OFFERED))


def pressed(flow: Flow, state: State, event: Happened, option: str) -> Stepped:
    """A button of a place that is being put together."""
    what, _, code = option.partition(":")
    if option not in {o.id for o in placing.buttons(state)}:
        return repeat_question(flow, state)
    match what:
        case "region":
            return ask_again(flow, state.turned(0, placing.CHOOSING))
        case "more":
            return ask_again(
                flow, state.turned((state.page + 1) % placing.pages(state), state.date)
            )
        case "r" if state.date == placing.CHOOSING:
            return _region(flow, state, event, code)
        case "r":
            return ask_again(flow, state.turned(0, placing.OFFERED + code))
        case "at":
            name = dict(placing.offered(state, state.at))[code]
            state, kept = _keep(state, event, Settlement(code, name))
            state, moved = _close(flow, state)
            return state, (*kept, *moved)
        case "keep" if placing.offered(state, state.at):
            return ask_again(flow, state.turned(0, placing.OFFERED))
        case _:
            return _close(flow, state)


def _region(flow: Flow, state: State, event: Happened, code: str) -> Stepped:
    """Kept already, though its settlement is asked for next: who skips that has still said
    where.
    """
    undone: Effects = ()
    old = state.marks.get(state.at)
    if old is not None and (old.kind == "passed" or state.changing == state.at):
        state, undone = dropping.replaced(state, event)
    elif old is not None:
        # what is said there stays, and more may come
        state = state.marked(state.at, replace(old, open=True))
    state, kept = _keep(replace(state, changing=()), event, Settlement(code, ""))
    if code in regions.CITIES:
        state, moved = _close(flow, state)
    else:
        state, moved = ask_again(flow, state.turned(0, code))
    return state, (*undone, *kept, *moved)


def _keep(state: State, event: Happened, settlement: Settlement) -> Stepped:
    mark = state.marks.get(state.at) or Mark(
        "placed", parts=(WHOLE,), open=True, prompt=state.asked, at=event.at
    )
    state = state.marked(state.at, replace(mark, options=(regions.of(settlement.code),)))
    return state, (Keep(state.at, settlement, WHOLE),)


def _close(flow: Flow, state: State) -> Stepped:
    mark = state.marks[state.at]
    state = replace(
        state.marked(state.at, replace(mark, open=False)), places=(), changing=()
    ).turned(0, "")
    return moves.onward(flow, state)


def awaits(flow: Flow, state: State, path: Path) -> bool:
    """Whether settlements for the words at this address are offered or looked for."""
    here, mark = flow.ask(path, state), state.marks.get(path)
    return (
        here is not None
        and isinstance(here.question, Where)
        and state.at == path
        and mark is not None
        and mark.open
    )


def again_for(state: State, event: Edited, keep: Keep) -> Stepped:
    """Look once more, for words that were edited; what was found for those before is offered no
    longer.
    """
    state = replace(state, places=()).turned(0, placing.LOOKING)
    mark = state.marks[state.at]
    parts = (*(p for p in mark.parts if p != event.of), event.of)
    state = state.marked(state.at, replace(mark, parts=parts))
    return state, (keep, FindPlace(event.text, state.at, event.of))


def unplaced(state: State, path: Path) -> Stepped:
    """The words were edited: what was pressed for the old ones is a place of theirs no longer."""
    mark = state.marks[path]
    if not mark.options:
        return state, ()
    return state.marked(path, replace(mark, options=())), (Keep(path, Passed("unknown"), WHOLE),)


def rest_edited(state: State, path: Path, part: str, rest: str) -> Stepped:
    """A line that had a date and a place was edited: its place is the new one, or gone."""
    mark = state.marks.get(path)
    if mark is None or part not in mark.parts:
        return state, ()
    state, gone = unplaced(state, path)
    if rest:
        return replace(state, places=()), (
            *gone,
            Keep(path, Said(rest), part),
            FindPlace(rest, path, part),
        )
    if mark.parts == (part,):
        return replace(state.unmarked(path), places=()), (Drop(path),)
    return state, gone


# ── points on the map ────────────────────────────────────────────────────────


def pinned(flow: Flow, state: State, event: Pinned) -> Stepped:
    """A point is kept for a moment, and for good only as the place of the event."""
    if not state.settled(CONSENT) or flow.ask(_where(state)) is None:
        return repeat_question(flow, state, Text(texts.PLACE_IN_WORDS))
    (south, north), (west, east) = BRITAIN
    if south < event.lat < north and west < event.lon < east:
        return repeat_question(flow, state, Text(texts.NOT_WHERE_YOU_LIVE))
    path = (*_where(state)[:-1], f"{PIN}{event.id}")
    keep: Effects = (Keep(path, Placed(event.lat, event.lon, event.accuracy, event.live), WHOLE),)
    if event.venue:
        keep += (Keep(path, Said(event.venue), VENUE),)
    state = replace(state, places=(".".join(path), *((LIVE,) if event.live else ())))
    return state, (*keep, FindPlace("", path, point=(event.lat, event.lon)))


def _near(state: State, event: PlacesFound) -> Stepped:
    """Show the point back by the name of the nearest settlement, and ask whether it is the place of
    the event.
    """
    if state.stage != "open" or not state.settled(CONSENT):  # nobody waits for it
        return state, (Drop(event.for_path),)
    live = state.places[:2] == (".".join(event.for_path), LIVE)
    state = replace(state, places=placing.offering(event.for_path, event.choices))
    kept = tuple(Keep(event.for_path, Settlement(code, name), NEAR) for code, name in event.choices)
    text = (
        Text(texts.PIN_NEAR, {"place": event.choices[0][1]})
        if event.choices
        else Text(texts.PIN_ASK)
    )
    options = (
        Option("yes", Text(texts.PIN_YES)),
        Option("no", Text(texts.NO)),
        controls.button(state, "hide"),
    )
    state, shown = ask_beside(
        state, (PIN,), text, options, lead=(Text(texts.PIN_LIVE),) if live else ()
    )
    return state, (*kept, *shown)


def pin_answered(flow: Flow, state: State, event: Happened, *, yes: bool) -> Stepped:
    """A yes puts the point in the place of an earlier one; a no destroys it."""
    path = tuple(state.places[0].split(".")) if state.places else ()
    region = tuple(
        regions.of(code) for code, _, _ in (each.partition(" ") for each in state.places[1:])
    )
    state = replace(state, places=())
    if not path or not path[-1].startswith(PIN):
        return repeat_question(flow, state)
    state = state.unflagged(moves.POINT_AGAIN)
    # an event that is none any more has no place
    if not yes or path[1] not in state.members["incident"]:
        state, shown = (
            moves.onward(flow, state) if state.settled(state.at) else ask_question(flow, state)
        )
        return state, (Drop(path), *shown)
    before = [p for p in state.marks if p[:-1] == path[:-1] and p[-1].startswith(PIN)]
    for earlier in before:
        state = state.unmarked(earlier)
    state, undone = _pinned_there(state, event, (*path[:-1], "where"), region)
    state = state.marked(path, Mark("placed", region, (WHOLE,), prompt=state.asked, at=event.at))
    state, moved = moves.onward(flow, state.turned(0, ""), (Text(texts.PIN_KEPT),))
    return state, (*(Drop(p) for p in before), *undone, *moved)


def _pinned_there(state: State, event: Happened, where: Path, region: tuple[str, ...]) -> Stepped:
    """The point answers the question where of its own event, unless words do."""
    undone: Effects = ()
    if state.changing == where == state.at:
        state, undone = dropping.replaced(state, event)
    old = state.marks.get(where)
    if old is not None and old.kind != "passed" and not old.open:
        return state, undone
    mark = (
        replace(old, open=False)
        if old and old.parts
        else Mark("placed", region, (PIN,), at=event.at)
    )
    return state.marked(where, mark), undone


def _where(state: State) -> Path:
    return ("incident", current_incident(state), "where")
