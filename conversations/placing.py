"""A place by buttons: the region, then the settlement; and settlements offered for words that may
name them.

What is being put together stands in `state.date`, as a date does: LOOKING while the words are
looked up, CHOOSING the region, a region's code once it is chosen, OFFERED (and a region) while
settlements are offered.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from conversations import regions, texts
from conversations.model import Option, Path, Text
from conversations.state import State

LOOKING: Final = "="
CHOOSING: Final = "?"
OFFERED: Final = "*"
A_PAGE: Final = 4
REGIONS_A_PAGE: Final = 9
"""Two a row, the tenth place is for what turns the page."""
MANY: Final = 8
"""Settlements of one name that are still offered without asking for the region first."""


def offering(path: Path, choices: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """What a state remembers of settlements that were found: whose they are, then code and name of
    each.
    """
    return (".".join(path), *(f"{code} {name}" for code, name in choices))


def offered(state: State, path: Path) -> tuple[tuple[str, str], ...]:
    """The settlements found for the words at an address: code and name, the likeliest first; none
    of a locked report, whose answers they would show.
    """
    if state.locked or not state.places or state.places[0] != ".".join(path):
        return ()
    return tuple(
        (code, name) for code, _, name in (each.partition(" ") for each in state.places[1:])
    )


def chosen_region(state: State) -> str:
    """The region that was chosen, while its settlement is asked for."""
    return regions.of(state.date)


def buttons(state: State) -> tuple[Option, ...]:
    """What can be pressed at this point of putting a place together."""
    if state.date == CHOOSING:
        return _regions(state, tuple(regions.REGIONS))
    if state.date.startswith(OFFERED) and (found := offered(state, state.at)):
        return _offered(state, found)
    if chosen_region(state):
        return ()
    mark = state.marks.get(state.at)
    waits = mark is not None and mark.open and bool(mark.parts) and not state.locked
    keep = (Option("keep", Text(texts.THAT_PLACE)),) if waits else ()
    return (*keep, Option("region", Text(texts.BY_REGION)))


def _regions(state: State, codes: Sequence[str], *last: Option) -> tuple[Option, ...]:
    """A page of regions, two a row, and at its end what turns it and the `last` buttons: five rows
    at most.
    """
    a_page = REGIONS_A_PAGE - len(last)
    first = state.page * a_page
    more = (Option("more", Text(texts.MORE_PLACES)),) if len(codes) > a_page else ()
    each = [
        Option(f"r:{code}", Text(regions.REGIONS[code])) for code in codes[first : first + a_page]
    ]
    return tuple(replace(option, row=n // 2) for n, option in enumerate((*each, *more, *last)))


def _offered(state: State, found: Sequence[tuple[str, str]]) -> tuple[Option, ...]:
    none = Option("none", Text(texts.NONE_OF_THESE), row=0)
    if codes := _to_tell_apart(state, found):
        return _regions(state, codes, none)
    here = _in_region(state, found)
    first = state.page * A_PAGE
    each = [Option(f"at:{code}", _label(code, name)) for code, name in here[first : first + A_PAGE]]
    more = (Option("more", Text(texts.MORE_PLACES), row=0),) if len(here) > A_PAGE else ()
    return (*each, *more, none)


def _in_region(state: State, found: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    region = state.date.removeprefix(OFFERED)
    return [(code, name) for code, name in found if code.startswith(region)]


def _to_tell_apart(state: State, found: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The regions that have a settlement of this name, where there are too many to offer."""
    if state.date != OFFERED or len(found) <= MANY:
        return ()
    return tuple(dict.fromkeys(region for code, _ in found if (region := regions.of(code))))


def _label(code: str, name: str) -> Text:
    # what tells two of one region apart says enough
    region = "" if name.endswith(")") else regions.of(code)
    return (
        Text(texts.PLACE_IN, {"place": name, "region": Text(regions.REGIONS[region])})
        if region
        else Text(name)
    )


def text(state: State) -> Text | None:
    """What is asked at this point; None: the question itself."""
    if state.date == CHOOSING:
        return Text(texts.WHICH_REGION)
    if state.date.startswith(OFFERED) and (found := offered(state, state.at)):
        if _to_tell_apart(state, found):
            return Text(texts.SAME_NAME)
        return Text(texts.IS_IT_THIS if len(_in_region(state, found)) == 1 else texts.IS_IT_HERE)
    region = chosen_region(state)
    return (
        Text(texts.WHICH_SETTLEMENT, {"region": Text(regions.REGIONS[region])}) if region else None
    )


def pages(state: State) -> int:
    """How many pages the buttons at this point have."""
    found = offered(state, state.at)
    if state.date == CHOOSING:
        return -(-len(regions.REGIONS) // REGIONS_A_PAGE)
    if codes := _to_tell_apart(state, found):
        return -(-len(codes) // (REGIONS_A_PAGE - 1))
    return max(1, -(-len(_in_region(state, found)) // A_PAGE))


def read(state: State, *, yes: str) -> str:
    """The option that a typed yes or no means while settlements are offered; empty if it means
    none.
    """
    ids = [o.id for o in buttons(state)] if state.date.startswith(OFFERED) else []
    places = [i for i in ids if i.startswith("at:")]
    if yes == "yes" and len(places) == 1:
        return places[0]
    return "none" if yes == "no" and "none" in ids else ""
