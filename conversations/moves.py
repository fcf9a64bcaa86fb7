"""PURE: going on through a flow: what a kind of question says of an answer, to the first question
without one, past it, to the end. Back is in going_back.py, straight to the review in finishing.py.
"""

from dataclasses import replace
from typing import Literal

from conversations import burst, going_back, members, sending, texts
from conversations.asking import ask_again, ask_question, repeat_question
from conversations.dropping import unreachable
from conversations.effects import WHOLE, Discard, Drop, Effects, Forget, Keep, Show
from conversations.events import Happened
from conversations.flow import Flow
from conversations.kinds import when
from conversations.landmarks import (
    ACCOUNT,
    EXHIBIT,
    LANGUAGE,
    PIN,
    REVIEW,
    SEND,
    current_incident,
    is_point,
)
from conversations.model import Option, Passed, Path, Picked, Text
from conversations.questions import Choice, Files, Review, Several, When, Words, takes_many
from conversations.state import Mark, State
from conversations.steps import Ask, End
from conversations.turn import Turn, ask_beside
from conversations.way import way

Stepped = tuple[State, Effects]
POINT_AGAIN = "~point_again"
"""The mark of a point that was asked about twice."""


def take(flow: Flow, turn: Turn, event: Happened) -> Stepped:
    """Go on as a question says after an answer to it."""
    state, shown = _go_on(flow, turn, event)
    return state, (*turn.effects, *shown)


def _go_on(flow: Flow, turn: Turn, event: Happened) -> Stepped:
    state = turn.state
    match turn.then:
        case "stay":
            return state, ()
        case "settle":
            return settle(flow, state, event, state.at, turn.options)
        case "onward":
            return onward(flow, state, turn.lead)
        case "pass over":
            return pass_over(flow, state, event, "skipped")
        case "done":
            return end_of_many(flow, state, event)
        case "back to":
            return going_back.back_to(flow, state, turn.path)
        case "ask":
            return ask_question(flow, state, turn.lead)
        case "ask again":
            return ask_again(flow, state, *turn.lead)
        case "repeat":
            return repeat_question(flow, state, *turn.lead)
        case "acknowledge":
            return burst.acknowledge_burst(flow, state)
        case "count":
            return burst.status(flow, burst.acknowledge_burst(flow, state)[0])


def point_waits(state: State) -> bool:
    """Whether a point is neither said to be the place of the event nor asked about twice."""
    waits = state.found is not None and is_point(state.found.path)
    return waits and POINT_AGAIN not in state.flags


def point_again(flow: Flow, state: State, lead: tuple[Text, ...] = ()) -> Stepped:
    """Before it is left behind it is asked about once more: unconfirmed it goes nowhere."""
    if state.at not in (stops := [stop.path for stop in way(flow, state)]):
        state = replace(state, at=stops[-1])  # a question was opened meanwhile: it comes next
    options = (Option("yes", Text(texts.PIN_YES)), Option("no", Text(texts.NO)))
    return ask_beside(state.flagged(POINT_AGAIN), (PIN,), Text(texts.PIN_ASK), options, lead)


def onward(flow: Flow, state: State, lead: tuple[Text, ...] = ()) -> Stepped:
    """Go to the first question without an answer, or to the end that the answers lead to."""
    if point_waits(state):
        return point_again(flow, state, lead)
    state = members.one_more(flow, state)
    last = way(flow, state)[-1]
    undone: Effects = ()
    if last.path[0] not in state.members:
        state, undone = members.none_empty(flow, state)
    match last.step:
        case End(outcome="gone", text=text):
            return replace(state, stage="gone"), (Forget(), Show(Text(text)))
        case End(outcome="filed"):
            state, moved = sending.submit(flow, state)
        case _:
            state, moved = _arrive(flow, state, last.path, lead)
    return state, (*undone, *moved)


def _arrive(flow: Flow, state: State, path: Path, lead: tuple[Text, ...]) -> Stepped:
    here = flow.ask(path, state)
    late = here is not None and here.before_sending and state.settled(REVIEW)
    # opened since: what is sent is seen before, and declared again
    if path not in (REVIEW, SEND) and not late:
        state = state.unmarked(REVIEW).unmarked(SEND)
    if path[-1] == ACCOUNT and state.marks.get(path):
        lead = (*lead, Text(texts.STARTED_BEFORE))
    return ask_question(flow, replace(state, at=path), lead)


def settle(
    flow: Flow, state: State, event: Happened, path: Path, options: tuple[str, ...]
) -> Stepped:
    """Keep a choice and go on."""
    before = state
    undone: Effects = (Drop(path),) if path in before.marks and not before.marks[path].open else ()
    here = flow.ask(path, state)
    # by which an edit finds it
    typed = (event.id,) if here is not None and isinstance(here.question, Choice) else ()
    mark = Mark("picked", options, typed, prompt=state.asked, at=event.at)
    state = replace(state.marked(path, mark), changing=()).turned()
    if path == LANGUAGE:
        state = replace(state, language=options[0])
    lead: tuple[Text, ...] = ()
    if here is not None and not set(here.empties).isdisjoint(options):
        lead = (Text(texts.HELD_GONE),) if state.something_kept() else ()
        state, emptied = destroy_held(state)
        undone += emptied
    state, dropped, told = unreachable(flow, before, state, event.at)
    state, moved = onward(flow, state, (*lead, *told))
    return state, (*undone, Keep(path, Picked(options), WHOLE), *dropped, *moved)


def destroy_held(state: State) -> Stepped:
    """Destroy the words and files that were held so far."""
    spoken = [path for path, mark in state.marks.items() if mark.kind == "said"]
    for path in spoken:
        state = state.unmarked(path)
    gone = tuple(Discard(x.id) for x in state.exhibits)
    return replace(state, exhibits=(), status=0), (*(Drop(path) for path in spoken), *gone)


def leave_half_done(flow: Flow, state: State, event: Happened) -> Stepped:
    """What is left half way: a date that nobody said yes to is uncertain, an event that nothing was
    told of is none.
    """
    here = flow.ask(state.at, state)
    kept: Effects = ()
    if (
        here
        and isinstance(here.question, When)
        and (turn := when.settle_unconfirmed(here.question, state, event))
    ):
        state, kept = turn.state, turn.effects
    state, undone = members.none_empty(flow, state)
    return state, (*kept, *undone)


def pass_over(
    flow: Flow, state: State, event: Happened, how: Literal["skipped", "unknown"]
) -> Stepped:
    """Skip and Don't know: on to the next question; what was already given stays."""
    here = flow.ask(state.at, state)
    if here is None or here.needed or isinstance(here.question, Review):
        return repeat_question(flow, state)
    mark = state.marks.get(state.at)
    if isinstance(here.question, When) and (
        turn := when.settle_unconfirmed(here.question, state, event)
    ):
        return take(flow, turn, event)
    if (
        mark is not None
        and mark.kind != "passed"
        and not (isinstance(here.question, Several) and not mark.options)
    ):
        state = replace(
            state.marked(state.at, replace(mark, open=False)), changing=(), found=None
        ).turned()
        return onward(flow, state)
    path = state.at
    state = state.marked(path, Mark("passed", (how,), prompt=state.asked, at=event.at)).turned()
    state, moved = onward(flow, replace(state, changing=()))
    return state, (Keep(path, Passed(how), WHOLE), *moved)


def end_of_many(flow: Flow, state: State, event: Happened) -> Stepped:
    """Done with a question that takes many messages; elsewhere it repeats the question."""
    here = flow.ask(state.at, state)
    if here is None or not takes_many(here.question):
        return repeat_question(flow, state)
    if state.at not in state.marks and not _files_here(state, here):
        return repeat_question(flow, state, Text(texts.NOTHING_ARRIVED))
    mark = state.marks.get(state.at) or Mark("picked", ("done",), prompt=state.asked, at=event.at)
    state = replace(state.marked(state.at, replace(mark, open=False)), changing=())
    return onward(flow, with_files(state))


def _files_here(state: State, here: Ask) -> bool:
    """Whether files came for this event; where only they are asked for, no words will do."""
    mine = [
        x for x in state.exhibits if x.incident == current_incident(state) and x.status != "lost"
    ]
    return bool(mine) if isinstance(here.question, (Files, Words)) else False


def with_files(state: State) -> State:
    """The files that are here now are those whose origin is asked for; later ones come without
    questions.
    """
    spoken = {part for mark in state.marks.values() for part in mark.parts}
    there = tuple(x.id for x in state.exhibits if x.status != "lost" and x.id not in spoken)
    if there == state.members.get(EXHIBIT, ()):
        return state
    return replace(state, members={**state.members, EXHIBIT: there})


def pause(flow: Flow, state: State) -> Stepped:
    """Everything is kept; once, a reminder is offered, in words that say nothing."""
    if "~reminder" in state.flags or not state.something_kept():
        return repeat_question(flow, state, Text(texts.PAUSED))
    options = (Option("yes", Text(texts.YES)), Option("no", Text(texts.NO)))
    return ask_beside(state.flagged("~reminder"), ("~remind",), Text(texts.PAUSED_REMIND), options)
