"""Making an installation ready before anything runs: folders, keys, schema, and what a live start
refuses.
"""

import contextlib
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot import appeal
from bot.clock import clock
from bot.config import Settings
from bot.errors import Misconfigured, Refused
from bot.logs import where
from bot.officers.recipients import opened_offline_only
from bot.operator import practice
from bot.operator.note_decisions import unnoted
from conversations.check import faults
from conversations.flows import FLOWS
from storage import keys, ledger, recipients, schema
from storage import tables as t
from storage.database import Database, DatabaseAway, NotMade
from storage.key_file import KeyFile
from storage.mirror import NAME, MirrorOfAnother
from storage.shredding import newest

DATABASE: Final = "FIRSTHAND_DATABASE_URL"
LEAST_RECIPIENTS: Final = 2
SERVER_KEYS: Final = ("master.key", "facts.key", "installation.pem")
CHECKED: Final = ("master", "facts", "installation")
"""The keys whose loss would go unnoticed: new ones open nothing, and seal what nobody else opens.
"""
FILES: Final = dict(zip(CHECKED, SERVER_KEYS, strict=True))
NOT_LET_IN: Final = (
    "InvalidPasswordError",
    "InvalidAuthorizationSpecificationError",
    "InvalidCatalogNameError",
)
"""What does not pass by itself, so that starting again and again is in vain."""
_IDENTITY = re.compile(rb"AGE-SECRET-KEY-(PQ-)?1", re.IGNORECASE)


RESTORING: Final = "unfinished-restore"
"""A file that stands while a restore is under way: what it has not brought yet must not be begun
anew.
"""


async def make_ready(settings: Settings) -> None:
    """Create what is missing, and refuse what is dangerous. Raises Misconfigured; says nothing
    secret.
    """
    _refuse_example(settings)
    await make_installation(settings)
    await check_ready(settings)


async def make_installation(settings: Settings) -> None:
    """Folders, keys and schema; in the sandbox also people to practise with. Raises
    Misconfigured.
    """
    await make_empty(settings)
    if settings.mode == "sandbox":
        async with _database(settings) as database:
            await practice.enrol(settings, database)


async def make_empty(settings: Settings, *, restoring: bool = False) -> None:
    """Folders, keys and schema, and nobody. Raises Misconfigured.

    `restoring`: a new database for keys that are in use.
    """
    if not restoring:
        refuse_unfinished(settings)
    make_folders(settings)
    async with _database(settings) as database:
        if await schema.in_use(database):
            require_keys(settings)
            if settings.holds_shred_keys:
                refuse_new_shred_keys(settings)
        elif not restoring:
            _refuse_keys_in_use(settings)
        make_keys(settings.key_folder)
        if settings.holds_shred_keys:
            with contextlib.suppress(keys.KeyTaken):
                shred_keys(settings, owner=True).close()
        await schema.prepare(database, practice=settings.is_practice)
        await _check_keys(settings.key_folder, database)


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
    async with _database(settings) as database:
        there = await schema.in_use(database)
    if not there:
        raise Refused(
            f"there is no installation in {settings.home}: start it once with firsthand run, or "
            f"set FIRSTHAND_HOME"
        )


def require_keys(settings: Settings) -> None:
    """Nothing that there is opens with new ones. Raises Misconfigured."""
    if missing := [name for name in SERVER_KEYS if not (settings.key_folder / name).is_file()]:
        raise Misconfigured(
            f"FIRSTHAND_KEYS: {', '.join(missing)} must be in {settings.key_folder} first, from "
            f"where you keep your "
            "keys; they are in no backup and on no mirror"
        )


def refuse_new_shred_keys(settings: Settings) -> None:
    """Where there is a mirror, missing keys are on it; new ones would be written over it once it is
    mounted.

    Raises Misconfigured.
    """
    if not settings.shred_keys.exists() and settings.keys_mirror is not None:
        raise Misconfigured(
            f"FIRSTHAND_KEYS: {NAME} is missing; see that the disk of FIRSTHAND_KEYS_MIRROR is "
            f"mounted, then copy it "
            f"back: cp -p {settings.keys_mirror}/{NAME} {settings.key_folder}/ (if both are lost, "
            f"unset "
            "FIRSTHAND_KEYS_MIRROR: new keys are made, and every unsent report is lost)"
        )


def _refuse_keys_in_use(settings: Settings) -> None:
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
                f"that its disk is "
                "mounted and the address right; if it is lost, firsthand restore; to begin anew, "
                "move the file away"
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
        async with _database(settings) as database, database.reading() as connection:
            if not await newest(connection, shred):
                raise Refused(f"{NAME} is not the file that was used last: see firsthand doctor")
        shred.join_mirror()
        if shred.mirror_away:
            raise Refused(f"{settings.keys_mirror} cannot be written")


async def _check_keys(folder: Path, database: Database) -> None:
    """Keys that are not this database's would make every row unreadable, and new ones readable by
    them alone.
    """
    async with database.writing() as connection:
        noted = await schema.keys_check(connection, b"".join(_checks(folder).values()))
    _refuse_others(folder, noted)


async def require_own_keys(settings: Settings) -> None:
    """Those that are here are this database's. Raises Misconfigured."""
    async with _database(settings) as database, database.reading() as connection:
        noted = (await connection.execute(select(t.installation.c.keys_check))).scalar()
    _refuse_others(settings.key_folder, noted)


def _refuse_others(folder: Path, noted: bytes | None) -> None:
    if wrong := keys_that_do_not_fit(folder, noted):
        raise Misconfigured(
            f"FIRSTHAND_KEYS: {wrong} is not the one this database was made with; put back the one "
            f"that was, "
            "from where you keep your keys"
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
            found[name] = (
                keys.installation_check(folder) if name == "installation" else _check(folder, name)
            )
    return found


def _check(folder: Path, name: str) -> bytes:
    return keys.load(folder, name, make=False).name("check")


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    """The database; what is wrong with it is said with its setting's name."""
    try:
        database = Database(settings.database)
    except ValueError as wrong:
        raise Misconfigured(f"{DATABASE}: {wrong}") from None
    try:
        yield database
    except schema.WrongInstallation:
        raise _wrong_database(settings) from None
    except schema.NewerSchema:
        raise Misconfigured(
            f"{DATABASE}: this database was used by a newer release; run that one"
        ) from None
    except DatabaseAway as failure:
        if str(failure) in NOT_LET_IN:
            raise Misconfigured(
                f"{DATABASE}: the database lets nobody in with this address ({failure})"
            ) from None
        raise Refused(
            f"{DATABASE}: the database does not answer ({failure}); when it does, start again"
        ) from None
    except (SQLAlchemyError, NotMade) as failure:
        raise Misconfigured(
            f"{DATABASE}: the database cannot be used ({where(failure)}): see that it is there, "
            f"that the address names "
            "it, and that it can be written"
        ) from None
    finally:
        await database.close()


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
    _refuse_example(settings)
    await check_schema(settings)
    async with _database(settings) as database:
        async with database.reading() as connection:
            if not await schema.belongs(connection, practice=settings.is_practice):
                raise _wrong_database(settings)
        if settings.mode == "live":
            await _refuse_unsafe(settings, database, again=again)


async def check_schema(settings: Settings) -> None:
    """What is there must be whole, and of the keys that are here. Raises Misconfigured."""
    refuse_unfinished(settings)
    async with _database(settings) as database, database.reading() as connection:
        if not await schema.is_current(connection):
            raise Misconfigured(
                f"{DATABASE}: this database is not of this release; run: firsthand prepare"
            )
    await require_own_keys(settings)


def refuse_unfinished(settings: Settings) -> None:
    """Raises Misconfigured."""
    if (mark := settings.home / RESTORING).exists():
        raise Misconfigured(
            "FIRSTHAND_HOME: a restore was not finished; run firsthand restore again, or, to begin "
            "anew without it, "
            f"move the database and {mark} away"
        )


def _refuse_example(settings: Settings) -> None:
    if settings.mode == "live" and appeal.load(settings.appeal).example:
        raise Misconfigured(
            "FIRSTHAND_APPEAL: the example appeal names an invented unit; write your own, for "
            "example "
            "FIRSTHAND_APPEAL=/etc/firsthand/appeal.toml"
        )


def _wrong_database(settings: Settings) -> Misconfigured:
    other = "live" if settings.is_practice else "practice"
    return Misconfigured(f"{DATABASE}: this database belongs to a {other} installation")


def make_keys(folder: Path) -> None:
    """The keys that no report has for itself, made on the first start and never again."""
    for name in ("master", "facts"):
        keys.load(folder, name, make=True)
    keys.installation(folder, make=True)


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


async def offline_only(settings: Settings) -> list[str]:
    """What would wait for the offline key, since nobody who is enrolled opens it."""
    async with _database(settings) as database, database.reading() as connection:
        return opened_offline_only(await recipients.active(connection))


async def _refuse_unsafe(settings: Settings, database: Database, *, again: bool) -> None:
    known = appeal.load(settings.appeal)
    if undecided := known.undecided:
        raise Misconfigured("\n".join(f"FIRSTHAND_APPEAL: {sentence}" for sentence in undecided))
    async with database.reading() as connection:
        active = await recipients.answered(connection)
    if len(active) < LEAST_RECIPIENTS or all(h.role != "team" for h in active):
        raise Misconfigured(
            f"{len(active)} keys have answered their challenge: a live installation needs two, one "
            f"of them an offline "
            "team identity; see firsthand recipient add --help"
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
    for folder in (settings.home, settings.key_folder):
        for path in sorted(folder.rglob("*")):
            # an identity is 74 bytes
            small = path.is_file() and path.stat().st_size < 100_000  # noqa: PLR2004
            if small and _IDENTITY.search(path.read_bytes()):
                yield path
