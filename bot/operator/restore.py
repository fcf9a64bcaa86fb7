"""Restoring a backup into an installation that has nothing yet, and saying what could not come
back.

All rows come in one transaction: a restore that is stopped has changed nothing, and can be run
again. Drafts come back only where their shred key does; the others could be read by nobody, and
their witnesses are told when they write next. Messages that were on their way wait for the
operator, since most of them have been sent. The custody ledger says in every log where the gap is.
"""

import contextlib
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import clock
from bot.config import Settings
from bot.errors import Misconfigured, Refused, Tampered
from bot.operator import backup, unreadable_rows
from bot.operator.backup import Say, Snapshot
from bot.operator.copy_vault import said
from bot.operator.installation import (
    RESTORING,
    keys_that_do_not_fit,
    make_empty,
    require_keys,
    shred_keys,
)
from bot.operator.progress import Progress
from storage import copying, custody, keys, leases, ledger, rows, schema, shredding, statements
from storage import tables as t
from storage.copying import Kept
from storage.database import Database
from storage.durable import sync_folder
from storage.folder import Folder
from storage.key_file import KeyFile
from storage.keys import KeysMissing, KeyTaken
from storage.ledger import INSTALLATION, Entry
from storage.mirror import NAME, put_back
from storage.store import Full, StoreAway

SCRATCH: Final = "restore-"
AHEAD_SECONDS: Final = 3600
TO_OFFICERS: Final = ("note", "package")
IN_USE: Final = (
    "FIRSTHAND_DATABASE_URL: this database is in use; a restore needs an empty one (SQLite: move "
    "firsthand.db* away; "
    "PostgreSQL: dropdb and createdb)"
)


@dataclass(frozen=True, slots=True)
class Restored:
    """Counts; `lost` are unsent reports whose key is gone, `untold` those of them whose chat nobody
    knows.
    """

    referrals: int
    drafts: int
    lost: int
    untold: int
    held: int
    missing: int
    """Files of referrals that were not in the backup either."""
    posts: int
    """Notes and packages to officers that were on their way."""
    officers: list[str]
    """The call signs of those who are active again."""


async def restore(
    settings: Settings, source: Path, say: Say, *, name: str = "", lose_unsent: bool = False
) -> Restored:
    """Restore the newest snapshot in `source`, or the one called `name`. Raises Refused,
    Misconfigured, Tampered.
    """
    snapshot = _chosen(source, name, say)
    say(f"From {snapshot.folder.name}, made {snapshot.manifest['made']}.")
    require_keys(settings)
    backup.check_signed(settings, snapshot)
    _clear(settings.home)
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=settings.home) as folder:
        old = await _of_this_release(settings, snapshot, Path(folder))
        try:
            return await _into(settings, source, snapshot, old, say, lose_unsent=lose_unsent)
        finally:
            await old.close()


async def _into(
    settings: Settings,
    source: Path,
    snapshot: Snapshot,
    old: Database,
    say: Say,
    *,
    lose_unsent: bool,
) -> Restored:
    """From here on something is written: keys put back, a schema, objects, and in the end all rows
    at once.
    """
    await _take_mirror(settings, old, say)
    if not settings.holds_shred_keys:
        raise Misconfigured(
            "FIRSTHAND_KEYS_SERVICE is set: restore where the keys process has its file"
        )
    fresh = not settings.shred_keys.exists()
    database = Database(settings.database)
    try:
        if not await schema.in_use(database):
            _mark(settings)
        await make_empty(settings, restoring=True)
        with contextlib.closing(shred_keys(settings, owner=True)) as shred:
            async with database.reading() as connection:
                await _require_empty(connection)
            _mark(settings)
            if not lose_unsent:
                await _refuse_to_lose(old, shred)
            await _vault(settings, source, snapshot, old, say)
            async with old.reading() as connection, database.writing() as target:
                await statements.lock(target, "schema")
                # slots are not given out before the rows are there
                await statements.lock(target, shredding.EPOCH)
                await _require_empty(target)
                done = await _rows(settings, snapshot, shred, connection, target)
            (settings.home / RESTORING).unlink()
            return done
    except KeyTaken:
        raise Refused("firsthand is running on these keys; stop it first") from None
    except (Refused, Tampered):
        if fresh:  # made a moment ago, for nothing: the true ones may be put back yet
            settings.shred_keys.unlink()
        raise
    finally:
        await database.close()


def _mark(settings: Settings) -> None:
    """From here on an empty database is no new one: until all rows are there, nothing may be begun
    with it.
    """
    (settings.home / RESTORING).touch(mode=0o600)
    sync_folder(settings.home)


async def _require_empty(connection: AsyncConnection) -> None:
    if not await rows.empty(connection):
        raise Refused(IN_USE)
    if await leases.is_held(connection, shredding.LEASE, now=int(clock())):
        raise Refused("a process owns the shred keys of this database; stop it first")


async def _refuse_to_lose(old: Database, shred: KeyFile) -> None:
    """Where no unsent report opens, the keys are not those they were written under."""
    async with old.reading() as connection:
        c = t.conversations.c
        drafts = (await connection.execute(select(c.slot, c.state))).all()
    if drafts and not any(
        shred.opens(row.slot, row.state, "conversations.state") for row in drafts
    ):
        raise Refused(
            f"none of the {len(drafts)} unsent reports in this backup opens with these shred keys. "
            f"If there is a "
            f"mirror, set FIRSTHAND_KEYS_MIRROR, see that its disk is mounted, and move {NAME} "
            f"away from "
            "FIRSTHAND_KEYS; if the keys are lost for good, or all were sent or erased since, add "
            "--lose-unsent"
        )


def _clear(home: Path) -> None:
    """What a restore that was killed has left: a copy of the rows, sealed."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in home.glob(f"{SCRATCH}*"):
        shutil.rmtree(left)


def _chosen(source: Path, name: str, say: Say) -> Snapshot:
    """The one of this name; else the newest that is not of a time to come, as a clock that was
    ahead makes it.
    """
    found = backup.snapshots(source)
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
                f"(--snapshot)."
            )
    return (past or found)[-1]


async def _take_mirror(settings: Settings, old: Database, say: Say) -> None:
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
                f"the unsent reports "
                f"in this backup, the second {there}. Move the one that opens fewer away and run "
                f"this again"
            )
        return
    if not put_back(settings.keys_mirror, settings.shred_keys):
        raise Refused(
            f"there is no {NAME} in FIRSTHAND_KEYS_MIRROR ({settings.keys_mirror}): see that its "
            f"disk is mounted; if "
            "it is lost, unset FIRSTHAND_KEYS_MIRROR, and every unsent report is lost with it"
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


async def _of_this_release(settings: Settings, snapshot: Snapshot, folder: Path) -> Database:
    """A copy of the snapshot's database, brought to this release's schema if it was made by an
    older one.
    """
    path = folder / backup.DATABASE
    shutil.copyfile(snapshot.folder / backup.DATABASE, path)
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


async def _vault(
    settings: Settings, source: Path, snapshot: Snapshot, old: Database, say: Say
) -> None:
    """All of them must be there; those of referrals are held, and no others."""
    async with old.reading() as connection:
        filed = {name for name, wanted in (await copying.kept(connection)).items() if wanted.filed}
    names = {
        name: Kept(digest, filed=name in filed, needed=True)
        for name, digest in snapshot.objects.items()
    }
    progress = Progress(len(names), "objects", say)
    try:
        done = await copying.copy(
            Folder(source / "vault"),
            settings.store(),
            names,
            told=lambda now: progress.at(now.copied + now.there, now.bytes),
        )
    except (StoreAway, Full) as refused:
        raise Refused(
            f"the restore stopped at the vault: {said(refused)}; then run it again"
        ) from None
    if done.wrong or done.gone:
        raise Tampered(
            f"{len(done.wrong)} objects of this backup are not what they were and {len(done.gone)} "
            f"are missing; "
            "try an earlier snapshot, or another copy of the backup"
        )


async def _rows(
    settings: Settings,
    snapshot: Snapshot,
    shred: KeyFile,
    old: AsyncConnection,
    fresh: AsyncConnection,
) -> Restored:
    counts = await rows.copy(old, fresh)
    now = int(clock())
    lost, untold = await unreadable_rows.close(
        fresh, shred, keys.load(settings.key_folder, "master", make=False), now
    )
    await unreadable_rows.drop(fresh, shred)
    await fresh.execute(update(t.outbox).values(held=True))
    await fresh.execute(update(t.work).values(held_until=0, claim=0))
    held = int((await fresh.execute(select(func.count()).select_from(t.outbox))).scalar_one())
    # What was on its way to officers has reached them since, and a package would go out without its
    # entry.
    dropped = await fresh.execute(delete(t.posts).where(t.posts.c.kind.in_(TO_OFFICERS)))
    officers = await fresh.execute(
        select(t.officers.c.call_sign).where(t.officers.c.state == "active")
    )
    await _name_the_gap(fresh, snapshot, now)
    there = snapshot.objects
    missing = sum(
        kept.filed and name not in there for name, kept in (await copying.kept(fresh)).items()
    )
    return Restored(
        counts["referrals"],
        counts["conversations"] - lost,
        lost,
        untold,
        held,
        missing,
        dropped.rowcount,
        sorted(officers.scalars()),
    )


async def _name_the_gap(connection: AsyncConnection, snapshot: Snapshot, now: int) -> None:
    """A new segment of every log: what was written after the backup was made is missing, and the
    log says so.
    """
    made = snapshot.manifest["made"]
    details: dict[str, Any] = {
        "backup": made,
        **{f"ledger_{k}": v for k, v in snapshot.manifest["ledger"].items()},
    }
    referrals = select(t.referrals.c.reference, t.referrals.c.account_recipient)
    logs = {r.reference: r.account_recipient for r in await connection.execute(referrals)}
    gap = f"what followed the backup of {made[:13]}Z is missing"
    for log, recipient in {INSTALLATION: None, **logs}.items():
        entry = Entry("restored", "operator", gap, details)
        await ledger.append_alone(connection, log, [entry], hour=now // 3600, recipient=recipient)


def report(restored: Restored, settings: Settings, say: Callable[[str], None]) -> None:
    """What came back and what did not, in words."""
    say(
        f"{restored.referrals} referrals are back, and {restored.drafts} reports that witnesses "
        f"have not sent yet."
    )
    if restored.lost:
        say(
            f"{restored.lost} unsent reports did not come back: they were sent, erased or had "
            f"expired after the "
            f"backup, or their keys are gone. {restored.lost - restored.untold} chats are told "
            f"when they write next; "
            f"of {restored.untold} hidden ones nobody knows the chat."
        )
    if restored.missing:
        say(
            f"{restored.missing} files of referrals are not in this backup; an earlier snapshot "
            f"may have them."
        )
    if restored.held:
        say(
            f"{restored.held} messages to witnesses are held, since most of them were sent: "
            f"firsthand held --help"
        )
    if restored.posts:
        say(
            f"{restored.posts} notes and packages to officers are dropped: whoever misses one asks "
            f"for it again."
        )
    if restored.officers:
        say(
            f"Officers as they were then: {', '.join(restored.officers)}. Whoever was removed "
            f"since, remove again now."
        )
    if settings.keys_mirror is None:
        say("FIRSTHAND_KEYS_MIRROR is not set: were these keys lost, every unsent report would be.")
