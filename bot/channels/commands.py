"""The words with a slash that a witness can write, the same on every channel that has them."""

from typing import Final

from bot.channels.port import Commanded
from conversations.model import Control

COMMANDS: Final[dict[str, Control]] = {
    "help": "help", "privacy": "privacy", "language": "language", "status": "status", "pause": "pause",
    "hide": "hide", "delete": "delete", "finish": "finish", "add": "add",
}  # fmt: skip


def command(text: str) -> Commanded | None:
    """What was commanded; None for words, and for commands that are none of ours."""
    if not text.startswith("/"):
        return None
    word, _, rest = text[1:].partition(" ")
    name = word.partition("@")[0].lower()
    if name == "start":
        return Commanded("start", rest.strip())
    return Commanded(COMMANDS[name]) if name in COMMANDS else None
