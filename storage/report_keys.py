"""A report's own keys: sealed with it, and the only word on to whom anything of it is sealed.

Their public halves stand in columns beside, in the clear; whoever can write a row could put another
key there. So nothing is sealed to a column: the public half is made of the sealed private one.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import structlog
from sqlalchemy import bindparam, select

from storage import age
from storage import tables as t
from storage.bodies import load
from storage.database import Database
from storage.drafts import Draft
from storage.keys import Box, Unsealable
from storage.shredding import ShredKeys

log = structlog.get_logger()


@dataclass(frozen=True)
class ReportKeys:
    """The identities of the account and of who it is, and to whom something sealed to them goes."""

    account: str
    identity: str

    def __repr__(self) -> str:
        return "ReportKeys()"

    @cached_property
    def account_recipient(self) -> str:
        return age.recipient_of(self.account)

    @cached_property
    def identity_recipient(self) -> str:
        return age.recipient_of(self.identity)


def keys_of(draft: Draft) -> ReportKeys:
    """Those of a loaded report. Raises Unsealable."""
    return open_keys(draft.box, draft.report_keys)


def open_keys(box: Box, sealed: bytes) -> ReportKeys:
    """Of a row. Raises Unsealable."""
    opened = load(box.open(sealed, "conversations.report_keys"))
    return ReportKeys(opened["account"], opened["identity"])


@dataclass(frozen=True, slots=True)
class Source:
    """An open report from which a file came: where its chat is reached, still sealed under the
    master key, and to whom the file is sealed.
    """

    address: bytes
    recipient: str


_C = t.conversations.c
_OF: Final = select(_C.slot, _C.address, _C.report_keys, _C.account_recipient).where(
    _C.id == bindparam("id")
)


async def source_of(database: Database, keys: ShredKeys, conversation: str) -> Source | None:
    """None where there is no such report, or it does not open."""
    async with database.reading() as connection:
        row: Any = (await connection.execute(_OF, {"id": conversation})).first()
    if row is None:
        return None
    box = (await keys.boxes({row.slot}))[row.slot]
    try:
        recipient = open_keys(box, row.report_keys).account_recipient
        address = box.open(row.address, "conversations.address")
    except Unsealable:
        log.error("a report cannot be opened")
        return None
    if recipient != row.account_recipient:
        log.error("a report's public key is not that of its private half; see firsthand doctor")
    return Source(address, recipient)
