"""Who gives out shred keys and destroys them, and how the processes that seal under them ask for
both.

A report must never get a slot that another still has. Which slots are in use, the database says: a
row names its slot. The owner of the key file reads that when it begins an **epoch**, and gives out
the rest. What it gave out in an earlier epoch and no row names yet is void: whoever writes the
first row under a slot checks in the same transaction that the slot's epoch still lasts, and the
owner begins one alone, after those transactions. The file is stamped with its epoch: one that is
older than what the database knows (a copy, a disk of before) is refused, since it would open what
was destroyed and not what was begun since.
"""

import contextlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

import structlog

from storage import leases, statements
from storage.connection import Connection
from storage.key_file import KeyFile
from storage.keys import Box, NoSlots

log = structlog.get_logger()
ENOUGH: Final = 64
RESERVE_LEAST: Final = 256
RESERVE: Final = 512
"""Slots a process keeps in hand: made durable together, and there before a group of messages is
stepped.
"""


class KeysAway(ConnectionError):
    """Nobody who has the shred keys answers."""


class OldKeys(Exception):
    """This key file is not the one that was used last."""


class NotOwner(Exception):
    """Another process owns the shred keys by now."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Slots with fresh, durable keys, good while this epoch lasts."""

    epoch: str
    boxes: Mapping[int, Box]


class ShredKeys(Protocol):
    """What whoever seals under shred keys asks for. All of it raises KeysAway where nobody
    answers.
    """

    async def boxes(self, slots: Iterable[int]) -> Mapping[int, Box]:
        """The keys in these slots as they are now."""

    async def take(self, most: int) -> Taken:
        """Up to so many free slots. Raises NoSlots."""

    async def give_back(self, epoch: str, slots: Collection[int]) -> None:
        """Slots that no row came to name."""

    async def shred(self, slots: Collection[int]) -> None:
        """Destroy the keys in those of these slots that a row says are to be shredded, and that row
        after them.

        Raises MirrorAway, NotOwner; then the rows stand, and it is done again.
        """


class KeyReader:
    """A process beside the owner, on its machine: it reads the file and gives out nothing."""

    def __init__(self, file: KeyFile) -> None:
        self.file = file

    async def boxes(self, slots: Iterable[int]) -> Mapping[int, Box]:
        return {slot: self.file.box(slot) for slot in slots}

    async def take(self, most: int) -> Taken:  # noqa: ARG002 - it has none
        raise NoSlots

    async def give_back(self, epoch: str, slots: Collection[int]) -> None:
        """It was given none."""

    async def shred(self, slots: Collection[int]) -> None:
        """The owner does, within a minute."""


@dataclass(slots=True)
class Reserve:
    """Slots in a process's hand, so that a conversation can begin without asking anybody."""

    keys: ShredKeys
    epoch: str = ""
    _boxes: dict[int, Box] = field(default_factory=dict)
    _spoiled: list[int] = field(default_factory=list)

    async def fill(self) -> None:
        """Have enough for the next group. Raises KeysAway."""
        if self._spoiled:
            spoiled, self._spoiled = self._spoiled, []
            # a courtesy: what is not given back is found at a recount
            with contextlib.suppress(KeysAway):
                await self.keys.give_back(self.epoch, spoiled)
        if len(self._boxes) >= RESERVE_LEAST:
            return
        try:
            taken = await self.keys.take(RESERVE - len(self._boxes))
        except NoSlots:  # what is in hand may do; who finds none is told
            return
        except KeysAway:
            if len(self._boxes) < ENOUGH:
                raise
            return
        if taken.epoch != self.epoch:
            self._boxes, self.epoch = {}, taken.epoch
        self._boxes.update(taken.boxes)

    def take(self) -> tuple[int, Box]:
        """Raises NoSlots."""
        if not self._boxes:
            raise NoSlots
        return self._boxes.popitem()

    def back(self, slots: Iterable[int]) -> None:
        """What was written under these was not kept; each gets a fresh key before it is given out
        again.
        """
        self._spoiled += slots

    async def hold_epoch(self, connection: Connection) -> bool:
        """Hold the epoch until this transaction ends; False where it is over, and what was taken is
        dropped.
        """
        if await lock_epoch(connection, self.epoch):
            return True
        self._boxes, self._spoiled, self.epoch = {}, [], ""
        return False


EPOCH: Final = "keys:epoch"


async def lock_epoch(connection: Connection, epoch: str) -> bool:
    """Whether this epoch does, until the transaction ends."""
    await statements.lock_shared(connection, EPOCH)
    return await leases.holder(connection, EPOCH) == epoch
