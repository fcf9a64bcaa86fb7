"""One transaction of an operator's command on an installation that there is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.clock import clock
from bot.operator.installation import make_installation, require_installation
from bot.settings import Settings
from storage import keys, ledger
from storage.connection import Connection
from storage.database import Database
from storage.keys import Box
from storage.ledger import INSTALLATION, Entry


@asynccontextmanager
async def opened_installation(settings: Settings) -> AsyncIterator[tuple[Connection, Box, int]]:
    """One transaction on the installation's database, brought up to this release. Raises Refused
    where there is none: in a mistaken folder nobody is enrolled.
    """
    # not what a start refuses: recipients are entered here, before there are any
    await require_installation(settings)
    await make_installation(settings)
    facts = keys.load(settings.key_folder, "facts", make=False)
    database = Database(settings.database)
    try:
        async with database.writing() as connection:
            yield connection, facts, int(clock())
    finally:
        await database.close()


async def enter_in_ledger(connection: Connection, kind: str, subject: str, now: int) -> None:
    entry = Entry(kind, "operator", subject)
    await ledger.append(connection, INSTALLATION, [entry], hour=now // 3600, recipient=None)
