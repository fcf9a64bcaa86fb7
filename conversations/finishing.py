"""Going on without the questions in between: to the review, past the events, to Send; and what
nobody passes over.
"""

from dataclasses import replace

from conversations import moves
from conversations.asking import ask_question, repeat_question
from conversations.effects import Effects
from conversations.events import Happened
from conversations.flow import Flow
from conversations.landmarks import ACCOUNT, CONTACT, REVIEW, SEND, UK
from conversations.model import Path
from conversations.questions import Review
from conversations.state import Mark, State
from conversations.steps import Ask
from conversations.telling import question_meant
from conversations.way import Passes, Stop, way, way_past

Stepped = tuple[State, Effects]


def finish(flow: Flow, state: State, event: Happened) -> Stepped:
    """To the review with what there is: every question on the way there counts as skipped.

    Where what is needed stands before it, such as consent, nothing is skipped and the question
    comes again.
    """
    if moves.point_waits(state):
        return moves.point_again(flow, state)
    state, kept = moves.leave_half_done(flow, state, event)
    pressed = state.at
    state, shown = _to_the_end(flow, state, event)
    if state.at == REVIEW and pressed not in (REVIEW, SEND):
        state = replace(state, finished=pressed)
    return state, (*kept, *shown)


def _to_the_end(flow: Flow, state: State, event: Happened) -> Stepped:
    asked, meant = state, question_meant(state, event)

    def passes(stop: Stop) -> bool:
        here = stop.step
        return isinstance(here, Ask) and not (
            here.needed or isinstance(here.question, Review) or _to_be_seen(stop, asked, meant)
        )

    state, last = _passed_over(flow, state, event, passes)
    if not isinstance(last.step, Ask):
        return repeat_question(flow, state)
    if isinstance(last.step.question, Review):
        return ask_question(flow, replace(state, at=last.path, changing=()))
    if last.step.needed:
        return _to_review(flow, state, asked)
    return moves.onward(flow, replace(state, changing=()).turned())


def _passed_over(flow: Flow, state: State, event: Happened, passes: Passes) -> tuple[State, Stop]:
    """What is left to ask counts as skipped, up to what may not be passed over, which comes with
    it.
    """
    *before, last = way_past(flow, state, passes)
    for stop in before:
        if isinstance(stop.step, Ask) and not state.settled(stop.path):
            state = _skipped(state, stop.path, event)
    return state, last


def _to_be_seen(stop: Stop, asked: State, seen: Path) -> bool:
    """What nobody passes over, however fast they go on: that nobody is reading, legal advice, the
    account itself. `seen`: the question under which it was pressed; of two taps the second is under
    the same.
    """
    here = stop.step
    assert isinstance(here, Ask)  # noqa: S101 - narrows for mypy
    unasked = stop.path[-1] == ACCOUNT and all(prompt.path != stop.path for prompt in asked.prompts)
    return (here.must_be_seen or unasked) and stop.path != seen


def _skipped(state: State, path: Path, event: Happened) -> State:
    mark = state.marks.get(path) or Mark("passed", ("skipped",), prompt=0, at=event.at)
    state = replace(state, found=None)
    return state.marked(path, replace(mark, open=False))


def no_more(flow: Flow, state: State, event: Happened) -> Stepped:
    """No more questions about the events: on to whether the police may make contact."""
    state, kept = moves.leave_half_done(flow, state, event)
    state, shown = _past_events(flow, state, event)
    return state, (*kept, *shown)


def _past_events(flow: Flow, state: State, event: Happened) -> Stepped:
    asked, meant = state, question_meant(state, event)

    def passes(stop: Stop) -> bool:
        here = stop.step
        return isinstance(here, Ask) and not (
            here.needed
            or stop.path in (CONTACT, UK)
            or isinstance(here.question, Review)
            or _to_be_seen(stop, asked, meant)
        )

    state, last = _passed_over(flow, state, event, passes)
    if isinstance(last.step, Ask) and isinstance(last.step.question, Review):
        return repeat_question(flow, state)
    return moves.onward(flow, replace(state, changing=()).turned())


def to_send(flow: Flow, state: State, event: Happened) -> Stepped:
    """To the declaration, past whatever is left to ask and past the review."""
    state, shown = finish(flow, state, event)
    if state.at != REVIEW:
        return state, shown
    return moves.settle(flow, state, event, state.at, ("go",))


def _to_review(flow: Flow, state: State, asked: State) -> Stepped:
    """From the declaration back to the review; before consent there is none yet."""
    found = [
        stop.path
        for stop in way(flow, state)
        if isinstance(stop.step, Ask) and isinstance(stop.step.question, Review)
    ]
    if not found:
        return repeat_question(flow, asked)
    return ask_question(flow, replace(state.unmarked(found[0]), at=found[0], changing=()))
