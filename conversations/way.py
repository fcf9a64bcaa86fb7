"""PURE: the way a witness has gone through a flow: the questions that apply, in order, by the
answers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from conversations.conditions import asked_about, holds
from conversations.flow import Flow
from conversations.landmarks import INCIDENT
from conversations.model import Path
from conversations.state import Mark, State
from conversations.steps import Ask, Each, End, Group, Say, applies


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop on the way: a question at its address, something said, or the end."""

    path: Path
    step: Ask | Say | End


Passes = Callable[[Stop], bool]
_last: tuple[tuple[object, ...], tuple[Stop, ...]] = ((), ())
"""The last way, and what it followed from: a step asks for the same one several times."""


def way(flow: Flow, state: State) -> tuple[Stop, ...]:
    """The stops from the first question to the first one without an answer, or to an end.

    The way follows from the answers alone, so a changed answer changes what lies behind it, and no
    state can point to a question that its answers do not lead to.
    """
    global _last  # noqa: PLW0603 - what it holds is found again by what it follows from
    follows_from = (flow, state.marks, state.members, state.flags, state.exhibits)
    known, found = _last
    if not known or any(a is not b for a, b in zip(known, follows_from, strict=True)):
        found = tuple(_along(flow, state, lambda _: False))
        _last = follows_from, found
    return found


def forget() -> None:
    """Of what the last way followed nothing stays: its report is over, or hidden."""
    global _last  # noqa: PLW0603 - see `way`
    _last = (), ()


def way_past(flow: Flow, state: State, passes: Passes) -> tuple[Stop, ...]:
    """The way as it will be once every question without an answer that `passes` says is passed
    over: that changes no condition of another.
    """
    return tuple(_along(flow, state, passes))


def answered(flow: Flow, state: State) -> tuple[Stop, ...]:
    """The questions on the way, and beside them those that are answered though it no longer leads
    there.

    A word that turns questions off takes no answer back: what is kept is shown to its witness, and
    sent.
    """
    stops = [stop for stop in way(flow, state) if isinstance(stop.step, Ask)]
    on_the_way = {stop.path for stop in stops}
    for path, mark in state.marks.items():
        here = flow.ask(path, state) if path not in on_the_way and mark.kind != "passed" else None
        if here is not None:
            near = [at for at, stop in enumerate(stops) if stop.path[:-1] == path[:-1]]
            stops.insert(near[-1] + 1 if near else len(stops), Stop(path, here))
    return tuple(stops)


def _along(flow: Flow, state: State, passes: Passes) -> Iterator[Stop]:
    index = 0
    while True:
        step = flow.steps[index]
        jump = ""
        if not applies(step, state, ()):
            pass
        elif isinstance(step, Group):
            for stop in _through(step, state):
                yield stop
                if isinstance(stop.step, Ask):
                    if not state.settled(stop.path) and not passes(stop):
                        return
                    jump = _jump(stop, state)
            jump = jump if any(s.id == jump for s in flow.steps) else ""
        else:
            stop = Stop((step.id,), step)
            yield stop
            if isinstance(step, End):
                return
            if isinstance(step, Ask) and not state.settled(stop.path) and not passes(stop):
                return
            jump = _jump(stop, state)
        index = flow.index(jump) if jump else index + 1


def _through(group: Group, state: State) -> Iterator[Stop]:
    """The stops inside a group, member by member; ends early after an answer that leads out of the
    group.
    """
    members = state.members.get(group.id, ())
    for member in members:
        skipping = ""
        for step in group.steps:
            if skipping and step.id != skipping:
                continue
            skipping = ""
            if not applies(step, state, (group.id, member)):
                continue
            if isinstance(step, Each):
                yield from _about(step, state, member)
                continue
            stop = Stop((group.id, member, step.id), step)
            yield stop
            skipping = _jump(stop, state)
            if skipping and all(s.id != skipping for s in group.steps):
                return
    if applies(group.again, state, (group.id, members[-1])):
        yield Stop((group.id, members[-1], group.again.id), group.again)


def _about(each: Each, state: State, member: str) -> Iterator[Stop]:
    files = asked_about(state, member)
    if holds(each.same, state, (INCIDENT, member)):
        files = files[:1]
    for file in files:
        for step in each.steps:
            if applies(step, state, (each.id, file)):
                yield Stop((each.id, file, step.id), step)


def _jump(stop: Stop, state: State) -> str:
    """Where the answer at this stop leads; empty: on to the next step."""
    mark = state.marks.get(stop.path)
    if not isinstance(stop.step, Ask) or mark is None:
        return ""
    return next((stop.step.then[o] for o in mark.options if o in stop.step.then), "")


def start(flow: Flow, began: int, language: str = "") -> State:
    """A fresh state before the first question, or, in a language that is known, before the one
    after it.
    """
    members = {g.id: (f"{g.prefix}1",) for g in flow.groups()}
    first = (flow.steps[0].id,)
    fresh = State(
        flow.id,
        flow.version,
        language=language,
        at=first,
        members=members,
        given=dict.fromkeys(members, 1),
        began=began,
    )
    if not language:
        return fresh
    known = fresh.marked(first, Mark("picked", (language,), at=began))
    return replace(known, at=way(flow, known)[-1].path)
