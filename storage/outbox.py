"""Messages that wait to be sent, known by their ids: a row is opened when it is next, and no
sooner, so that what a look costs does not grow with what waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from sqlalchemy import bindparam, func, or_, select

from storage import tables as t
from storage.bodies import Body, load
from storage.database import Database
from storage.keys import Box, Unsealable
from storage.shredding import ShredKeys

log = structlog.get_logger()
OVERLAP: Final = 500
"""On PostgreSQL a row may come to be seen after one with a higher id: so many are looked at again.
"""
Source = str | int
"""Whose message it is: a conversation's, by its id, or one that belongs to none, by its own."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be sent; without a conversation it carries its own address and key."""

    id: int
    conversation: str | None
    slot: int
    body: Body = field(repr=False)
    said: object = field(default=None, repr=False)
    """What the body says, where this process wrote it a moment ago; then the body is not read."""


@dataclass(frozen=True, slots=True)
class Chat:
    """Where a conversation is reached, still sealed under the master key, and what its screen
    shows.
    """

    address: bytes
    screen: bytes | None


_O, _C = t.outbox.c, t.conversations.c
_SINCE: Final = (
    select(_O.id, _O.conversation)
    .where(_O.channel == bindparam("channel"), _O.held.is_(False), _O.id > bindparam("since"))
    .order_by(_O.id)
)
_OF_CHATS: Final = (
    select(func.min(_O.id))
    .where(_O.conversation.in_(bindparam("conversations", expanding=True)), _O.held.is_(False))
    .group_by(_O.conversation)
)
_OLDEST: Final = (
    select(_O.id, _O.conversation, _O.slot, _O.body, _C.address, _C.screen)
    .select_from(t.outbox.outerjoin(t.conversations, _C.id == _O.conversation))
    .where(or_(_O.id.in_(_OF_CHATS), _O.id.in_(bindparam("ids", expanding=True))))
    .where(_O.channel == bindparam("channel"), _O.held.is_(False))
)


class Outbox:
    """What waits for one channel. Only who has the lease of its delivery looks.

    `recent`: what this process said a moment ago, by its sealed row.
    """

    def __init__(
        self, database: Database, keys: ShredKeys, channel: str, recent: dict[bytes, object]
    ) -> None:
        self._database, self._keys, self._channel = database, keys, channel
        self._recent = recent
        self._newest = 0
        self._overlap = 0 if database.is_sqlite else OVERLAP
        self._unreadable: set[Source] = set()
        """They are tried again, and told of, when everything is looked at."""

    async def look(self, *, whole: bool) -> list[tuple[int, Source]]:
        """The ids of what has come since the last look, or of everything, oldest first, and whose
        each is.
        """
        if whole:
            self._unreadable.clear()
        since = 0 if whole else max(0, self._newest - self._overlap)
        async with self._database.reading() as connection:
            rows = await connection.execute(_SINCE, {"channel": self._channel, "since": since})
        if rows:
            self._newest = max(self._newest, rows[-1].id)
        found = [(row.id, row.conversation or row.id) for row in rows]
        return [each for each in found if each[1] not in self._unreadable]

    async def oldest(self, sources: Sequence[Source]) -> dict[Source, tuple[Outgoing, Chat | None]]:
        """The oldest message of each of these, with its chat; none of those that have no more.

        A farewell has no conversation any more, and no chat here.
        """
        wanted = {
            "channel": self._channel,
            "conversations": [source for source in sources if isinstance(source, str)],
            "ids": [source for source in sources if isinstance(source, int)],
        }
        async with self._database.reading() as connection:
            rows = await connection.execute(_OLDEST, wanted)
        boxes = await self._keys.boxes({row.slot for row in rows})
        found: dict[Source, tuple[Outgoing, Chat | None]] = {}
        for row in rows:
            box = boxes[row.slot]
            try:
                message = self._outgoing(row, box)
                chat = _chat(box, row) if row.conversation else None
            except Unsealable:  # settled and shredded since, or its key is not ours any more
                log.warning("a message cannot be opened")
                self._unreadable.add(row.conversation or row.id)
                continue
            found[row.conversation or row.id] = (message, chat)
        return found

    def _outgoing(self, row: Any, box: Box) -> Outgoing:
        said = self._recent.pop(row.body, None)
        body = load(box.open(row.body, "outbox.body")) if said is None else {}
        return Outgoing(row.id, row.conversation, row.slot, body, said)


def _chat(box: Box, row: Any) -> Chat:
    screen = box.open(row.screen, "conversations.screen") if row.screen else None
    return Chat(box.open(row.address, "conversations.address"), screen)
