"""The words with a slash that a witness can write, the same on every channel that has them."""

import re
from typing import Final

from bot.channels.incoming import Commanded
from conversations.model import Control

COMMANDS: Final[dict[str, Control]] = {
    "help": "help",
    "privacy": "privacy",
    "language": "language",
    "status": "status",
    "pause": "pause",
    "hide": "hide",
    "delete": "delete",
    "finish": "finish",
    "add": "add",
}
_COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?!\w)[\s.!…,;:]*")
"""As the app marks one at the start of a message, and what may follow it without being words."""


def command(text: str) -> tuple[Commanded, str] | None:
    """What was commanded, and the words behind it; None for words, and for commands that are none
    of ours.
    """
    found = _COMMAND.match(text)
    if found is None:
        return None
    name, rest = found[1].lower(), text[found.end() :].strip()
    if name == "start":
        return Commanded("start", rest), ""
    return (Commanded(COMMANDS[name]), rest) if name in COMMANDS else None
