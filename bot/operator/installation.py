"""Making an installation ready before anything runs: folders, keys, schema, and what a live start
refuses.
"""

import contextlib

from bot.errors import Misconfigured, Refused
from bot.operator import practice
from bot.operator.open_database import opened_database
from bot.operator.readiness import check_ready, refuse_example, refuse_unfinished
from bot.operator.server_keys import (
    check_keys,
    make_custody_key,
    make_keys,
    refuse_keys_in_use,
    refuse_new_shred_keys,
    require_keys,
    shred_keys,
)
from bot.settings import Settings
from storage import keys, schema


async def make_ready(settings: Settings) -> None:
    """Create what is missing, and refuse what is dangerous. Raises Misconfigured; says nothing
    secret.
    """
    refuse_example(settings)
    await make_installation(settings)
    await check_ready(settings)


async def make_installation(settings: Settings) -> None:
    """Folders, keys and schema; in the sandbox also people to practise with. Raises
    Misconfigured.
    """
    await make_empty(settings)
    if settings.mode == "sandbox":
        async with opened_database(settings) as database:
            await practice.enrol(settings, database)


async def make_empty(settings: Settings, *, restoring: bool = False) -> None:
    """Folders, keys and schema, and nobody. Raises Misconfigured.

    `restoring`: a new database for keys that are in use.
    """
    if not restoring:
        refuse_unfinished(settings)
    make_folders(settings)
    async with opened_database(settings) as database:
        if await schema.in_use(database):
            require_keys(settings)
            if settings.holds_shred_keys:
                refuse_new_shred_keys(settings)
        elif not restoring:
            refuse_keys_in_use(settings)
        make_keys(settings.key_folder)
        if settings.holds_shred_keys:
            with contextlib.suppress(keys.KeyTaken):
                shred_keys(settings, owner=True).close()
        await schema.prepare(database, practice=settings.is_practice)
        if not restoring:  # a backup brings the name of its own
            await make_custody_key(settings, database)
        await check_keys(settings.key_folder, database)


def make_folders(settings: Settings) -> None:
    """Home and key folder. Raises Misconfigured."""
    for folder, setting in ((settings.home, "HOME"), (settings.key_folder, "KEYS")):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as refused:
            raise Misconfigured(
                f"FIRSTHAND_{setting}: {folder} cannot be made a folder ({refused.strerror})"
            ) from None


async def require_installation(settings: Settings) -> None:
    """For what makes none. Raises Refused."""
    async with opened_database(settings) as database:
        there = await schema.in_use(database)
    if not there:
        raise Refused(
            f"there is no installation in {settings.home}: firsthand prepare makes one, or "
            "set FIRSTHAND_HOME"
        )
