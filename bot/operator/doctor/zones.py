"""What somebody could do who writes rows, or runs code in one process: public keys beside sealed
reports, and the officers' login.
"""

import contextlib
from collections.abc import AsyncIterator

from sqlalchemy import select

from bot.operator.doctor.finding import STOP, Finding
from bot.settings import Settings
from storage import report_keys
from storage import tables as t
from storage.connection import Connection
from storage.key_file import KeyFile
from storage.keys import KeysMissing, Unsealable
from storage.shredding import KeyReader


async def examine(connection: Connection, settings: Settings) -> AsyncIterator[Finding]:
    async for finding in _report_keys(connection, settings):
        yield finding
    postgres = connection.dialect.name == "postgresql"
    if postgres and settings.mode == "live" and not settings.officers_database_url:
        yield Finding(
            "The officers' process logs in to the database as its owner.",
            "Give it a login of its own: FIRSTHAND_OFFICERS_DATABASE_URL, see docs/operating.md.",
        )


async def _report_keys(connection: Connection, settings: Settings) -> AsyncIterator[Finding]:
    """Whether each public key is that of its private half, where the shred keys are on this
    machine; nothing is ever sealed to these columns.
    """
    if not settings.holds_shred_keys:
        return
    try:
        file = KeyFile(settings.shred_keys, owner=False)
    except (KeysMissing, OSError):  # said elsewhere
        return
    c = t.conversations.c
    columns = select(c.slot, c.report_keys, c.account_recipient, c.identity_recipient)
    changed = 0
    with contextlib.closing(file):
        rows = (await connection.execute(columns)).all()
        boxes = await KeyReader(file).boxes({row.slot for row in rows})
        for row in rows:
            with contextlib.suppress(Unsealable):
                own = report_keys.open_keys(boxes[row.slot], row.report_keys)
                said = (row.account_recipient, row.identity_recipient)
                changed += said != (own.account_recipient, own.identity_recipient)
    if changed:
        yield Finding(
            f"{changed} unsent reports stand beside a public key that is not their own: somebody "
            "changed rows of the database. Nothing was sealed to it.",
            STOP,
        )
