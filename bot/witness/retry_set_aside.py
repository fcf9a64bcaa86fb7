"""Trying once more what was set aside: after an upgrade that understands it, it goes to its
conversation after all.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.incoming import (
    Commanded,
    ContactCard,
    Edit,
    Incoming,
    LeftUs,
    Pointed,
    Pressed,
    Strange,
    Typed,
    What,
)
from bot.channels.port import Channel
from bot.logs import where_raised
from bot.witness.converse import Converse
from conversations import codec
from conversations.model import File
from storage import quarantine
from storage.database import Database
from storage.drafts import Draft
from storage.group import Group
from storage.jobs import Job, Overtaken
from storage.quarantine import Aside
from storage.queues import Queues, Task
from storage.writer import ClaimLost, Writer

log = structlog.get_logger()
READ: Final = {
    kind.__name__: kind
    for kind in (Typed, Edit, Pressed, Commanded, Pointed, ContactCard, Strange, LeftUs, File)
} | {"Passed": ContactCard}
"""By the name it was set aside under; a card was called otherwise until 0.2."""


@dataclass(frozen=True, slots=True)
class Again:
    channels: Mapping[str, Channel]
    database: Database
    writer: Writer
    converse: Converse
    queues: Queues

    async def attempt(self, task: Task) -> None:
        """One item; what fails again stays set aside, and its report goes on without it as
        before.
        """
        async with self.database.reading() as connection:
            aside = await quarantine.get(connection, int((task.name or ":0").partition(":")[2]))
        if aside is None:
            await self.queues.settle(task)
            return
        try:
            await self.writer.write(
                Job(
                    lambda group: self._step(group, aside),
                    ids=(aside.conversation,),
                    claim=task.claim,
                )
            )
        except (OSError, SQLAlchemyError, Overtaken, ClaimLost):
            raise
        except Exception as failure:  # noqa: BLE001 - whatever it is, it is as before
            log.error("set aside again", error=where_raised(failure))
            await self.queues.settle(task)

    def _step(self, group: Group, aside: Aside) -> None:
        draft = group.draft(id_=aside.conversation)
        if draft is None or aside.body is None:
            return
        item = self._read(draft, draft.opened("quarantine.body", aside.body), aside.id)
        if isinstance(item, Incoming) and not any(isinstance(part, Strange) for part in item.parts):
            self.converse.once_more(group, draft, item)
            group.in_transaction(lambda connection: quarantine.settle(connection, aside.id))

    def _read(self, draft: Draft, body: Mapping[str, Any], id_: int) -> object:
        """As the channel reads it today; of what was read and could not be stepped, as it was read
        then.
        """
        raw = json.loads(body["raw"])
        if "what" not in raw:
            return self.channels[draft.channel].read(raw)
        what, *also = (_revived(part) for part in raw.get("parts") or [raw])
        again = f"again{id_}"
        return Incoming("", again, again, 0, raw["at"], what, also=tuple(also), delivery=again)


def _revived(raw: Mapping[str, Any]) -> What:
    """What was set aside after it was read: one thing that a message said or carried."""
    kind = READ[raw["what"]]
    fields = {name: value for name, value in raw.items() if name in kind.__slots__}
    if "about" in fields:
        fields["about"] = codec.read_about(fields["about"] or {})
    if fields.get("files"):
        fields["files"] = tuple(_revived({"what": "File", **file}) for file in fields["files"])
    return kind(**fields)
