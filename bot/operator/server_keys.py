"""The server's own keys: made once, checked at every start, never made anew for what is in use."""

import contextlib
from pathlib import Path
from typing import Final

from sqlalchemy import select, update

from bot.errors import Misconfigured, Refused
from bot.operator.open_database import DATABASE, opened_database
from bot.referral import signed_note
from bot.settings import Settings
from storage import keys, schema
from storage import tables as t
from storage.database import Database
from storage.key_file import KeyFile
from storage.key_owner import newest
from storage.mirror import NAME, MirrorOfAnother

SERVER_KEYS: Final = ("master.key", "facts.key", "installation.pem")
CHECKED: Final = ("master", "facts", "installation", "custody")
"""The keys whose loss would go unnoticed: new ones open nothing, and seal what nobody else opens;
or sign another log than the one that officers know.
"""
FILES: Final = dict(zip(CHECKED, (*SERVER_KEYS, keys.CUSTODY_KEY), strict=True))


def require_keys(settings: Settings) -> None:
    """Nothing that there is opens with new ones. Raises Misconfigured."""
    missing = [name for name in SERVER_KEYS if not (settings.key_folder / name).is_file()]
    if missing:
        raise Misconfigured(
            f"FIRSTHAND_KEYS: {', '.join(missing)} must be in {settings.key_folder} first, from "
            "where you keep your keys; they are in no backup and on no mirror"
        )
    for name in CHECKED[: len(SERVER_KEYS)]:
        try:
            _check_of(settings.key_folder, name)
        except (keys.KeysMissing, ValueError):
            raise Misconfigured(
                f"FIRSTHAND_KEYS: {settings.key_folder / FILES[name]} is not whole: put it back "
                "from where you keep your keys"
            ) from None


def refuse_new_shred_keys(settings: Settings) -> None:
    """Where there is a mirror, missing keys are on it; new ones would be written over it once it is
    mounted.

    Raises Misconfigured.
    """
    if not settings.shred_keys.exists() and settings.keys_mirror is not None:
        raise Misconfigured(
            f"FIRSTHAND_KEYS: {NAME} is missing; see that the disk of FIRSTHAND_KEYS_MIRROR is "
            f"mounted, then copy it back: cp -p {settings.keys_mirror}/{NAME} "
            f"{settings.key_folder}/ (if both are lost, unset FIRSTHAND_KEYS_MIRROR: new keys are "
            "made, and every unsent report is lost)"
        )


def refuse_keys_in_use(settings: Settings) -> None:
    """Where the database is new, the one of these keys is lost, or not mounted: its reports would
    be destroyed.
    """
    if not settings.holds_shred_keys or not settings.shred_keys.exists():
        return
    with (
        contextlib.suppress(keys.KeysMissing),
        contextlib.closing(KeyFile(settings.shred_keys, owner=False)) as file,
    ):
        if any(any(stamp) for stamp in file.stamps):
            raise Misconfigured(
                f"{DATABASE}: this database is new, and {settings.shred_keys} is of another: see "
                "that its disk is mounted and the address right; if it is lost, firsthand "
                "restore; to begin anew, move the file away"
            )


async def begin_mirror(settings: Settings) -> None:
    """Make the mirror of keys that are in use. Raises Misconfigured, Refused."""
    if not settings.holds_shred_keys:
        raise Misconfigured(
            "FIRSTHAND_KEYS_SERVICE is set: run this where the keys process has its file"
        )
    if settings.keys_mirror is None:
        raise Misconfigured(
            "FIRSTHAND_KEYS_MIRROR is not set; for example "
            "FIRSTHAND_KEYS_MIRROR=/mnt/second-disk/keys"
        )
    try:
        shred = shred_keys(settings, owner=True, begin_mirror=True)
    except keys.KeyTaken:
        raise Refused("firsthand is running on these keys; stop it first") from None
    with contextlib.closing(shred):
        async with opened_database(settings) as database, database.reading() as connection:
            if not await newest(connection, shred):
                raise Refused(f"{NAME} is not the file that was used last: see firsthand doctor")
        shred.join_mirror()
        if shred.mirror_away:
            raise Refused(f"{settings.keys_mirror} cannot be written")


async def check_keys(folder: Path, database: Database) -> None:
    """Keys that are not this database's would make every row unreadable, and new ones readable by
    them alone.
    """
    async with database.writing() as connection:
        noted = await schema.keys_check(connection, b"".join(_checks(folder).values()))
    _refuse_others(folder, noted)


async def require_own_keys(settings: Settings) -> None:
    """Those that are here are this database's. Raises Misconfigured."""
    async with opened_database(settings) as database, database.reading() as connection:
        noted = (await connection.execute(select(t.installation.c.keys_check))).scalar()
    _refuse_others(settings.key_folder, noted)


def _refuse_others(folder: Path, noted: bytes | None) -> None:
    if wrong := keys_that_do_not_fit(folder, noted):
        raise Misconfigured(
            f"FIRSTHAND_KEYS: {wrong} is not the one this database was made with; put back the one "
            "that was, from where you keep your keys"
        )


def keys_that_do_not_fit(folder: Path, noted: bytes | None) -> str:
    """The first of the server's keys that is another than that of the database which noted this; ""
    if none is.
    """
    for name, mine in _checks(folder).items() if noted else ():
        at = CHECKED.index(name) * len(mine)
        if noted and noted[at : at + len(mine)] not in (mine, b""):
            return FILES[name]
    return ""


def _checks(folder: Path) -> dict[str, bytes]:
    """Of the keys that are there: sixteen bytes by which each is known, and nothing is learnt."""
    found = {}
    for name in CHECKED:
        with contextlib.suppress(keys.KeysMissing):
            found[name] = _check_of(folder, name)
    return found


def _check_of(folder: Path, name: str) -> bytes:
    """Raises KeysMissing, or ValueError where it is no key."""
    if name == "installation":
        return keys.signing_check(keys.installation(folder, make=False))
    if name == "custody":
        return keys.signing_check(keys.custody_log(folder, make=False))
    return _check(folder, name)


def _check(folder: Path, name: str) -> bytes:
    return keys.load(folder, name, make=False).name("check")


def make_keys(folder: Path) -> None:
    """The keys that no report has for itself, made on the first start and never again."""
    for name in ("master", "facts"):
        keys.load(folder, name, make=True)
    keys.installation(folder, make=True)


async def make_custody_key(settings: Settings, database: Database) -> None:
    """The key of the custody log, made before the first head is signed and never again. Raises
    Misconfigured where it is missing or another than the one that signed.
    """
    async with database.reading() as connection:
        noted = (await connection.execute(select(t.installation.c.custody_key))).scalar()
    try:
        private = keys.custody_log(settings.key_folder, make=noted is None)
    except keys.KeysMissing:
        raise Misconfigured(
            f"FIRSTHAND_KEYS: {keys.CUSTODY_KEY} must be in {settings.key_folder} first, from "
            "where you keep your keys: officers know the custody log by it"
        ) from None
    public = signed_note.one_line(private.public_key())
    if noted not in (None, public):
        raise Misconfigured(
            f"FIRSTHAND_KEYS: {keys.CUSTODY_KEY} is not the one this database was made with; put "
            "back the one that was, from where you keep your keys"
        )
    if noted is None:
        async with database.writing() as connection:
            i = t.installation
            first = update(i).where(i.c.custody_key.is_(None)).values(custody_key=public)
            await connection.execute(first)


def shred_keys(settings: Settings, *, owner: bool, begin_mirror: bool = False) -> KeyFile:
    """The file of the shred keys, for its owner with their mirror. Raises Misconfigured, and
    KeyTaken if it has one.
    """
    mirror = settings.keys_mirror
    whose = (settings.key_folder / "installation.pem").read_bytes()
    try:
        return KeyFile(
            settings.shred_keys, owner=owner, mirror=mirror, whose=whose, begin_mirror=begin_mirror
        )
    except keys.KeysMissing:
        remedy = (
            f"copy it back: cp -p {mirror}/{NAME} {settings.key_folder}/"
            if mirror
            else (
                "if it is lost for good, move what is left of it away and run: firsthand keys "
                "accept"
            )
        )
        raise Misconfigured(
            f"FIRSTHAND_KEYS: {NAME} is missing or not whole; without it every unsent report is "
            f"lost; {remedy}"
        ) from None
    except MirrorOfAnother:
        raise Misconfigured(
            "FIRSTHAND_KEYS_MIRROR: this folder mirrors another installation's keys; give each its "
            "own"
        ) from None
