"""PURE: a place: words that a settlement is found for, a region and a settlement by buttons; what
was said stays beside what is pressed. A point on the map is in conversations/pinning.py.
"""

from dataclasses import replace

from conversations import dropping, regions
from conversations.effects import WHOLE, Drop, Effects, FindPlace, Keep
from conversations.events import Edited, Happened, PlacesFound, Wrote
from conversations.kinds.place_buttons import buttons, chosen_region, offered, pages
from conversations.model import Passed, Path, Said, Settlement
from conversations.pending import ChoosingRegion, Found, LookingUp, NamingSettlement, Offered
from conversations.questions import Where
from conversations.reading import typed
from conversations.state import Mark, State
from conversations.turn import Turn

Stepped = tuple[State, Effects]


# ── pressed ──────────────────────────────────────────────────────────────────


def pressed(question: Where, state: State, event: Happened, option: str) -> Turn:
    """A button of the place that is being put together."""
    if option not in {o.id for o in buttons(question, state)}:
        return Turn(state, "repeat")
    what, _, code = option.partition(":")
    match what:
        case "region":
            return Turn(state.turned(0, ChoosingRegion()), "ask again")
        case "more":
            page = (state.page + 1) % pages(state)
            return Turn(state.turned(page, state.pending), "ask again")
        case "r" if isinstance(state.pending, ChoosingRegion):
            return _region(state, event, code)
        case "r":
            return Turn(state.turned(0, Offered(code)), "ask again")
        case "at":
            name = dict(offered(state, state.at))[code]
            state, kept = _keep(state, event, Settlement(code, name))
            return Turn(_closed(state), "onward", kept)
        case "keep" if offered(state, state.at):
            return Turn(state.turned(0, Offered()), "ask again")
        case _:
            return Turn(_closed(state), "onward")


def _region(state: State, event: Happened, code: str) -> Turn:
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
        return Turn(_closed(state), "onward", (*undone, *kept))
    return Turn(state.turned(0, NamingSettlement(code)), "ask again", (*undone, *kept))


def _keep(state: State, event: Happened, settlement: Settlement) -> Stepped:
    mark = state.marks.get(state.at) or Mark(
        "placed", parts=(WHOLE,), open=True, prompt=state.asked, at=event.at
    )
    state = state.marked(state.at, replace(mark, options=(regions.of(settlement.code),)))
    return state, (Keep(state.at, settlement, WHOLE),)


def _closed(state: State) -> State:
    mark = state.marks[state.at]
    state = state.marked(state.at, replace(mark, open=False))
    return replace(state, found=None, changing=()).turned()


def typed_option(question: Where, state: State, words: str) -> str:
    """The button that a typed yes or no means while settlements are offered; empty if it means
    none.
    """
    ids = [o.id for o in buttons(question, state)] if isinstance(state.pending, Offered) else []
    settlements = [i for i in ids if i.startswith("at:")]
    yes = typed.yes_or_no(words)
    if yes == "yes" and len(settlements) == 1:
        return settlements[0]
    return "none" if yes == "no" and "none" in ids else ""


# ── typed ────────────────────────────────────────────────────────────────────


def answered(state: State, event: Wrote) -> Turn:
    """Keep the words, and look for the settlement they name; the question comes when that is known,
    in a moment.
    """
    state, undone, old = dropping.begun(state, event, many=False)
    region = chosen_region(state)
    state = state if old is not None else replace(state, found=None)
    parts = (*(old.parts if old else ()), event.id)
    options = old.options if old else ()
    prompt = old.prompt if old else state.asked
    mark = Mark("said", options, parts, open=True, prompt=prompt, at=event.at)
    state = replace(state.marked(state.at, mark), changing=()).turned(0, LookingUp())
    find = FindPlace(event.text, state.at, event.id, region)
    return Turn(state, "stay", (*undone, Keep(state.at, event.said, event.id), find))


def offer_found(state: State, event: PlacesFound) -> Turn:
    """Offer what was found; where nothing was, the words alone are the answer."""
    path = event.for_path
    mark = state.marks.get(path)
    late = mark is not None and event.part != "" and event.part not in mark.parts[-1:]
    if state.stage != "open" or mark is None or not mark.open or late:
        return Turn(state, "stay")
    # of an earlier message, if this one names no place
    choices = event.choices or tuple(offered(state, path))
    state = replace(state, found=Found(path, choices))
    if state.at != path or not isinstance(state.pending, LookingUp):
        return Turn(state, "stay")
    if not choices:
        return Turn(_closed(state), "onward")
    return Turn(state.turned(0, Offered()), "ask again")


# ── edited ───────────────────────────────────────────────────────────────────


def awaits(state: State, path: Path) -> bool:
    """Whether settlements for the words at this address are offered or looked for."""
    mark = state.marks.get(path)
    return state.at == path and mark is not None and mark.open


def look_again(state: State, event: Edited, keep: Keep) -> Stepped:
    """Look once more, for words that were edited; what was found for those before is offered no
    longer.
    """
    state = replace(state, found=None).turned(0, LookingUp())
    mark = state.marks[state.at]
    parts = (*(p for p in mark.parts if p != event.of), event.of)
    state = state.marked(state.at, replace(mark, parts=parts))
    region = next(iter(mark.options), "")
    return state, (keep, FindPlace(event.text, state.at, event.of, region))


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
        looked_up = (Keep(path, Said(rest), part), FindPlace(rest, path, part))
        return replace(state, found=None), (*gone, *looked_up)
    if mark.parts == (part,):
        return replace(state.unmarked(path), found=None), (Drop(path),)
    return state, gone
