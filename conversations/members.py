"""The members of a repeating part: one more after a yes, one fewer where nothing was told of it."""

from dataclasses import replace

from conversations.effects import WHOLE, Drop, Effects, Keep
from conversations.flow import Flow
from conversations.model import Passed, Picked
from conversations.state import Mark, State
from conversations.steps import Group


def one_more(flow: Flow, state: State) -> State:
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


def none_empty(flow: Flow, state: State) -> tuple[State, Effects]:
    """Without a last member that nothing was told of: yes to another one was a slip, or thought
    better of.
    """
    undone: Effects = ()
    for group in flow.groups():
        while len(state.members[group.id]) > 1 and _is_empty(
            state, group, state.members[group.id][-1]
        ):
            state, dropped = _one_fewer(state, group)
            undone += dropped
    return state, undone


def _is_empty(state: State, group: Group, member: str) -> bool:
    under = [
        m
        for path, m in state.marks.items()
        if path[:2] == (group.id, member) and path[-1] != group.again.id
    ]
    told = any(mark.kind != "passed" and mark.options != ("done",) for mark in under)
    return not told and all(x.incident != member for x in state.exhibits)


def _one_fewer(state: State, group: Group) -> tuple[State, Effects]:
    """Whether there is another one is then as it was said of the member that goes, or open."""
    *left, gone = state.members[group.id]
    again = (group.id, left[-1], group.again.id)
    last = state.marks.get((group.id, gone, group.again.id))
    under = [path for path in state.marks if path[:2] == (group.id, gone)]
    marks = {
        path: mark for path, mark in state.marks.items() if path not in under and path != again
    }
    kept: Effects = ()
    if last is not None:
        marks[again] = last
        kept = (Keep(again, _answer(last), WHOLE),)
    at = again if state.at[:2] == (group.id, gone) else state.at
    state = replace(state, marks=marks, members={**state.members, group.id: tuple(left)}, at=at)
    return state, (*(Drop(path) for path in (*under, again)), *kept)


def _answer(mark: Mark) -> Picked | Passed:
    if mark.kind == "picked":
        return Picked(mark.options)
    return Passed("unknown" if mark.options == ("unknown",) else "skipped")
