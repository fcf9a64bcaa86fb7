"""The controls as buttons: Back, Skip, Done and the others; Hide says what it does, which return
words decide.
"""

from typing import Final

from conversations import texts
from conversations.model import Message, Option, Text
from conversations.state import State


def _control(name: str, label: Message) -> Option:
    return Option(f"@{name}", Text(label), control=True)


_BUTTONS: Final = {str(name): _control(name, label) for name, label in texts.CONTROLS.items()}
_HIDE: Final = _control("hide", texts.HIDE)
_HIDE_AGAIN: Final = _control("hide", texts.HIDE_AGAIN)


def button(state: State, name: str) -> Option:
    """One control; `name` as in `Control`."""
    if name == "hide" and state.return_words:
        return _HIDE
    if name == "hide" and state.hide_pressed and state.hide_pressed == state.last:
        return _HIDE_AGAIN
    return _BUTTONS[name]
