"""Backups: a snapshot of the database while everything runs, and the vault's objects beside it,
each copied once.

    TO/vault/ab/cd/NAME               sealed objects, shared by all snapshots
    TO/2026-11-26T15-04-05Z/          one snapshot:
        database.sqlite               every row, sealed as it is, whatever database it came from
        objects.sha256                the objects that belong to it, as sha256sum -c reads it
                                      in TO/vault
        manifest.json, manifest.sig   what is here, signed with the installation key
                                      (ECDSA P-256, SHA-256, base64)

No key is in it. What witnesses have not sent yet is readable only with the shred keys, which are
mirrored and never copied; an old backup therefore opens nothing that was sent, erased or has
expired since.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from bot.clock import clock
from bot.errors import Misconfigured, Refused, Tampered
from bot.operator.backup_folder import alone, alone_on_disk, refuse_others, refuse_own_folders
from bot.operator.copy_vault import why_refused
from bot.operator.progress import Progress
from bot.operator.server_keys import require_keys, require_own_keys
from bot.operator.snapshot import (
    DATABASE,
    MANIFEST,
    NAME,
    OBJECTS,
    UNFINISHED,
    VERSION,
    Snapshot,
    clear_unfinished,
    file_sha256,
    object_path,
    read_snapshot,
    sign_snapshot,
    snapshot_folders,
    snapshots,
    write_durably,
)
from bot.settings import Settings
from storage import copying, ledger, rows, schema
from storage import tables as t
from storage.copying import Copied, Kept
from storage.database import Database
from storage.durable import sync_folder
from storage.folder import Folder
from storage.ledger import INSTALLATION, Entry
from storage.store import Full, StoreAway

ROUNDS: Final = 5
MADE: Final = "backup made"
Say = Callable[[str], None]


async def make(settings: Settings, to: Path, say: Say, *, keep: int, check: bool) -> Snapshot:
    """Add a snapshot to the backups in the folder `to` (absolute), and forget all but the newest
    `keep`.

    `check` reads every object again that an earlier backup had copied. Raises Refused, Tampered.
    """
    refuse_own_folders(settings, to)
    require_keys(settings)
    await require_own_keys(settings)  # what another key had signed could not be restored with ours
    with alone(to):
        before = snapshots(to)
        refuse_others(settings, to, before)
        clear_unfinished(to)
        made = datetime.fromtimestamp(int(clock()), UTC)
        while (to / made.strftime(NAME)).exists():  # two in one second
            made += timedelta(seconds=1)
        unfinished = to / (made.strftime(NAME) + UNFINISHED)
        unfinished.mkdir(mode=0o700)
        try:
            facts, done = await _all(settings, to, unfinished / DATABASE, before, say, check=check)
        # the second where the driver is asked itself
        except (OperationalError, sqlite3.OperationalError) as failure:
            if "disk is full" not in str(failure):
                raise
            raise Refused(
                f"the disk of {to} is full: make room there, and run this again"
            ) from None
        found = _finish(settings, unfinished, {"made": made.isoformat(), **facts}, done)
        await _note(settings, found.folder.name)
        say(
            f"{found.folder}: {sum(facts['rows'].values())} rows, {len(done.digests)} objects, "
            f"{done.copied} of them new."
        )
        _complain(done)  # before anything is forgotten: what is lost there may be what is left
        await _forget(to, [*before, found], keep, say)
    return found


def _finish(settings: Settings, unfinished: Path, facts: dict[str, Any], done: Copied) -> Snapshot:
    """Say what is in it, sign that, and give it its name: from then on it is a backup."""
    write_durably(
        unfinished / OBJECTS,
        "".join(f"{done.digests[n]}  {object_path(n)}\n" for n in sorted(done.digests)),
    )
    sums = {name: file_sha256(unfinished / name) for name in (DATABASE, OBJECTS)}
    manifest = {"v": VERSION, "objects": len(done.digests), **facts, "sha256": sums}
    write_durably(unfinished / MANIFEST, json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    sign_snapshot(settings, unfinished)
    finished = unfinished.with_name(unfinished.name.removesuffix(UNFINISHED))
    unfinished.rename(finished)
    sync_folder(finished.parent)
    return Snapshot(finished, manifest)


async def _all(
    settings: Settings, to: Path, database: Path, before: list[Snapshot], say: Say, *, check: bool
) -> tuple[dict[str, Any], Copied]:
    """Rows and objects that fit each other: where a witness erased a file between the two, the rows
    are taken anew.

    What is missing and still named by newer rows was erased by nobody: of that, `erased` is left.
    """
    known = before[-1].objects if before else {}
    missing, lost = set[str](), set[str]()
    for _ in range(ROUNDS):
        _nothing_of(database)
        facts, names = await _database(settings, database, say)
        names = {
            n: replace(wanted, sha256=wanted.sha256 or known.get(n)) for n, wanted in names.items()
        }
        done = await _vault(settings, to, names, say, check=check)
        missing, lost = set(done.erased), missing & set(done.erased)
        if missing == lost:
            break
    done.erased[:] = sorted(lost)
    return facts, done


async def _database(
    settings: Settings, path: Path, say: Say
) -> tuple[dict[str, Any], dict[str, Kept]]:
    """Copy every row out of one snapshot; what there is to say of it, and which objects belong to
    it.
    """
    source, target = Database(settings.database), Database(f"sqlite:///{path}")
    try:
        await schema.prepare(target, practice=settings.is_practice)
        async with source.reading() as connection, target.writing() as copy:
            if not await schema.is_current(connection):
                raise Misconfigured(
                    "FIRSTHAND_DATABASE_URL: this database is not of this release; run: firsthand "
                    "run"
                )
            counts = await rows.copy(
                connection, copy, lambda table, n: say(f"  {table}: {n}") if n else None
            )
            names = await copying.kept(connection)
            last = select(t.ledger.c.hash).order_by(t.ledger.c.id.desc()).limit(1)
            head = (await connection.execute(last)).scalar() or ""
            name = (await connection.execute(select(t.installation.c.name))).scalar()
            leaves = (await connection.execute(select(func.count()).select_from(t.leaves))).scalar()
        await target.tidy()
    finally:
        await source.close()
        await target.close()
    alone_on_disk(path)
    so_far = {"entries": counts["ledger"], "leaves": leaves, "last": head}
    return {"installation": name, "schema": schema.head(), "rows": counts, "ledger": so_far}, names


async def _vault(
    settings: Settings, to: Path, names: dict[str, Kept], say: Say, *, check: bool
) -> Copied:
    progress = Progress(len(names), "objects", say)
    try:
        return await copying.copy(
            settings.store(),
            Folder(to / "vault"),
            names,
            check=check,
            told=lambda done: progress.at(done.copied + done.there, done.bytes),
        )
    except (StoreAway, Full) as refused:
        raise Refused(
            f"the backup stopped at the vault: {why_refused(refused)}; what was copied stays"
        ) from None


async def _note(settings: Settings, name: str) -> None:
    """That a copy of evidence was made is part of its custody; doctor reads there when the last one
    was.
    """
    database = Database(settings.database)
    try:
        async with database.writing() as connection:
            entry = Entry(MADE, "operator", name)
            await ledger.append(
                connection, INSTALLATION, [entry], hour=int(clock()) // 3600, recipient=None
            )
    finally:
        await database.close()


async def _forget(to: Path, all_: list[Snapshot], keep: int, say: Say) -> None:
    """Remove the oldest snapshots, and the objects that none of the others has."""
    if damaged := [folder.name for folder in snapshot_folders(to) if read_snapshot(folder) is None]:
        say(
            f"Nothing is forgotten: {', '.join(damaged)} cannot be read, so that nobody knows "
            "which objects it needs."
        )
        return
    old, kept = all_[:-keep], all_[-keep:]
    if not old:
        return
    for snapshot in old:
        shutil.rmtree(snapshot.folder)
    needed = {name for snapshot in kept for name in snapshot.objects}
    store, gone = Folder(to / "vault"), 0
    async for name in store.names():
        if name not in needed:
            await store.remove(name)
            gone += 1
    say(f"{len(old)} old snapshots are forgotten, and {gone} objects that only they had.")


def _complain(done: Copied) -> None:
    if done.wrong or done.gone or done.erased:
        raise Tampered(
            f"the backup is made, but {len(done.wrong)} objects are not what their records say, "
            f"{len(done.gone)} of referrals are missing, and {len(done.erased)} of unsent reports; "
            "keep this machine as it is, and tell the officer in charge"
        )


def _nothing_of(database: Path) -> None:
    for path in database.parent.glob(f"{database.name}*"):
        path.unlink()
