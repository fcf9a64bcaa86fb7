"""PURE: what an answer takes away: earlier ones that no longer apply, or whose place it takes."""

from dataclasses import replace

from conversations import texts
from conversations.effects import Discard, Drop, Effects
from conversations.events import Happened
from conversations.flow import Flow
from conversations.landmarks import EXHIBIT, WHERE, is_file, points_beside
from conversations.model import Path, Text
from conversations.state import Changed, Mark, State
from conversations.way import way_past

Stepped = tuple[State, Effects]


def unreachable(
    flow: Flow, before: State, after: State, at: int
) -> tuple[State, Effects, tuple[Text, ...]]:
    """Drop the answers that a changed answer no longer leads to, and say so. A first answer leaves
    none behind.

    Of several options some were changed before, press by press; what is being changed says that it
    was.
    """
    same = all(
        path in after.marks and after.marks[path].options == mark.options
        for path, mark in before.marks.items()
    )
    if same and not before.changing:
        return flag_before_window(after), (), ()
    # what the answers so far still can lead to
    kept = {stop.path for stop in way_past(flow, after, lambda _: True)}
    kept |= {(g.id, member, g.again.id) for g in flow.groups() for member in after.members[g.id]}
    gone: Effects = ()
    told: list[Text] = []
    for path in before.marks:
        here = flow.ask(path)
        if path in kept or here is None or path not in after.marks:
            continue
        after, undone = dropped(after, path)
        after = replace(after.unmarked(path), changed=(*after.changed, Changed(path, at)))
        gone += undone
        if here.heading:
            told.append(Text(texts.DROPPED, {"heading": Text(here.heading)}))
    return flag_before_window(after), gone, tuple(told)


def dropped(state: State, path: Path) -> Stepped:
    """Destroy an answer, and the voice messages that were it; with a place its point on the map,
    too.
    """
    mark = state.marks.get(path)
    spoken = [x.id for x in state.exhibits if mark and x.id in mark.parts]
    pins = points_beside(state, path) if path[-1] == WHERE else []
    for pin in pins:
        state = state.unmarked(pin)
    rest = tuple(x for x in state.exhibits if x.id not in spoken)
    state = replace(state, exhibits=rest, found=None)
    return state, (Drop(path), *(Drop(pin) for pin in pins), *(Discard(name) for name in spoken))


def file_gone(state: State, name: str) -> Stepped:
    """Destroy a file, and what was said of it: where it is from is said of nothing else."""
    state = replace(state, exhibits=tuple(x for x in state.exhibits if x.id != name))
    undone: Effects = (Discard(name),)
    for about in [p for p in state.marks if p[:2] == (EXHIBIT, name)]:
        state, forgotten = dropped(state, about)
        state, undone = state.unmarked(about), (*undone, *forgotten)
    return state, undone


def replaced(state: State, event: Happened) -> Stepped:
    """Destroy the earlier answer at the current address; of words, a line that they changed
    stays.
    """
    state = replace(state, changing=())
    old = state.marks.get(state.at)
    if old is not None and old.parts:
        state = replace(state, changed=(*state.changed, Changed(state.at, event.at)))
    state, undone = dropped(state, state.at)
    return state.unmarked(state.at), undone


def known(flow: Flow, state: State, path: Path) -> bool:
    """Whether an address names an answer or a file that is there."""
    if is_file(path):
        return any(x.id == path[1] for x in state.exhibits)
    return path in state.marks and flow.ask(path) is not None


def flag_before_window(state: State) -> State:
    """Whether any date that stands lies before the appeal's, as the flag says."""
    before = any(mark.kind == "dated" and "before" in mark.options for mark in state.marks.values())
    return state.flagged("before_window") if before else state.unflagged("before_window")


def begun(state: State, event: Happened, *, many: bool) -> tuple[State, Effects, Mark | None]:
    """What is there already: an open answer is added to, a changed or skipped one gives way."""
    old = state.marks.get(state.at)
    if old is None:
        return replace(state, changing=()), (), None
    if state.changing == state.at or (not many and not old.open) or old.kind == "passed":
        state, undone = replaced(state, event)
        return state, undone, None
    return state, (), old if old.parts else None
