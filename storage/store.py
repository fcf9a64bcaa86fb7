"""PURE: what the vault asks of whatever keeps its objects: a folder of this machine, or a bucket of
an object store.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol


class Missing(Exception):
    """There is no object of this name."""


class Full(Exception):
    """No room is left. Nothing of the object is kept; it is asked for again."""


class StoreAway(ConnectionError):
    """The store refuses or does not answer; says the kind of refusal, and neither address
    nor key.
    """


@dataclass(frozen=True, slots=True)
class Rules:
    """What a store itself does. `default_retention`: each object is locked as it comes, even of
    unsent reports.
    """

    versioned: bool
    lockable: bool
    default_retention: bool


class Store(Protocol):
    """Objects by name. Names are 40 hex digits and random, so that none is ever written twice."""

    async def put(self, name: str, chunks: AsyncIterator[bytes | bytearray]) -> int:
        """Keep a stream; it is whole and durable when this returns its size in bytes.

        Raises Full, StoreAway, or whatever the stream raises; then nothing of it is kept.
        """
        ...

    def get(self, name: str) -> AsyncIterator[bytes]:
        """The object's bytes. Raises Missing or StoreAway."""
        ...

    async def size(self, name: str) -> int | None:
        """In bytes; None where there is no such object. Raises StoreAway."""
        ...

    async def remove(self, name: str) -> None:
        """Remove an object and whatever a broken write left of it; one that is not there is removed
        already.
        """
        ...

    def names(self) -> AsyncIterator[str]:
        """All objects, in no order."""
        ...

    async def rules(self) -> Rules:
        """Raises StoreAway."""
        ...

    async def hold(self, name: str) -> None:
        """Nobody may remove or replace this object until two persons say so; a folder cannot do it
        and does nothing.
        """
        ...

    async def lift(self, name: str) -> None:
        """The opposite; a retention stays until its days are over. Raises Missing, StoreAway."""
        ...
