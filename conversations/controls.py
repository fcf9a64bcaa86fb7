"""The controls as buttons: Back, Skip, Done and the others; Hide says what it does, which return
words decide.
"""

from conversations import texts
from conversations.model import Message, Option, Text
from conversations.state import State


def button(state: State, name: str) -> Option:
    """One control; `name` as in `Control`."""
    labels: dict[str, Message] = {str(k): v for k, v in texts.CONTROLS.items()}
    label = labels[name]
    if name == "hide" and state.return_words:
        label = texts.HIDE
    elif name == "hide" and state.hide_pressed and state.hide_pressed == state.last:
        label = texts.HIDE_AGAIN
    return Option(f"@{name}", Text(label), control=True)
