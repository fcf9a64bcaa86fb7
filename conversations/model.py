"""What happens in a conversation (events) and what must be done about it (effects); all frozen,
none with a voice.

Content fields have no repr, so that nothing a witness said can reach a log by accident. Times are
whole seconds since 1970 in UTC. Every id is made by the shell: the core has neither clock nor
chance.
"""

from dataclasses import dataclass, field
from typing import Final, Literal

from conversations.announced import Digests as Digests
from conversations.announced import File as File
from conversations.answers import BARE as BARE
from conversations.answers import About as About
from conversations.answers import Answer as Answer
from conversations.answers import Dated as Dated
from conversations.answers import Passed as Passed
from conversations.answers import Picked as Picked
from conversations.answers import Placed as Placed
from conversations.answers import Quoted as Quoted
from conversations.answers import Said as Said
from conversations.answers import Settlement as Settlement
from conversations.answers import Spoken as Spoken
from conversations.wording import N_ as N_
from conversations.wording import NN_ as NN_
from conversations.wording import Date as Date
from conversations.wording import Message as Message
from conversations.wording import Option as Option
from conversations.wording import Param as Param
from conversations.wording import Path as Path
from conversations.wording import Quote as Quote
from conversations.wording import Size as Size
from conversations.wording import Text as Text

Control = Literal[
    "back",
    "skip",
    "unknown",
    "done",
    "pause",
    "hide",
    "erase",
    "finish",
    "nomore",
    "review",
    "help",
    "privacy",
    "status",
    "delete",
    "language",
    "more",
    "add",
]

# ── events ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Common to all events; `prompt` is the number of the question the witness had on the screen,
    if any.
    """

    id: str
    at: int
    received: int
    prompt: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Began(Happened):
    """The witness opened the chat; `code` is what a link carried."""

    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote(Happened):
    """`button`: the id of the button on the screen whose label, in the chat's language, these words
    are, if of any.

    "~yes" and "~no" are the chat's language's own, whatever is on the screen.
    """

    text: str = field(repr=False)
    button: str = field(default="", repr=False)
    forwarded: str = field(default="", repr=False)
    forwarded_at: int = 0
    about: About = BARE

    @property
    def said(self) -> Said:
        return Said(self.text, self.forwarded, self.forwarded_at, self.about)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chose(Happened):
    """A button was pressed; step and member name the question it belonged to, which may be an old
    one.
    """

    step: str
    member: str = ""
    option: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Happened):
    control: Control


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(Happened):
    """A file; the second and later files of one message have ids of the form "EVENT.2"."""

    file: File


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned(Happened):
    """A place on the map, in millionths of a degree; `accuracy` in metres, −1 unknown."""

    lat: int = field(repr=False)
    lon: int = field(repr=False)
    accuracy: int = -1
    live: bool = False
    venue: str = field(default="", repr=False)
    """Its name and address, where the witness chose a place that has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedContact(Happened):
    """A contact card, as one text: its name, every number and address, and what else stands
    on it.
    """

    card: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(Happened):
    """The witness changed an earlier message; `of` is the id of the event that message was.

    `text` and `files` are all that the message now says and carries; None where the channel does
    not say which files.
    """

    of: str
    text: str = field(repr=False)
    files: tuple[File, ...] | None = None
    about: About = BARE


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed(Happened):
    """An exhibit is durable; `size` is that of what came, in bytes."""

    exhibit: str
    digests: Digests = field(repr=False)
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost(Happened):
    """An exhibit could not be had: too-big, gone, broken; or its chat sent what it may in a day:
    quota.
    """

    exhibit: str
    why: Literal["too-big", "gone", "broken", "quota"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearing(Happened):
    """What a chat may send in a day is nearly reached: so many files are left, and so many bytes in
    all.
    """

    files: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesFound(Happened):
    """Codes and names of the settlements that may be meant, the likeliest first."""

    for_path: Path
    choices: tuple[tuple[str, str], ...] = field(repr=False)
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited(Happened):
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(Happened):
    """A question reached the screen; its number is `prompt`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed(Happened):
    """The referral is durable in the officers' queue; `size` is that of its exhibits, in bytes.

    `proof`: by what its witness may ask for a day what was received; empty where there is nothing
    to ask for.
    """

    reference: str = field(repr=False)
    incidents: int
    exhibits: int
    size: int
    proof: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsMade(Happened):
    """Return words are taken; `words` are those to be noted on paper, empty where they are the
    witness's own.
    """

    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled(Happened):
    """The witness typed the return words of this report; the words themselves go no further than
    the shell.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked(Happened):
    """A referral was looked for by what its witness knows. `opened`: it may be asked about and
    added to.

    `reference` is empty where there is none of that number; `needs_words`: its return words are
    asked for first.
    """

    reference: str = field(default="", repr=False)
    opened: bool = False
    needs_words: bool = False
    status: str = ""
    unproven: bool = False
    """It took no return words: whoever has its number may be somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked(Happened):
    """The channel says that the witness no longer takes our messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Other(Happened):
    """Something that is none of these: a sticker, a poll, a kind that does not exist yet.

    `raw` is it as it came, without who sent it; empty where it says nothing that could be lost.
    """

    kind: str
    raw: str = field(default="", repr=False)


Event = (
    Began
    | Wrote
    | Chose
    | Asked
    | Sent
    | Pinned
    | SharedContact
    | Edited
    | Sealed
    | Lost
    | Nearing
    | PlacesFound
    | Waited
    | Delivered
    | Filed
    | WordsMade
    | Recalled
    | Looked
    | Blocked
    | Other
)


# ── effects ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Show:
    """Say something; with `prompt` it is a question, with `slot` it replaces the earlier message of
    that slot.

    `lead` stands above the text and `below` beneath it, so that what the witness said is never the
    first line. `before` is the number of the question that it is said on the way to: then it stays
    with the report like one.
    """

    text: Text
    choices: tuple[Option, ...] = ()
    slot: str = ""
    lead: tuple[Text, ...] = ()
    below: tuple[Text, ...] = ()
    prompt: int | None = None
    path: Path = ()
    before: int = 0
    buttons_only: bool = False
    """The message of this question stays as it is, with these buttons; where no message can be
    changed, it is said.
    """


WHOLE: Final = "whole"
"""The part under which an answer is kept that comes in one piece: a later one takes its place."""


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
