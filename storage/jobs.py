"""What whoever changes drafts asks for, and the loose ends of a transaction that belong to none."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from storage.connection import Connection

if TYPE_CHECKING:
    from storage.group import Group

T = TypeVar("T")


@dataclass(slots=True, repr=False)
class Job(Generic[T]):
    """`run` changes drafts in memory, and what it returns is the result of whoever waits for it.

    It finds what it asks for here, by the names of chats, return words and what was seen, by ids of
    conversations and by (conversation, file); looking for anything else raises NotAskedFor.

    `counting`: the conversation of which it asks how much is set aside. `claim`: of the row of work
    that asks for it. It is settled with what the job writes; where it is another's by now, the job
    is not run, and whoever waits for it is told ClaimLost. `patient`: nobody sees when it is
    written, and it may wait a moment for one that somebody waits for.
    """

    run: Callable[["Group"], T]
    chats: tuple[bytes, ...] = ()
    words: tuple[bytes, ...] = ()
    ids: tuple[str, ...] = ()
    names: tuple[bytes, ...] = ()
    exhibits: tuple[tuple[str, str], ...] = ()
    counting: str = ""
    claim: tuple[int, int] | None = None
    patient: bool = False
    tries: int = 0
    done: asyncio.Future[T] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    result: T | None = None
    """What `run` returned last; it counts once it is durable."""


@dataclass(frozen=True, slots=True)
class Alone:
    """A work row of no conversation, under a key of its own; `name` makes it the only one of its
    name.
    """

    kind: str
    due: int
    slot: int
    body: bytes
    name: str | None


@dataclass(slots=True)
class Loose:
    """What a transaction does beside its drafts: rows of no conversation, and what is settled."""

    settled_outbox: set[int] = field(default_factory=set)
    settled_work: set[tuple[int, int]] = field(default_factory=set)
    seen: set[bytes] = field(default_factory=set)
    farewells: list[tuple[str, int, bytes]] = field(default_factory=list)
    alone: list[Alone] = field(default_factory=list)
    shred: set[int] = field(default_factory=set)
    detached: set[str] = field(default_factory=set)
    also: list[Callable[[Connection], Awaitable[None]]] = field(default_factory=list)


class NotAskedFor(LookupError):
    """A job looks for what it did not ask to be loaded; says of which kind, `chats`, `words` …"""


class Overtaken(Exception):
    """Another process changed the conversation first: the writer runs the job again on that.

    Raised by a job itself, it goes to whoever waits for it.
    """
