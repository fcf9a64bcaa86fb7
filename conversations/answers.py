"""What a question can be answered with; frozen, and what a witness said has no repr."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Picked:
    """One or several options of a question, by id."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """The witness's words, one message; somebody else's where the app says that it was `forwarded` (in kind)."""

    text: str = field(repr=False)
    forwarded: str = field(default="", repr=False)
    forwarded_at: int = 0
    """When what was forwarded was first sent, as the app says; 0 unknown."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A voice message that is the answer; the voice itself is the exhibit."""

    exhibit: str


@dataclass(frozen=True, slots=True)
class Dated:
    """When something happened: EDTF (ISO 8601-2) and a part of the day; the words it was read from stand beside it.

    `edtf` is empty where the words were not understood; `day` is the day they were said, in Europe/Kyiv, from which
    "yesterday" counts. No part of it was ever filled in by us: an hour that was not said is not there.
    """

    edtf: str = field(repr=False)
    part: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A point on the map that the witness called the place of the event; millionths of a degree, metres."""

    lat: int = field(repr=False)
    lon: int = field(repr=False)
    accuracy: int = -1
    live: bool = False


@dataclass(frozen=True, slots=True)
class Settlement:
    """A settlement of the official codifier (KATOTTG), or a whole region of it, that the witness pressed.

    `name` as it was offered; empty for a region, which has its code alone.
    """

    code: str = field(repr=False)
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Passed:
    """No answer, and which: "skipped" or "unknown"."""

    how: Literal["skipped", "unknown"]


Answer = Picked | Said | Spoken | Dated | Placed | Settlement | Passed
