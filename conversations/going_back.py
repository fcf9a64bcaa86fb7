"""PURE: back to an earlier question: the one before, a chosen one, or the one that was left."""

from dataclasses import replace

from conversations import members, texts
from conversations.asking import ask_question, repeat_question
from conversations.effects import Effects
from conversations.flow import Flow
from conversations.landmarks import REVIEW
from conversations.model import Path, Text
from conversations.state import State
from conversations.steps import Ask
from conversations.way import way

Stepped = tuple[State, Effects]


def back(flow: Flow, state: State) -> Stepped:
    """To the question before; nothing changes until a new answer is given. What is locked is not
    shown that way.
    """
    if state.locked:
        return repeat_question(flow, state, Text(texts.LOCKED))
    asks = [stop.path for stop in way(flow, state) if isinstance(stop.step, Ask)]
    if state.changing:
        return ask_question(flow, replace(state, at=asks[-1], changing=()))
    if state.pending or state.page:
        return ask_question(flow, state)
    if state.at == REVIEW and state.finished:
        return _as_before_finishing(flow, state)
    before = asks.index(state.at) - 1 if state.at in asks else len(asks) - 2
    if before < 0:
        return repeat_question(flow, state)
    # out of an event: if nothing was told of it, there is none
    if asks[before][:2] != state.at[:2]:
        fewer, undone = members.none_empty(flow, state)
        if undone:
            state, shown = ask_question(flow, fewer)
            return state, (*undone, *shown)
    return ask_question(flow, replace(state, at=asks[before]))


def _as_before_finishing(flow: Flow, state: State) -> Stepped:
    """To where Finish was pressed: what it passed over is asked again, and nothing that was passed
    over before.
    """
    asks = [stop.path for stop in way(flow, state) if isinstance(stop.step, Ask)]
    later = asks[asks.index(state.finished) :] if state.finished in asks else []
    over = {
        path
        for path in later
        if (mark := state.marks.get(path)) and mark.kind == "passed" and not mark.prompt
    }
    marks = {path: mark for path, mark in state.marks.items() if path not in over}
    at = state.finished if later else asks[-1]
    return ask_question(flow, replace(state, marks=marks, at=at, finished=()))


def back_to(flow: Flow, state: State, path: Path) -> Stepped:
    """To an earlier question, to answer it anew."""
    if flow.ask(path) is None or path not in state.marks:
        return repeat_question(flow, state)
    return ask_question(flow, replace(state, at=path, changing=path))


def not_leaving(flow: Flow, state: State) -> Stepped:
    """Back from whether to leave: to the question at which it was asked."""
    left = [path for path, mark in state.marks.items() if mark.options == ("leave",)]
    for path in left:
        state = state.unmarked(path)
    return ask_question(flow, replace(state.unflagged("~kept"), at=left[-1] if left else state.at))
