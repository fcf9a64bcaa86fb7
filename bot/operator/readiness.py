"""What every process refuses at its start, and a live one besides."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot import appeal
from bot.clock import clock
from bot.errors import Misconfigured
from bot.officers.recipients import opened_offline_only
from bot.operator.note_decisions import unnoted
from bot.operator.open_database import DATABASE, opened_database, wrong_database
from bot.operator.server_keys import require_own_keys
from bot.settings import Settings
from conversations.check import faults
from conversations.flows import FLOWS
from storage import ledger, recipients, schema
from storage.database import Database

LEAST_RECIPIENTS: Final = 2
_IDENTITY = re.compile(rb"AGE-SECRET-KEY-(PQ-)?1", re.IGNORECASE)
RESTORING: Final = "unfinished-restore"
"""A file that stands while a restore is under way: what it has not brought yet must not be begun
anew.
"""


async def check_ready(settings: Settings, *, again: bool = False) -> None:
    """What every process refuses at its start. Raises Misconfigured.

    `again`: by one that takes another's place: what lies in the folders was looked at when the
    first was started.
    """
    for flow in FLOWS:
        if found := faults(flow):
            raise Misconfigured(
                f"the flow {flow.id} of this release could strand a witness: {found[0]}"
            )
    refuse_example(settings)
    await check_schema(settings)
    async with opened_database(settings) as database:
        async with database.reading() as connection:
            if not await schema.belongs(connection, practice=settings.is_practice):
                raise wrong_database(settings)
        if settings.mode == "live":
            await _refuse_unsafe(settings, database, again=again)


async def check_schema(settings: Settings) -> None:
    """What is there must be whole, and of the keys that are here. Raises Misconfigured."""
    refuse_unfinished(settings)
    async with opened_database(settings) as database, database.reading() as connection:
        if not await schema.is_current(connection):
            raise Misconfigured(
                f"{DATABASE}: this database is not of this release; run: firsthand prepare"
            )
    await require_own_keys(settings)


def refuse_unfinished(settings: Settings) -> None:
    """Raises Misconfigured."""
    if (mark := settings.home / RESTORING).exists():
        raise Misconfigured(
            "FIRSTHAND_HOME: a restore was not finished; run firsthand restore again, or, to "
            f"begin anew without it, move the database and {mark} away"
        )


def refuse_example(settings: Settings) -> None:
    if settings.mode == "live" and appeal.load(settings.appeal).example:
        raise Misconfigured(
            "FIRSTHAND_APPEAL: the example appeal names an invented unit; write your own, for "
            "example FIRSTHAND_APPEAL=/etc/firsthand/appeal.toml"
        )


async def offline_only(settings: Settings) -> list[str]:
    """What would wait for the offline key, since nobody who is enrolled opens it."""
    async with opened_database(settings) as database, database.reading() as connection:
        return opened_offline_only(await recipients.active(connection))


async def _refuse_unsafe(settings: Settings, database: Database, *, again: bool) -> None:
    known = appeal.load(settings.appeal)
    today = datetime.fromtimestamp(clock(), UTC).date()
    if wrong := [*appeal.unpublishable(settings.appeal, today), *known.undecided]:
        raise Misconfigured("\n".join(f"FIRSTHAND_APPEAL: {sentence}" for sentence in wrong))
    async with database.reading() as connection:
        active = await recipients.answered(connection)
    if len(active) < LEAST_RECIPIENTS or all(h.role != "team" for h in active):
        raise Misconfigured(
            f"keys that have answered their challenge: {len(active)}. A live installation needs "
            "two, one of them an offline team identity; see firsthand recipient add --help"
        )
    async with database.reading() as connection:
        new = await unnoted(connection, known.decisions)
    if new:
        async with database.writing() as connection:
            await ledger.append(
                connection, ledger.INSTALLATION, new, hour=int(clock()) // 3600, recipient=None
            )
    for path in () if again else identities(settings):
        raise Misconfigured(
            f"{path} holds an age identity: move it to its officer's machine and shred it here"
        )


def identities(settings: Settings) -> Iterator[Path]:
    """Files of the home and key folders that hold a private age key, which no server may have."""
    secrets = os.environ.get("FIRSTHAND_SECRETS")
    for folder in (settings.home, settings.key_folder, *([Path(secrets)] if secrets else [])):
        for path in sorted(folder.rglob("*")):
            # an identity is 74 bytes
            small = path.is_file() and path.stat().st_size < 100_000  # noqa: PLR2004
            if small and _IDENTITY.search(path.read_bytes()):
                yield path
