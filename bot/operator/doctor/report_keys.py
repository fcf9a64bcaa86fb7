"""The public keys that stand beside sealed reports, in the clear: whether each is that of its
private half.
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
    """Where the shred keys are on this machine; nothing is ever sealed to these columns."""
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
