"""The flow language: a conversation written down, and the way a witness has gone through it so far."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from conversations.model import Message, Path
from conversations.questions import Question
from conversations.state import State


@dataclass(frozen=True, slots=True)
class Ask:
    """A question. `then` sends an option on to a later step; every other answer goes on to the next.

    `needed`: it cannot be skipped (only language, consent and Send). `heading` names it in the review;
    without one it is not shown there.
    """

    id: str
    question: Question
    then: Mapping[str, str] = field(default_factory=dict)
    needed: bool = False
    heading: Message = ""


@dataclass(frozen=True, slots=True)
class Say:
    """Something said on the way to the next question, in the same message."""

    id: str
    text: Message


@dataclass(frozen=True, slots=True)
class Group:
    """Steps that repeat for each member (i1, i2 …); after the last one, `again` asks for another: yes or no."""

    id: str
    steps: tuple[Ask | Say, ...]
    again: Ask
    prefix: str


@dataclass(frozen=True, slots=True)
class End:
    """Where a flow ends: `filed` submits the report, `gone` destroys it."""

    id: str
    text: Message
    outcome: Literal["filed", "gone"]


Step = Ask | Say | Group | End


@dataclass(frozen=True)
class Flow:
    """A version of a flow never changes once reports were begun on it; a report finishes on its own version."""

    id: str
    version: int
    steps: tuple[Step, ...]

    def index(self, step: str) -> int:
        return next(i for i, s in enumerate(self.steps) if s.id == step)

    def end(self, outcome: Literal["filed", "gone"]) -> End:
        return next(s for s in self.steps if isinstance(s, End) and s.outcome == outcome)

    def groups(self) -> tuple[Group, ...]:
        return tuple(s for s in self.steps if isinstance(s, Group))

    def ask(self, path: Path) -> Ask | None:
        """The question at an address, whether or not the witness has come to it; None if there is none."""
        if len(path) == 1:
            return next((s for s in self.steps if isinstance(s, Ask) and s.id == path[0]), None)
        group = next((g for g in self.groups() if g.id == path[0]), None)
        if group is None:
            return None
        inner = (*group.steps, group.again)
        return next((s for s in inner if isinstance(s, Ask) and s.id == path[-1]), None)

    def address(self, step: str, member: str) -> Path:
        """The address of a step that a button names."""
        if not member:
            return (step,)
        group = next((g for g in self.groups() if member.startswith(g.prefix)), None)
        return (group.id, member, step) if group else (step,)


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


def _along(flow: Flow, state: State) -> Iterator[Stop]:
    index = 0
    while True:
        step = flow.steps[index]
        jump = ""
        if isinstance(step, Group):
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
    """The stops inside a group, member by member; ends early after an answer that leads out of the group."""
    members = state.members.get(group.id, ())
    for member in members:
        skipping = ""
        for step in group.steps:
            if skipping and step.id != skipping:
                continue
            skipping = ""
            stop = Stop((group.id, member, step.id), step)
            yield stop
            skipping = _jump(stop, state)
            if skipping and all(s.id != skipping for s in group.steps):
                return
    yield Stop((group.id, members[-1], group.again.id), group.again)


def _jump(stop: Stop, state: State) -> str:
    """Where the answer at this stop leads; empty: on to the next step."""
    mark = state.marks.get(stop.path)
    if not isinstance(stop.step, Ask) or mark is None:
        return ""
    return next((stop.step.then[o] for o in mark.options if o in stop.step.then), "")


def start(flow: Flow, began: int) -> State:
    """A fresh state before the first question; every group has its first member."""
    members = {g.id: (f"{g.prefix}1",) for g in flow.groups()}
    return State(
        flow.id, flow.version, language="", at=(flow.steps[0].id,), members=members,
        given=dict.fromkeys(members, 1), began=began,
    )  # fmt: skip
