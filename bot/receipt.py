"""What the receipt's buttons carry: after sending nothing here remembers the chat, so the buttons do."""

from typing import Any, Final

from bot.channels.port import Commanded
from bot.render import Renderer
from conversations import texts

CLEAR: Final = "~clear."
AGAIN: Final = {"~add.": Commanded("add"), "~new.": Commanded("start")}
MOST_CLEARED: Final = 2000
"""Messages that one press clears at the most; ids run over all chats of a bot."""


def buttons(renderer: Renderer, first: int) -> list[list[Any]]:
    """Label, token and row of each; `first`: the id of the conversation's first message."""
    return [
        [renderer.label(texts.ADD_TO_IT), f"~add.{renderer.language}", 0],
        [renderer.label(texts.NEW_REPORT), f"~new.{renderer.language}", 1],
        [renderer.label(texts.CLEAR), f"{CLEAR}{first}", 2],
    ]


def cleared(token: str, message: int) -> list[int]:
    """The messages from the first of the conversation to the receipt that the button hangs on.

    Ids in between that are other chats' are passed over by the channel, which looks for them in this chat only.
    """
    first = token.removeprefix(CLEAR)
    if not token.startswith(CLEAR) or not first.isdecimal() or not message:
        return []
    return list(range(max(int(first[:18]), message - MOST_CLEARED + 1), message + 1))


def again(token: str) -> tuple[Commanded, str] | None:
    """The command that a button stands for, and the language of the receipt it hung on."""
    for begins, command in AGAIN.items():
        if token.startswith(begins):
            language = token.removeprefix(begins)
            return command, language
    return None
