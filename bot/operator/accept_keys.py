"""Going on with a shred-key file that is not the one used last: a mirror that lags, or new keys for
lost ones.
"""

import contextlib
from collections.abc import Callable

from bot.clock import clock
from bot.errors import Misconfigured, Refused
from bot.operator import unreadable_rows
from bot.operator.server_keys import refuse_new_shred_keys, require_keys, shred_keys
from bot.process.holding import HOLD_SECONDS
from bot.settings import Settings
from storage import keys
from storage.database import Database
from storage.key_file import KeyFile
from storage.key_owner import KeyOwner, newest
from storage.keys import KeyTaken
from storage.mirror import NAME


async def accept(settings: Settings, say: Callable[[str], None], *, lose_unsent: bool) -> None:
    """From now on the file that is there is the newest; made where none is. Raises Misconfigured,
    Refused.

    Reports that it does not open are let go. Keys that no row names are destroyed: what was
    destroyed since the file was made would open again with them.
    """
    if not settings.holds_shred_keys:
        raise Misconfigured(
            "FIRSTHAND_KEYS_SERVICE is set: run this where the keys process has its file"
        )
    require_keys(settings)
    refuse_new_shred_keys(settings)
    try:
        file = shred_keys(settings, owner=True)
    except KeyTaken:
        raise Refused("firsthand is running on these keys; stop it first") from None
    database, now = Database(settings.database), int(clock())
    try:
        with contextlib.closing(file):
            await _refuse_wrong_file(settings, database, file, lose_unsent=lose_unsent)
            owner = KeyOwner(file, database)
            if not await owner.begin(now=now, hold=HOLD_SECONDS, anew=True):
                raise Refused("a keys process owns the shred keys of this database; stop it first")
            await owner.destroy_unused()
            master = keys.load(settings.key_folder, "master", make=False)
            async with database.writing() as connection:
                lost, untold = await unreadable_rows.close(connection, file, master, now)
                await unreadable_rows.drop(connection, file)
            await owner.end()
    finally:
        await database.close()
    say(
        f"This file of shred keys is used from now on. {lost} unsent reports do not open with it "
        f"and are let go; {lost - untold} chats are told when they write next."
    )


async def _refuse_wrong_file(
    settings: Settings, database: Database, file: KeyFile, *, lose_unsent: bool
) -> None:
    """Where another file, or another database, is meant most likely. Raises Refused."""
    if file.mirror_away:
        raise Refused(
            "the disk of FIRSTHAND_KEYS_MIRROR is not there; mount it, or unset it, and run this "
            "again"
        )
    if await _mirror_is_newer(settings, database, file):
        raise Refused(
            "the mirror has the shred keys that were used last: cp -p "
            f"{settings.keys_mirror}/{NAME} {settings.key_folder}/"
        )
    if not lose_unsent and await _mirror_agrees(settings, database, file):
        raise Refused(
            "shred.keys and its mirror agree, and this database was last used with others: see "
            "that FIRSTHAND_DATABASE_URL names the database that was used last. If it does, add "
            "--lose-unsent: what only these keys open is lost then"
        )


async def _mirror_agrees(settings: Settings, database: Database, file: KeyFile) -> bool:
    """Whether both are of one time that this database does not know: most likely it is the database
    that is another.
    """
    mirror = settings.keys_mirror / NAME if settings.keys_mirror else None
    async with database.reading() as connection:
        if mirror is None or not mirror.is_file() or await newest(connection, file):
            return False
    with contextlib.closing(KeyFile(mirror, owner=False)) as mirrored:
        return mirrored.stamps == file.stamps


async def _mirror_is_newer(settings: Settings, database: Database, file: KeyFile) -> bool:
    """Whether only the mirror is the file that was used last."""
    mirror = settings.keys_mirror / NAME if settings.keys_mirror else None
    if mirror is None or not mirror.is_file():
        return False
    async with database.reading() as connection:
        if await newest(connection, file):
            return False
        with contextlib.closing(KeyFile(mirror, owner=False)) as mirrored:
            return await newest(connection, mirrored)
