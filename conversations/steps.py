"""PURE: what a flow is written in: questions, things said, groups that repeat, ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from conversations.conditions import Condition, holds
from conversations.model import Message, Path
from conversations.questions import Question
from conversations.state import State

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
