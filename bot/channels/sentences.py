"""PURE: what a channel has witnesses told of itself; each stands in a text by its name in braces.

A text says what is so of every channel; who else can see or read what is written is said here.
"""

from collections.abc import Mapping
from typing import Final

from conversations.model import N_, Message

Sentences = Mapping[str, Message]

TELEGRAM: Final[Sentences] = {
    "channel_sees": N_("Telegram can see that you use this chat."),
    "channel_reads": N_(
        "Telegram can technically read this chat. The bot does not store your Telegram name."
    ),
    "channel_sees_and_reads": N_(
        "Telegram can see that you use this chat, and can technically read it."
    ),
    "channel_privacy": N_(
        "Telegram can see that you use this chat, and can technically read what is in it."
    ),
}
