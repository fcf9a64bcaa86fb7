"""What a channel is: what came in, what goes out, and the few things it can be asked to do."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from bot.channels.incoming import Batch, Incoming, Unread
from bot.channels.sentences import Sentences


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel can do: the length of a text in its own unit (UTF-16 for Telegram), the size
    of the largest file in bytes, as people say it, and whether a message can be changed.
    """

    text: int
    file: int
    edits: bool
    unit: Literal["utf-16", "code points"] = "code points"


# ── in ───────────────────────────────────────────────────────────────────────


# ── out ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Button:
    label: str = field(repr=False)
    token: str = field(repr=False)
    row: int = 0


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in the witness's language, with its buttons by row."""

    text: str = field(repr=False)
    buttons: tuple[Button, ...] = ()
    prompt: int = 0
    """The number of the question it asks; a channel that gives it back with what is said needs no
    order of messages.
    """


class Undelivered(Exception):
    """Why a message did not go: try again after so many seconds, the chat is gone, refused, or
    nobody knows.
    """

    def __init__(
        self, why: Literal["retry", "gone", "unknown", "refused"], after: float = 0
    ) -> None:
        super().__init__(why)
        self.why = why
        self.after = after


class Gone(Exception):
    """The channel no longer has the file."""


class TooBig(Exception):
    """The file is larger than the channel hands out."""


class Broken(Exception):
    """The file did not arrive whole; asking again may help."""


class Away(Exception):
    """The channel gives nothing now: asking later helps, however long it takes. `after` in seconds,
    0: unknown.
    """

    def __init__(self, after: float = 0) -> None:
        super().__init__("away")
        self.after = after


class Channel(Protocol):
    """A transport, no more: who is asked what and when is not its business. Addresses and file ids
    are opaque.
    """

    name: str
    account: str
    """Whose message ids and file handles it deals in: another bot under the same installation has
    its own.
    """
    limits: Limits
    sentences: Sentences
    """What witnesses are told of it, by their names in the texts."""

    def receive(self) -> AsyncIterator[Batch]: ...

    def read(self, raw: dict[str, Any]) -> Incoming | Unread | None: ...

    async def deliver(self, chat: str, message: Rendered, *, replacing: int = 0) -> int:
        """Send one message, or edit the message `replacing`, without text its buttons alone. Raises
        Undelivered.

        Returns its id. The text is within the channel's limit: cutting it is the caller's.
        """
        ...

    def open(self, file_id: str) -> AsyncIterator[bytes]:
        """The file's bytes. Raises Away while the channel does not answer, Gone, TooBig or
        Broken.
        """
        ...

    async def let_go(self, file_id: str) -> bool:
        """Delete the copy that a server of our own keeps of a file we hold; False where it is still
        there.
        """
        ...

    async def remove(self, chat: str, ids: Sequence[int]) -> list[int]:
        """Delete messages on both sides; returns those that could not be. Raises Undelivered."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Introduction:
    """Lengths as Telegram allows: name 64, short 120, description 512, a command's description 256
    characters.
    """

    name: str
    short: str
    description: str
    commands: tuple[tuple[str, str], ...]


class Introduces(Protocol):
    """A channel that can be told what to say of itself."""

    async def introduce(self, language: str, introduction: Introduction) -> list[str]:
        """Set what differs, for one language or "" for all others. Returns what was refused, by
        name.
        """
        ...
