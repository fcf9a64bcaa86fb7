"""What must be done about an event: each becomes a row of one transaction."""

from dataclasses import dataclass, field
from typing import Final

from conversations.announced import File
from conversations.answers import Answer
from conversations.wording import Option, Path, Text


@dataclass(frozen=True, slots=True)
class Show:
    """Say something; with `prompt` it is a question, with `replaces` it takes the place of the
    earlier message of that name.

    `lead` stands above the text and `below` beneath it, so that what the witness said is never the
    first line. `before` is the number of the question that it is said on the way to: then it stays
    with the report like one.
    """

    text: Text
    choices: tuple[Option, ...] = ()
    replaces: str = ""
    lead: tuple[Text, ...] = ()
    below: tuple[Text, ...] = ()
    prompt: int | None = None
    path: Path = ()
    before: int = 0
    buttons_only: bool = False
    """The message of this question stays as it is, with these buttons; where no message can be
    changed, it is said.
    """


@dataclass(frozen=True, slots=True)
class Keep:
    """Keep `answer` at `path`; `part` is the id of the event that brought it and is replaced if it
    is kept already.
    """

    path: Path
    answer: Answer
    part: str


@dataclass(frozen=True, slots=True)
class Drop:
    """Destroy what is kept at `path`; with `part`, that part of it alone."""

    path: Path
    part: str = ""


@dataclass(frozen=True, slots=True)
class Fetch:
    """Get the file and seal it as `exhibit`; comes back as Sealed or Lost."""

    exhibit: str
    file: File
    incident: str
    said_at: Path
    at: int


@dataclass(frozen=True, slots=True)
class Discard:
    """Destroy an exhibit that the witness took back."""

    exhibit: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """Keep as it came what cannot be read yet; it goes with the report."""

    kind: str
    raw: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FindPlace:
    """Look for the settlements that words name, or the one nearest to a point; comes back as
    PlacesFound.

    `region`: the code it was said to be in; `point`: latitude and longitude in millionths of a
    degree.
    """

    words: str = field(repr=False)
    for_path: Path
    part: str = ""
    """Which part of the answer is looked up: what is found for an earlier one comes too late."""
    region: str = ""
    point: tuple[int, int] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Wait:
    """Come back as Waited(key) after so many seconds; a later Wait of the same key replaces this
    one.
    """

    key: str
    seconds: int


@dataclass(frozen=True, slots=True)
class MakeWords:
    """Take return words: five from a list, or the witness's `own`; comes back as WordsMade."""

    own: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class DropWords:
    """The return words that were taken open the report no more."""


@dataclass(frozen=True, slots=True)
class Look:
    """Look for a referral by its number and its return words, none if none were noted; comes back
    as Looked.

    Before the words are asked for it is only read whether this can be a number.
    """

    reference: str = field(repr=False)
    words: str = field(default="", repr=False)
    words_asked: bool = False


@dataclass(frozen=True, slots=True)
class Hide:
    """Clear the chat on both sides as far as the channel can, and cut its link to the report.

    `anew`: then greet it as at a first contact, because another person is there.
    """

    anew: bool = False


@dataclass(frozen=True, slots=True)
class Forget:
    """Destroy the report and its key."""


@dataclass(frozen=True, slots=True)
class Submit:
    """Seal the report to the officers and file it; comes back as Filed."""


@dataclass(frozen=True, slots=True)
class Append:
    """Add to the referral `reference` what was held since it was sent."""

    reference: str = field(repr=False)


WHOLE: Final = "whole"
"""The part under which an answer is kept that comes in one piece: a later one takes its place."""
Effect = (
    Show
    | Keep
    | Drop
    | Fetch
    | Discard
    | SetAside
    | FindPlace
    | Wait
    | MakeWords
    | DropWords
    | Look
    | Hide
    | Forget
    | Submit
    | Append
)
Effects = tuple[Effect, ...]
