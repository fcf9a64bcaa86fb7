"""PURE: a point on the map: kept for a moment, for good only as the place of its event."""

from dataclasses import replace
from typing import Final

from conversations import controls, dropping, moves, regions, texts
from conversations.asking import ask_question, repeat_question
from conversations.effects import WHOLE, Drop, Effects, FindPlace, Keep
from conversations.events import Happened, Pinned, PlacesFound
from conversations.flow import Flow
from conversations.landmarks import (
    CONSENT,
    INCIDENT,
    PIN,
    WHERE,
    current_incident,
    is_point,
    of_incident,
    points_beside,
    sibling,
)
from conversations.model import Option, Path, Placed, Said, Settlement, Text
from conversations.pending import Found
from conversations.state import Mark, State
from conversations.turn import ask_beside

Stepped = tuple[State, Effects]
NEAR: Final = "near"
"""The part under which the settlement nearest to a point is kept beside it."""
VENUE: Final = "venue"
"""The part under which its name and address are kept, where the witness chose it by them."""
BRITAIN: Final = ((49_800_000, 61_000_000), (-8_700_000, 1_900_000))
"""Latitudes and longitudes, in millionths of a degree, within which a point is where the witness
lives.
"""


def take_point(flow: Flow, state: State, event: Pinned) -> Stepped:
    """A point is kept for a moment, and for good only as the place of the event."""
    if not state.settled(CONSENT) or flow.ask(_where(state)) is None:
        return repeat_question(flow, state, Text(texts.PLACE_IN_WORDS))
    (south, north), (west, east) = BRITAIN
    if south < event.lat < north and west < event.lon < east:
        return repeat_question(flow, state, Text(texts.NOT_WHERE_YOU_LIVE))
    path = sibling(_where(state), f"{PIN}{event.id}")
    keep: Effects = (Keep(path, Placed(event.lat, event.lon, event.accuracy, event.live), WHOLE),)
    if event.venue:
        keep += (Keep(path, Said(event.venue), VENUE),)
    state = replace(state, found=Found(path, live=event.live))
    return state, (*keep, FindPlace("", path, point=(event.lat, event.lon)))


def ask_about_point(state: State, event: PlacesFound) -> Stepped:
    """Show the point back by the name of the nearest settlement, and ask whether it is the place of
    the event.
    """
    if state.stage != "open" or not state.settled(CONSENT):  # nobody waits for it
        return state, (Drop(event.for_path),)
    waits = state.found if state.found and state.found.path == event.for_path else None
    state = replace(state, found=Found(event.for_path, event.choices))
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
        state, (PIN,), text, options, lead=(Text(texts.PIN_LIVE),) if waits and waits.live else ()
    )
    return state, (*kept, *shown)


def answer_point(flow: Flow, state: State, event: Happened, *, yes: bool) -> Stepped:
    """A yes puts the point in the place of an earlier one; a no destroys it."""
    found = state.found or Found(state.at)
    path, region = found.path, tuple(regions.of(code) for code, _ in found.choices)
    state = replace(state, found=None)
    if not is_point(path):
        return repeat_question(flow, state)
    state = state.unflagged(moves.POINT_AGAIN)
    # an event that is none any more has no place
    if not yes or path[1] not in state.members[INCIDENT]:
        state, shown = (
            moves.onward(flow, state) if state.settled(state.at) else ask_question(flow, state)
        )
        return state, (Drop(path), *shown)
    before = points_beside(state, path)
    for earlier in before:
        state = state.unmarked(earlier)
    state, undone = _answer_where(state, event, sibling(path, WHERE), region)
    state = state.marked(path, Mark("placed", region, (WHOLE,), prompt=state.asked, at=event.at))
    state, moved = moves.onward(flow, state.turned(), (Text(texts.PIN_KEPT),))
    return state, (*(Drop(p) for p in before), *undone, *moved)


def _answer_where(state: State, event: Happened, where: Path, region: tuple[str, ...]) -> Stepped:
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
    return of_incident(current_incident(state), WHERE)
