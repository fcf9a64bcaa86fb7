"""Which snapshot a restore takes, and with which keys."""

import contextlib
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select

from bot.clock import clock
from bot.errors import Misconfigured, Refused, Tampered
from bot.operator.backup import Say
from bot.operator.server_keys import keys_that_do_not_fit
from bot.operator.snapshot import DATABASE, Snapshot, snapshots
from bot.settings import Settings
from storage import custody, ledger, schema
from storage import tables as t
from storage.database import Database
from storage.key_file import KeyFile
from storage.keys import KeysMissing
from storage.mirror import NAME, put_back

SCRATCH: Final = "restore-"
AHEAD_SECONDS: Final = 3600


def choose_snapshot(source: Path, name: str, say: Say) -> Snapshot:
    """The one of this name; else the newest that is not of a time to come, as a clock that was
    ahead makes it.
    """
    found = snapshots(source)
    if not found:
        raise Refused(f"there is no finished backup in {source}")
    for snapshot in found:
        if snapshot.folder.name == name:
            return snapshot
    if name:
        raise Refused(
            f"there is no {name} in {source}; there are: "
            f"{', '.join(s.folder.name for s in found[-10:])}"
        )
    soon = datetime.fromtimestamp(clock() + AHEAD_SECONDS, UTC)
    past = [
        snapshot for snapshot in found if datetime.fromisoformat(snapshot.manifest["made"]) <= soon
    ]
    for snapshot in found if past else ():
        if snapshot not in past:
            say(
                f"{snapshot.folder.name} is of a time to come, and is not taken unless it is named "
                "(--snapshot)."
            )
    return (past or found)[-1]


async def take_mirror(settings: Settings, old: Database, say: Say) -> None:
    """Put the mirrored shred keys back, if the machine that had them is lost and its mirror
    is not.
    """
    if settings.keys_mirror is None:
        return
    if settings.shred_keys.exists():
        mirrored = settings.keys_mirror / NAME
        if mirrored.exists() and mirrored.read_bytes() != settings.shred_keys.read_bytes():
            here, there = [await _opened_by(path, old) for path in (settings.shred_keys, mirrored)]
            raise Refused(
                f"{settings.shred_keys} and {mirrored} are not the same: the first opens {here} of "
                f"the unsent reports in this backup, the second {there}. Move the one that opens "
                "fewer away and run this again"
            )
        return
    if not put_back(settings.keys_mirror, settings.shred_keys):
        raise Refused(
            f"there is no {NAME} in FIRSTHAND_KEYS_MIRROR ({settings.keys_mirror}): see that its "
            "disk is mounted; if it is lost, unset FIRSTHAND_KEYS_MIRROR, and every unsent report "
            "is lost with it"
        )
    say("The shred keys are put back from their mirror.")


async def _opened_by(path: Path, old: Database) -> int:
    """How many of the backup's unsent reports open with this file."""
    c = t.conversations.c
    async with old.reading() as connection:
        drafts = (await connection.execute(select(c.slot, c.state))).all()
    try:
        file = KeyFile(path, owner=False)
    except KeysMissing:
        return 0
    with contextlib.closing(file):
        return sum(file.opens(row.slot, row.state, "conversations.state") for row in drafts)


async def open_snapshot(settings: Settings, snapshot: Snapshot, folder: Path) -> Database:
    """A copy of the snapshot's database, brought to this release's schema if it was made by an
    older one.
    """
    path = folder / DATABASE
    shutil.copyfile(snapshot.folder / DATABASE, path)
    database = Database(f"sqlite:///{path}")
    try:
        await schema.prepare(database, practice=settings.is_practice)
    except schema.NewerSchema:
        raise Misconfigured(
            "this backup was made by a newer release; restore it with that one"
        ) from None
    except schema.WrongInstallation:
        raise Refused("this backup is of a practice installation, or this is one") from None
    async with database.reading() as connection:
        noted = (await connection.execute(select(t.installation.c.keys_check))).scalar()
        if wrong := keys_that_do_not_fit(settings.key_folder, noted):
            raise Misconfigured(f"FIRSTHAND_KEYS: {wrong} is not the one this backup was made with")
        for log in await ledger.logs(connection):
            for fault in custody.check(await ledger.lines(connection, log), log)[:1]:
                raise Tampered(
                    f"in this backup, line {fault.line} of the custody log {log} {fault.what}"
                )
    return database
