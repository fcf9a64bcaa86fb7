"""The flow language: a conversation written down, and the way a witness has gone through it
so far.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from conversations.conditions import Condition, asked_about, holds
from conversations.model import Message, Path
from conversations.questions import Question
from conversations.state import Mark, State

Conditions = tuple[Condition, ...]
Move = Literal[
    "pause", "finish", "write again", "make words", "drop words", "keep held", "stay", "wait a day"
]
"""What a press can do; how is in conversations/pressing.py."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question. `then` sends an option on to a later step; every other answer goes on to the
    next.

    `only`: asked where one of these holds. `unless`: not where one of these does. A step may stand
    in two places of a flow, asked in one of them. `needed`: it cannot be skipped (only language,
    consent and Send). `heading` names it in the review; without one it is not shown there. `part`:
    of which part of the report it is, as the witness counts. `private`: sealed apart, with the
    identity. `since`, `until`: the first and the last version of the flow that has it; 0 where
    every version does.
    """

    id: str
    question: Question
    then: Mapping[str, str] = field(default_factory=dict)
    since: int = 0
    until: int = 0
    needed: bool = False
    heading: Message = ""
    part: int = 0
    private: bool = False
    must_be_seen: bool = False
    """Whoever goes straight to the end is asked it all the same, once."""
    before_sending: bool = False
    """Asked of everybody before the declaration: who finished early is asked it after the review.
    """
    empties: tuple[str, ...] = ()
    """Options after which nothing that was held before is kept."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """Option → the flag of the report that it sets; any other answer takes that flag back."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """Option → the flag that it sets for good."""
    does: Mapping[str, Move] = field(default_factory=dict)
    """What an option does, besides being an answer or in place of being one."""
    locked: bool = False
    """It cannot be answered while what was told is locked."""
    only: Conditions = ()
    unless: Conditions = ()


@dataclass(frozen=True, slots=True)
class Say:
    """Something said on the way to the next question: above it, or `apart`, in a message of its
    own.

    `must`: whoever passes over the questions around it is told it all the same.
    """

    id: str
    text: Message
    apart: bool = False
    must: bool = False
    since: int = 0
    until: int = 0
    only: Conditions = ()
    unless: Conditions = ()


@dataclass(frozen=True, slots=True)
class Each:
    """Steps asked about each file of an incident; where `same` holds, about the first, for all of
    them.
    """

    id: str
    steps: tuple[Ask, ...]
    same: Condition
    since: int = 0
    until: int = 0
    only: Conditions = ()
    unless: Conditions = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Steps that repeat for each member (i1, i2 …); after the last one, `again` asks for another:
    yes or no.
    """

    id: str
    steps: tuple[Ask | Say | Each, ...]
    again: Ask
    prefix: str
    since: int = 0
    until: int = 0
    only: Conditions = ()
    unless: Conditions = ()


@dataclass(frozen=True, slots=True)
class End:
    """Where a flow ends: `filed` submits the report, `gone` destroys it."""

    id: str
    text: Message
    outcome: Literal["filed", "gone"]
    since: int = 0
    until: int = 0
    only: Conditions = ()
    unless: Conditions = ()


Step = Ask | Say | Group | End
Inner = Ask | Say | Each


@dataclass(frozen=True)
class Flow:
    """A version of a flow never changes once reports were begun on it; a report finishes on its own
    version.
    """

    id: str
    version: int
    steps: tuple[Step, ...]

    def index(self, step: str) -> int:
        return self._places[step]

    def end(self, outcome: Literal["filed", "gone"], state: State) -> End:
        """The first such end that is one after the answers so far."""
        found = [s for s in self.steps if isinstance(s, End) and s.outcome == outcome]
        return next((s for s in found if applies(s, state, ())), found[-1])

    def groups(self) -> tuple[Group, ...]:
        return self._groups

    def ask(self, path: Path, state: State | None = None) -> Ask | None:
        """The question at an address, whether or not the witness has come to it; None if there is
        none.

        Where a step stands in two places, `state` tells which of them is asked.
        """
        found = self._asks.get((path[0] if len(path) > 1 else "", path[-1]), ())
        if state is None or len(found) < 2:  # noqa: PLR2004 - nothing to choose between
            return found[0] if found else None
        return next((s for s in found if applies(s, state, path[:-1])), found[0])

    # looked up some dozens of times for an answer, and always the same

    @cached_property
    def _places(self) -> dict[str, int]:
        return {step.id: place for place, step in reversed(list(enumerate(self.steps)))}

    @cached_property
    def _groups(self) -> tuple[Group, ...]:
        return tuple(s for s in self.steps if isinstance(s, Group))

    @cached_property
    def _asks(self) -> dict[tuple[str, str], tuple[Ask, ...]]:
        """By the part of the flow they stand in ("" for none) and their id: a few stand in two
        places of one part.
        """
        parts: dict[str, tuple[Inner | Step, ...]] = {"": self.steps}
        for group in self._groups:
            parts[group.id] = (*group.steps, group.again)
            parts |= {each.id: each.steps for each in group.steps if isinstance(each, Each)}
        found: dict[tuple[str, str], tuple[Ask, ...]] = {}
        for part, steps in parts.items():
            for step in steps:
                if isinstance(step, Ask):
                    found[part, step.id] = (*found.get((part, step.id), ()), step)
        return found

    def address(self, step: str, member: str) -> Path:
        """The address of a step that a button names."""
        if not member:
            return (step,)
        for group in self.groups():
            if member.startswith(group.prefix):
                return (group.id, member, step)
            for each in group.steps:
                if isinstance(each, Each) and member.startswith("x"):
                    return (each.id, member, step)
        return (step,)


def of_version(steps: tuple[Step, ...], version: int) -> tuple[Step, ...]:
    """The steps that a version of the flow has, in their order."""
    return tuple(_inside(step, version) for step in steps if _is_of(step, version))


def _is_of(step: Step | Inner, version: int) -> bool:
    return step.since <= version and (not step.until or version <= step.until)


def _inside(step: Step, version: int) -> Step:
    if not isinstance(step, Group):
        return step
    inner = tuple(s for s in step.steps if _is_of(s, version))
    found = (
        replace(s, steps=tuple(a for a in s.steps if _is_of(a, version)))
        if isinstance(s, Each)
        else s
        for s in inner
    )
    return replace(step, steps=tuple(found))


def applies(step: Inner | Step, state: State, under: Path) -> bool:
    """Whether a step is asked or said at all, after the answers so far."""
    for condition in step.unless:
        if holds(condition, state, under):
            return False
    if not step.only:
        return True
    # a generator costs more than the condition, on the path of an answer
    for condition in step.only:  # noqa: SIM110
        if holds(condition, state, under):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop on the way: a question at its address, something said, or the end."""

    path: Path
    step: Ask | Say | End


def way(flow: Flow, state: State) -> tuple[Stop, ...]:
    """The stops from the first question to the first one without an answer, or to an end.

    The way follows from the answers alone, so a changed answer changes what lies behind it, and no
    state can point to a question that its answers do not lead to.
    """
    return tuple(_along(flow, state))


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


def _along(flow: Flow, state: State) -> Iterator[Stop]:
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
                    if not state.settled(stop.path):
                        return
                    jump = _jump(stop, state)
            jump = jump if any(s.id == jump for s in flow.steps) else ""
        else:
            stop = Stop((step.id,), step)
            yield stop
            if isinstance(step, End) or (isinstance(step, Ask) and not state.settled(stop.path)):
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
    if holds(each.same, state, ("incident", member)):
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
