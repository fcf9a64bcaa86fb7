"""A referral handed out as the officers' bot does: entered in its log, signed over, and packed."""

import time
from pathlib import Path

from sqlalchemy import update

from bot.custody.signing import FLOOR, Floor, Signing
from bot.officers import hand_out, packing
from bot.officers.packing import Contents
from bot.referral import head, signed_note
from storage import keys, referrals, schema
from storage import tables as t
from storage.database import Database
from storage.folder import Folder
from storage.keys import Box

DETAILS: dict[str, str | int] = {
    "at": "2026-11-28T10:00:00Z",
    "call_sign": "Heron",
    "role": "specialist",
}


async def signing(database: Database, folder: Path) -> Signing:
    """The custody process of this database, its key made in `folder` where there is none."""
    private = keys.custody_log(folder, make=True)
    async with database.writing() as connection:
        public = signed_note.one_line(private.public_key())
        await connection.execute(update(t.installation).values(custody_key=public))
        origin = head.origin(await schema.name_of(connection))
    return Signing(database, private, origin, Floor(folder / FLOOR), time.time)


async def handed_out(database: Database, facts: Box, folder: Path, reference: str) -> Contents:
    """The package of this referral as it is now. `folder`: of the server's keys."""
    signs = await signing(database, folder)
    async with database.writing() as connection:
        referral = await referrals.get(connection, reference, facts)
        assert referral is not None
        hour = int(time.time()) // 3600
        line, _ = await hand_out.enter(connection, referral, "officer 1", DETAILS, hour=hour)
    await signs.once()
    async with database.reading() as connection:
        held = await packing.contents(connection, reference, line)
    assert held is not None
    return held


async def write_package(
    database: Database, facts: Box, folder: Path, reference: str, to: Path
) -> Path:
    """The same as a tar in the folder `to`. `folder`: of the installation, its keys and vault."""
    held = await handed_out(database, facts, folder / "keys", reference)
    tar = to / f"{reference}.tar"
    await packing.write_tar(held, Folder(folder / "vault"), tar)
    return tar
