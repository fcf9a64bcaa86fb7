"""A file: as the channel announced it, and what it turned out to be."""

from dataclasses import dataclass, field
from typing import Literal

from conversations.answers import BARE, About


@dataclass(frozen=True, slots=True)
class File:
    """A file as the channel announced it; everything but `id` is the sender's claim. `size` in
    bytes, −1 unknown.

    `id` is the channel's own handle, opaque here; `unique` tells whether two handles are of one
    file. What is written under a file is no part of it: those are words like any others, told in
    the same message.
    """

    id: str = field(repr=False)
    kind: Literal[
        "photo", "document", "video", "video_note", "audio", "voice", "animation", "sticker"
    ]
    name: str = field(default="", repr=False)
    claimed_type: str = ""
    size: int = -1
    album: str = field(default="", repr=False)
    forwarded: str = field(default="", repr=False)
    forwarded_at: int = 0
    """When what was forwarded was first sent, as the app says; 0 unknown."""
    unique: str = field(default="", repr=False)
    live: bool = False
    """It is the film of a live photo, whose still came as the file before it."""
    about: About = BARE


@dataclass(frozen=True, slots=True)
class Digests:
    """Hex digests: of what came, and of the sealed object that is kept."""

    sha256: str
    sha512: str
    sealed_sha256: str
