"""PURE: what came of an answer, and where the conversation goes from there."""

from dataclasses import dataclass
from typing import Literal

from conversations.effects import Effects, Show
from conversations.model import Option, Path, Text
from conversations.state import State

Then = Literal[
    "stay",
    "settle",
    "onward",
    "pass over",
    "done",
    "back to",
    "ask",
    "ask again",
    "repeat",
    "acknowledge",
    "count",
]
"""stay: nothing is said. settle: keep `options`, and on. onward: to the first question without an
answer. pass over: as if it was skipped. done: as if Done was pressed. back to: to `path`, to answer
it anew. ask: the question at `state.at`, as a new one. ask again: the same, as far as its answer
has come. repeat: under its own number. acknowledge, count: the status message of a burst, after a
moment of quiet or now.
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """The state after an answer, what must be done about it, and how it goes on (moves.take).

    A kind of question says this and moves nothing itself.
    """

    state: State
    then: Then
    effects: Effects = ()
    lead: tuple[Text, ...] = ()
    options: tuple[str, ...] = ()
    path: Path = ()


def ask_beside(
    state: State, path: Path, text: Text, options: tuple[Option, ...], lead: tuple[Text, ...] = ()
) -> tuple[State, Effects]:
    """Ask something beside the flow (erase? change?); the question under it stays where it is."""
    asked = state.asking(path, tuple(o.id for o in options))
    return asked, (Show(text, options, lead=lead, prompt=asked.asked, path=path),)
