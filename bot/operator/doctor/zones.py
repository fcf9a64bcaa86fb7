"""What somebody could do who writes rows, or runs code in one process: public keys beside sealed
reports, and the officers' login.
"""

import contextlib
import json
from collections.abc import AsyncIterator

from sqlalchemy import select

from bot.operator.doctor.finding import STOP, Finding
from bot.settings import Settings
from storage import ledger, recipients, report_keys
from storage import tables as t
from storage.connection import Connection
from storage.key_file import KeyFile
from storage.keys import KeysMissing, Unsealable
from storage.shredding import KeyReader


async def examine(connection: Connection, settings: Settings) -> AsyncIterator[Finding]:
    async for finding in _report_keys(connection, settings):
        yield finding
    if settings.mode != "sandbox":  # whose keys we make ourselves, without a command
        async for finding in _recipients(connection):
            yield finding
    postgres = connection.dialect.name == "postgresql"
    if postgres and settings.mode == "live" and not settings.officers_database_url:
        yield Finding(
            "The officers' process logs in to the database as its owner.",
            "Give it a login of its own: FIRSTHAND_OFFICERS_DATABASE_URL, see docs/operating.md.",
        )


async def _recipients(connection: Connection) -> AsyncIterator[Finding]:
    """A key that reports are sealed to was made active by a command, which the ledger has."""
    last = dict[str, str]()
    for line in await ledger.lines(connection, ledger.INSTALLATION):
        said = json.loads(line)
        if str(said["kind"]).startswith("recipient "):
            last[str(said["subject"]).replace(" ", "").lower()] = said["kind"]
    for holder in await recipients.every(connection):
        if holder.state == "active" and not holder.is_its_own:
            yield Finding(
                f"The key of {holder.fingerprint} ({holder.call_sign}) is another than that "
                "fingerprint is of; nothing is sealed to it.",
                "Somebody writes to this database: find out who. Remove the key, and add the true "
                "one again.",
            )
    for holder in await recipients.active(connection):
        if last.get(holder.fingerprint) != "recipient active":
            yield Finding(
                f"Reports are sealed to {holder.fingerprint} ({holder.call_sign}), and no command "
                "entered that key.",
                "If nobody knows it, remove it at once (firsthand recipient remove), and find out "
                "who writes to this database.",
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
