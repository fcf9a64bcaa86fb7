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
    a group. It is asked some eighty times an answer.
    """
    for also in condition.also:
        if not holds(also, state, under):
            return False
    step, wanted = condition.step, condition.options
    if step == MEMBER:
        return any(_is_such(what, state, under) for what in wanted)
    if step == FLAG:
        chosen = state.flags
    elif step[0] == "*":
        return _chosen_anywhere(step[1:], wanted, state)
    else:
        mark = (under and state.marks.get((*under, step))) or state.marks.get((step,))
        chosen = _options(mark) if mark else ()
    if condition.every:
        return bool(chosen) and wanted.issuperset(chosen)
    return not wanted.isdisjoint(chosen)


def _chosen_anywhere(step: str, wanted: frozenset[str], state: State) -> bool:
    for path, mark in state.marks.items():
        if path[-1] == step and not wanted.isdisjoint(_options(mark)):
            return True
    return False


def _options(mark: Mark) -> tuple[str, ...]:
    if mark.kind == "said":
        return ("said",)
    return mark.options if mark.kind in CHOICES else ()


def _is_such(what: str, state: State, under: Path) -> bool:
    """Whether the member under which a step stands is of this kind."""
    match what:
        case "first":
            return not under or under[1] in state.members.get(under[0], ())[:1]
        case "later":
            return not _is_such("first", state, under)
        case "several files":
            return bool(under) and len(asked_about(state, under[1])) > 1
        case "one file":
            return bool(under) and len(asked_about(state, under[1])) == 1
        case "has files":
            return bool(under) and any(
                x.incident == under[1] and x.status != "lost" and x.kind != "voice"
                for x in state.exhibits
            )
        case "placed":
            events = state.members.get(INCIDENT, ())
            marks = [state.marks.get(of_incident(event, WHERE)) for event in events]
            return bool(events) and all(mark is not None and _pressed(mark) for mark in marks)
        case _:
            raise LookupError(what)


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
