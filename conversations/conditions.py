"""When a step of a flow is asked: after which answers, on which marks of the report, for which
member of a group.
"""

from dataclasses import dataclass, replace

from conversations.landmarks import EXHIBIT, INCIDENT, PIN, WHERE, of_incident
from conversations.model import Path
from conversations.state import Mark, State

FLAG = "~flag"
MEMBER = "~member"
CHOICES = ("picked", "dated")


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds where one of the options chosen at `step` is among `options`; with `every`, where all
    of them are.

    `step` is looked for beside the step that asks, and then at the top of the flow; with a star
    before it, in every event. Of a question in words the option is "said".
    """

    step: str
    options: frozenset[str]
    every: bool = False
    also: tuple["Condition", ...] = ()
    """It holds only where these do, too."""


def both(*conditions: Condition) -> Condition:
    """Where every one of these holds."""
    return replace(conditions[0], also=conditions[1:])


def any_of(step: str, *options: str) -> Condition:
    """One of the options was chosen, whatever else was."""
    return Condition(step, frozenset(options))


def just(step: str, *options: str) -> Condition:
    """Something was chosen, and nothing but these."""
    return Condition(step, frozenset(options), every=True)


def any_where(step: str, *options: str) -> Condition:
    """One of the options was chosen at this step, in whichever event."""
    return Condition(f"*{step}", frozenset(options))


def flagged(*flags: str) -> Condition:
    """The report carries one of these marks (State.flags)."""
    return Condition(FLAG, frozenset(flags))


FIRST = Condition(MEMBER, frozenset({"first"}))
LATER = Condition(MEMBER, frozenset({"later"}))
FILES_SEVERAL = Condition(MEMBER, frozenset({"several files"}))
FILES_ONE = Condition(MEMBER, frozenset({"one file"}))
HAS_FILES = Condition(MEMBER, frozenset({"has files"}))
"""Files came for this event, whether or not they were asked for."""

PLACED = Condition(MEMBER, frozenset({"placed"}))
"""A settlement or region was pressed as the place of every event: all that are offered are
Ukraine's.
"""


def holds(condition: Condition, state: State, under: Path) -> bool:
    """Whether a condition holds for a step under this address: () at the top, ("incident", "i2") in
    a group.
    """
    if not all(holds(also, state, under) for also in condition.also):
        return False
    chosen = _chosen(condition.step, state, under)
    if condition.every:
        return bool(chosen) and set(chosen) <= condition.options
    return not condition.options.isdisjoint(chosen)


def _chosen(step: str, state: State, under: Path) -> tuple[str, ...]:
    if step == FLAG:
        return state.flags
    if step == MEMBER:
        return _member(state, under)
    if step.startswith("*"):
        marks = [m for path, m in state.marks.items() if path[-1] == step[1:]]
        return tuple(option for mark in marks for option in _options(mark))
    mark = state.marks.get((*under, step)) or state.marks.get((step,))
    return _options(mark) if mark is not None else ()


def _options(mark: Mark) -> tuple[str, ...]:
    if mark.kind == "said":
        return ("said",)
    return mark.options if mark.kind in CHOICES else ()


def _member(state: State, under: Path) -> tuple[str, ...]:
    first = not under or under[1] in state.members.get(under[0], ())[:1]
    files = len(asked_about(state, under[1])) if under else 0
    about = ("several files",) if files > 1 else ("one file",) * files
    mine = (
        x
        for x in state.exhibits
        if under and x.incident == under[1] and x.status != "lost" and x.kind != "voice"
    )
    events = state.members.get(INCIDENT, ())
    placed = all(
        (mark := state.marks.get(of_incident(event, WHERE))) and _pressed(mark) for event in events
    )
    which = (("has files",) if any(mine) else ()) + (("placed",) if events and placed else ())
    return ("first" if first else "later", *about, *which)


def _pressed(mark: Mark) -> bool:
    """Whether a settlement or region was; of a point only the nearest settlement of Ukraine is
    known.
    """
    return mark.kind != "passed" and any(mark.options) and PIN not in mark.parts


def asked_about(state: State, incident: str) -> tuple[str, ...]:
    """The files of an incident whose origin is asked for: those that were there when its Files
    question was done.
    """
    mine = {x.id for x in state.exhibits if x.incident == incident and x.status != "lost"}
    return tuple(x for x in state.members.get(EXHIBIT, ()) if x in mine)
