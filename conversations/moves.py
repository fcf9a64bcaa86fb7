"""Moving through a flow: on, back, past, to the review; and what becomes of answers that a change leaves behind."""

from dataclasses import replace
from typing import Literal

from conversations import texts
from conversations.asking import ask, repeat
from conversations.flow import Ask, End, Flow, way
from conversations.model import Discard, Drop, Effects, Forget, Happened, Keep, Option, Passed, Path, Show, Submit, Text
from conversations.questions import Review, takes_many
from conversations.state import Changed, Mark, State

Stepped = tuple[State, Effects]


def onward(flow: Flow, state: State, lead: tuple[Text, ...] = ()) -> Stepped:
    """Go to the first question without an answer, or to the end that the answers lead to."""
    state = _another(flow, state)
    last = way(flow, state)[-1]
    match last.step:
        case End(outcome="gone", text=text):
            return replace(state, stage="gone"), (Forget(), Show(Text(text)))
        case End(outcome="filed"):
            return _submit(flow, state)
        case _:
            return _arrive(flow, state, last.path, lead)


def _arrive(flow: Flow, state: State, path: Path, lead: tuple[Text, ...]) -> Stepped:
    if path[-1] == "account" and state.marks.get(path):
        lead = (*lead, Text(texts.STARTED_BEFORE))
    return ask(flow, replace(state, at=path), lead)


def _another(flow: Flow, state: State) -> State:
    """After yes to another one, the group has a new member, with an id never used before."""
    for group in flow.groups():
        members = state.members[group.id]
        mark = state.marks.get((group.id, members[-1], group.again.id))
        if mark and mark.options == ("yes",):
            number = state.given[group.id] + 1
            grown = (*members, f"{group.prefix}{number}")
            state = replace(
                state,
                members={**state.members, group.id: grown},
                given={**state.given, group.id: number},
            )
    return state


def _submit(flow: Flow, state: State) -> Stepped:
    """Send was pressed: at once, when the last file is here, or not yet because there is nothing to send."""
    if not state.something_kept():
        first = next(g for g in flow.groups())
        path = (first.id, state.members[first.id][0], "account")
        state = state.unmarked(("send",)).unmarked(("review",)).unmarked(path)
        return ask(flow, replace(state, at=path), (Text(texts.NOTHING_YET),))
    if not state.files("coming"):
        return replace(state, stage="sending"), (Show(Text(texts.SENDING)), Submit())
    return soon(replace(state, stage="waiting"))


def soon(state: State) -> Stepped:
    """Send was pressed while files are on their way: the report goes by itself, or at once without them."""
    state = state.asking(("~sending",), ("without",))
    text = Text(texts.SENDING_SOON, {"count": len(state.files("coming"))})
    options = (Option("without", Text(texts.SEND_WITHOUT)),)
    return state, (Show(text, options, slot="sending", prompt=state.asked, path=("~sending",)),)


def back(flow: Flow, state: State) -> Stepped:
    """To the question before; nothing changes until a new answer is given."""
    asks = [stop.path for stop in way(flow, state) if isinstance(stop.step, Ask)]
    if state.changing:
        return ask(flow, replace(state, at=asks[-1], changing=()))
    before = asks.index(state.at) - 1 if state.at in asks else len(asks) - 2
    if before < 0:
        return repeat(flow, state)
    return ask(flow, replace(state, at=asks[before]))


def back_to(flow: Flow, state: State, path: Path) -> Stepped:
    """To an earlier question, to answer it anew."""
    if flow.ask(path) is None or path not in state.marks:
        return repeat(flow, state)
    return ask(flow, replace(state, at=path, changing=path))


def passed(flow: Flow, state: State, event: Happened, how: Literal["skipped", "unknown"]) -> Stepped:
    """Skip and Don't know: on to the next question; words already given stay."""
    here = flow.ask(state.at)
    if here is None or here.needed or isinstance(here.question, Review):
        return repeat(flow, state)
    mark = state.marks.get(state.at)
    if mark is not None and mark.kind != "passed":
        state = replace(state.marked(state.at, replace(mark, open=False)), changing=())
        return onward(flow, state)
    path = state.at
    state = state.marked(path, Mark("passed", (how,), prompt=state.asked, at=event.at))
    state, moved = onward(flow, state)
    return state, (Keep(path, Passed(how), event.id), *moved)


def done(flow: Flow, state: State, event: Happened) -> Stepped:
    """Done with a question that takes many messages; elsewhere it repeats the question."""
    here = flow.ask(state.at)
    if here is None or not takes_many(here.question):
        return repeat(flow, state)
    mark = state.marks.get(state.at) or Mark("picked", ("done",), prompt=state.asked, at=event.at)
    state = replace(state.marked(state.at, replace(mark, open=False)), changing=())
    return onward(flow, state)


def finish(flow: Flow, state: State, event: Happened) -> Stepped:
    """To the review with what there is: every question on the way there counts as skipped."""
    while True:
        last = way(flow, state)[-1]
        if not isinstance(last.step, Ask):
            return repeat(flow, state)
        if isinstance(last.step.question, Review):
            return ask(flow, replace(state, at=last.path, changing=()))
        if last.step.needed:
            return _to_review(flow, state)
        mark = state.marks.get(last.path) or Mark("passed", ("skipped",), prompt=0, at=event.at)
        state = state.marked(last.path, replace(mark, open=False))


def _to_review(flow: Flow, state: State) -> Stepped:
    """From the declaration back to the review; before consent there is none yet."""
    found = [
        stop.path for stop in way(flow, state) if isinstance(stop.step, Ask) and isinstance(stop.step.question, Review)
    ]
    if not found:
        return repeat(flow, state)
    return ask(flow, replace(state.unmarked(found[0]), at=found[0], changing=()))


def unreachable(flow: Flow, before: State, after: State, at: int) -> tuple[State, Effects, tuple[Text, ...]]:
    """Drop the answers that a changed answer no longer leads to, and say so."""
    kept = {stop.path for stop in way(flow, _as_if_answered(flow, after))}
    kept |= {(g.id, member, g.again.id) for g in flow.groups() for member in after.members[g.id]}
    gone: Effects = ()
    told: list[Text] = []
    for path in before.marks:
        here = flow.ask(path)
        if path in kept or here is None or _held(path, after):
            continue
        after, undone = dropped(after, path)
        after = replace(after.unmarked(path), changed=(*after.changed, Changed(path, at)))
        gone += undone
        if here.heading:
            told.append(Text(texts.DROPPED, {"heading": Text(here.heading)}))
    return after, gone, tuple(told)


def dropped(state: State, path: Path) -> Stepped:
    """Destroy an answer, and the voice messages that were it."""
    mark = state.marks.get(path)
    spoken = [x.id for x in state.exhibits if mark and x.id in mark.parts]
    state = replace(state, exhibits=tuple(x for x in state.exhibits if x.id not in spoken))
    return state, (Drop(path), *(Discard(name) for name in spoken))


def _held(path: Path, state: State) -> bool:
    """Words that came before consent wait for it; no choice has led away from them."""
    return path[-1] == "account" and not state.settled(("consent",))


def _as_if_answered(flow: Flow, state: State) -> State:
    """The state as if every open question ahead had been passed: what the answers so far still can lead to."""
    while isinstance((last := way(flow, state)[-1]).step, Ask):
        state = state.marked(last.path, Mark("passed"))
    return state


def known(flow: Flow, state: State, path: Path) -> bool:
    """Whether an address names an answer or a file that is there."""
    if path[0] == "exhibit":
        return any(x.id == path[1] for x in state.exhibits)
    return path in state.marks and flow.ask(path) is not None
