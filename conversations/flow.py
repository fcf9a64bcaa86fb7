"""A flow: its steps by their place and their name, and which version has which."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from conversations.model import Path
from conversations.state import State
from conversations.steps import Ask, Each, End, Group, Inner, Step, applies


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
