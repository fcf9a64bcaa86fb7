"""PURE: return words of the witness's own: not kept; what finds the report by them is made
outside.
"""

from typing import Final

from conversations import texts
from conversations.effects import MakeWords
from conversations.events import Edited, Wrote
from conversations.model import Text
from conversations.state import Mark, State
from conversations.turn import Turn

LEAST: Final = 4
"""Words that must be: fewer are guessed."""


def answered(state: State, event: Wrote) -> Turn:
    """Take them, if they are enough."""
    if len(event.text.split()) < LEAST:
        return Turn(state, "repeat", lead=(Text(texts.OWN_TOO_FEW),))
    mark = Mark("picked", ("taken",), (event.id,), prompt=state.asked, at=event.at)
    return Turn(state.marked(state.at, mark), "onward", (MakeWords(event.text),))


def edited(state: State, event: Edited) -> Turn:
    """A slip was mended: the new ones open the report; they are no part of what is told."""
    if len(event.text.split()) < LEAST:
        return Turn(state, "repeat", lead=(Text(texts.OWN_TOO_FEW),))
    return Turn(state, "stay", (MakeWords(event.text),))
