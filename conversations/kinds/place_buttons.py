"""PURE: what is asked and can be pressed at each point of putting a place together: the region,
then the settlement; and settlements offered for words that may name them.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from conversations import regions, texts
from conversations.model import Option, Path, Text
from conversations.pending import ChoosingRegion, NamingSettlement, Offered
from conversations.questions import Where
from conversations.state import State

A_PAGE: Final = 4
REGIONS_A_PAGE: Final = 9
"""Two a row, the tenth place is for what turns the page."""
MANY: Final = 8
"""Settlements of one name that are still offered without asking for the region first."""

Choices = Sequence[tuple[str, str]]


def offered(state: State, path: Path) -> Choices:
    """The settlements found for the words at an address: code and name, the likeliest first; none
    of a locked report, whose answers they would show.
    """
    if state.locked or state.found is None or state.found.path != path:
        return ()
    return state.found.choices


def chosen_region(state: State) -> str:
    """The region that was pressed, while its settlement is asked for."""
    return state.pending.region if isinstance(state.pending, NamingSettlement) else ""


def text(state: State) -> Text | None:
    """What is asked at this point; None: the question itself."""
    match state.pending:
        case ChoosingRegion():
            return Text(texts.WHICH_REGION)
        case NamingSettlement(region=region):
            return Text(texts.WHICH_SETTLEMENT, {"region": Text(regions.REGIONS[region])})
        case Offered(region=region) if found := offered(state, state.at):
            if _to_tell_apart(region, found):
                return Text(texts.SAME_NAME)
            one = len(_in_region(region, found)) == 1
            return Text(texts.IS_IT_THIS if one else texts.IS_IT_HERE)
        case _:
            return None


def buttons(question: Where, state: State) -> tuple[Option, ...]:
    """What can be pressed at this point of putting a place together."""
    match state.pending:
        case ChoosingRegion():
            return _regions(state, tuple(regions.REGIONS))
        case NamingSettlement():
            return ()
        case Offered(region=region) if found := offered(state, state.at):
            return _offered(state, region, found)
        case _:
            mark = state.marks.get(state.at)
            waits = mark is not None and mark.open and bool(mark.parts) and not state.locked
            keep = (Option("keep", Text(texts.THAT_PLACE)),) if waits else ()
            by_region = (Option("region", Text(texts.BY_REGION)),) if question.regions else ()
            return (*keep, *by_region)


def pages(state: State) -> int:
    """How many pages the buttons at this point have."""
    if isinstance(state.pending, ChoosingRegion):
        return -(-len(regions.REGIONS) // REGIONS_A_PAGE)
    region = state.pending.region if isinstance(state.pending, Offered) else ""
    found = offered(state, state.at)
    if codes := _to_tell_apart(region, found):
        return -(-len(codes) // (REGIONS_A_PAGE - 1))
    return max(1, -(-len(_in_region(region, found)) // A_PAGE))


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


def _offered(state: State, region: str, found: Choices) -> tuple[Option, ...]:
    none = Option("none", Text(texts.NONE_OF_THESE), row=0)
    if codes := _to_tell_apart(region, found):
        return _regions(state, codes, none)
    here = _in_region(region, found)
    first = state.page * A_PAGE
    each = [Option(f"at:{code}", _label(code, name)) for code, name in here[first : first + A_PAGE]]
    more = (Option("more", Text(texts.MORE_PLACES), row=0),) if len(here) > A_PAGE else ()
    return (*each, *more, none)


def _in_region(region: str, found: Choices) -> list[tuple[str, str]]:
    return [(code, name) for code, name in found if code.startswith(region)]


def _to_tell_apart(region: str, found: Choices) -> tuple[str, ...]:
    """The regions that have a settlement of this name, where there are too many to offer."""
    if region or len(found) <= MANY:
        return ()
    return tuple(dict.fromkeys(of for code, _ in found if (of := regions.of(code))))


def _label(code: str, name: str) -> Text:
    # what tells two of one region apart says enough
    region = "" if name.endswith(")") else regions.of(code)
    if not region:
        return Text(name)
    return Text(texts.PLACE_IN, {"place": name, "region": Text(regions.REGIONS[region])})
