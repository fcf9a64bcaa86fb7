"""What a question can be answered with; frozen, and what a witness said has no repr."""

from dataclasses import dataclass, field
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Picked:
    """One or several options of a question, by id."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of another message that one quotes; `forwarded`, `at` and `origin` as for what is
    forwarded.
    """

    text: str = field(repr=False)
    forwarded: str = ""
    at: int = 0
    origin: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class About:
    """What the app says of words or of a file beside themselves.

    `origin`: names and ids of whose it was, as JSON, for the part that is sealed apart; empty where
    it is the sender's own. `links`: (the words, the address behind them). `reply_to`: the event of
    the message it answers. `under`: the event of the file whose caption the words are.
    """

    origin: str = field(default="", repr=False)
    links: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    reply_to: str = ""
    quote: Quoted | None = None
    under: str = ""


BARE: Final = About()


@dataclass(frozen=True, slots=True)
class Said:
    """The witness's words, one message; somebody else's where the app says that it was `forwarded`
    (in kind).

    Kinds of a forward: user, hidden_user, chat, channel, as the channel calls them; self, where it
    was their own.
    """

    text: str = field(repr=False)
    forwarded: str = field(default="", repr=False)
    forwarded_at: int = 0
    """When what was forwarded was first sent, as the app says; 0 unknown."""
    about: About = BARE


@dataclass(frozen=True, slots=True)
class Spoken:
    """A voice message that is the answer; the voice itself is the exhibit, somebody else's if it
    was forwarded.
    """

    exhibit: str
    forwarded: str = ""
    forwarded_at: int = 0


@dataclass(frozen=True, slots=True)
class Dated:
    """When something happened: EDTF (ISO 8601-2) and a part of the day; the words it was read from
    stand beside it.

    `edtf` is empty where the words were not understood; `day` is the day they were said, in
    Europe/Kyiv, from which "yesterday" counts. No part of it was ever filled in by us: an hour that
    was not said is not there.
    """

    edtf: str = field(repr=False)
    part_of_day: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A point on the map that the witness called the place of the event; millionths of a degree,
    metres.
    """

    lat: int = field(repr=False)
    lon: int = field(repr=False)
    accuracy: int = -1
    live: bool = False


@dataclass(frozen=True, slots=True)
class Settlement:
    """A settlement of the official codifier (KATOTTG), or a whole region of it, that the witness
    pressed.

    `name` as it was offered; empty for a region, which has its code alone.
    """

    code: str = field(repr=False)
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Passed:
    """No answer, and which: "skipped" or "unknown"."""

    how: Literal["skipped", "unknown"]


Answer = Picked | Said | Spoken | Dated | Placed | Settlement | Passed
