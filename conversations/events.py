"""What happens in a conversation: frozen, none with a voice, and what a witness said has no repr.

Times are whole seconds since 1970 in UTC.
"""

from dataclasses import dataclass, field
from typing import Literal

from conversations.announced import Digests, File
from conversations.answers import BARE, About, Said
from conversations.model import Control
from conversations.wording import Path


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
    | Filed
    | WordsMade
    | Recalled
    | Looked
    | Blocked
    | Other
)
