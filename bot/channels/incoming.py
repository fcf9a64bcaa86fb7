"""What came from a channel, as the rest of the shell sees it: what a witness did."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from conversations.model import BARE, About, Control, File


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button, by the token that was put on it; `under`: the words of the message it hangs on,
    where it says so.
    """

    token: str = field(repr=False)
    under: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Typed:
    """Words, wherever in a message they stood. In `about` other messages are named by their
    keys.
    """

    text: str = field(repr=False)
    forwarded: str = field(default="", repr=False)
    """Whose words they are where the app says that they are somebody else's, as of
    `conversations.model.Said`.
    """
    forwarded_at: int = 0
    about: About = BARE


@dataclass(frozen=True, slots=True)
class Edit:
    """All that an earlier message says and carries now; None: the channel does not say
    which files.
    """

    text: str = field(repr=False)
    files: tuple[File, ...] | None = None
    about: About = BARE


@dataclass(frozen=True, slots=True)
class Commanded:
    control: Control | Literal["start"]
    code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Pointed:
    """A place on the map, in millionths of a degree."""

    lat: int = field(repr=False)
    lon: int = field(repr=False)
    accuracy: int = -1
    live: bool = False
    venue: str = field(default="", repr=False)
    """Name and address, of a place that was chosen by them."""


@dataclass(frozen=True, slots=True)
class ContactCard:
    """A contact card, whole, as lines of text."""

    card: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Strange:
    """Anything the conversation has no word for; `raw`: what it says, where it says something,
    without who sent it.
    """

    kind: str
    raw: str = field(default="", repr=False)
    known: bool = True
    """False: a kind that this release has never heard of, which may be nobody's words at all."""


@dataclass(frozen=True, slots=True)
class LeftUs:
    """The witness blocked the bot."""


What = Pressed | Typed | Edit | Commanded | Pointed | ContactCard | Strange | LeftUs | File


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a person did. `key` names it for ever; `message` orders it among the chat's
    messages (0: none).

    `at` is when the channel says it happened, 0 where it does not say. `of` is the key of the
    message it belongs to, which for an edit is the message that was edited. `answer` lets go of a
    pressed button: best effort, at once, never repeated. `also`: what the same message says and
    carries beside `what`, in order: a caption, the other files of an article. `delivery`: the
    channel's own number of this delivery, by which one that comes twice is known. It names no chat:
    it is all that stays, for days, of whoever wrote and hid or erased it. `account`: whose message
    ids these are; another bot counts its own.
    """

    chat: str = field(repr=False)
    key: str = field(repr=False)
    of: str = field(repr=False)
    message: int = field(repr=False)
    at: int
    what: What
    answer: Callable[[], Awaitable[None]] | None = field(default=None, repr=False)
    also: tuple[What, ...] = ()
    delivery: str = field(kw_only=True, repr=False)
    account: str = ""
    prompt: int = 0
    """The number of the question it was said under, where the channel knows it; 0: from the order
    of messages.
    """

    @property
    def parts(self) -> tuple[What, ...]:
        return (self.what, *self.also)

    @property
    def words(self) -> str:
        """What was written, wherever it stood in the message; empty where somebody else
        wrote it.
        """
        for part in self.parts:
            if isinstance(part, Edit) or (isinstance(part, Typed) and not part.forwarded):
                return part.text
        return ""


@dataclass(frozen=True, slots=True)
class Unread:
    """An update that could not be read; `raw` is set aside, `why` is the class of the error,
    without its text.
    """

    chat: str = field(repr=False)
    key: str = field(repr=False)
    raw: bytes = field(repr=False)
    why: str
    delivery: str = field(kw_only=True, repr=False)


@dataclass(frozen=True, slots=True)
class Batch:
    """What was received together; `accept` may be called only when all of it is durable."""

    items: tuple[Incoming | Unread, ...]
    accept: Callable[[], Awaitable[None]] = field(repr=False)
