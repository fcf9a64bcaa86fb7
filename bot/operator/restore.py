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
from pathlib import Path
from typing import Any, Final

from sqlalchemy import delete, func, select, update

from bot.clock import clock
from bot.custody.signing import FLOOR
from bot.errors import Misconfigured, Refused, Tampered
from bot.operator import unreadable_rows
from bot.operator.backup import Say
from bot.operator.choose_snapshot import SCRATCH, choose_snapshot, open_snapshot, take_mirror
from bot.operator.copy_vault import why_refused
from bot.operator.installation import make_empty
from bot.operator.progress import Progress
from bot.operator.readiness import RESTORING
from bot.operator.restored import Restored
from bot.operator.server_keys import require_keys, shred_keys
from bot.operator.snapshot import Snapshot, check_signed
from bot.settings import Settings
from storage import copying, key_owner, keys, leases, ledger, rows, schema, shredding, statements
from storage import tables as t
from storage.connection import Connection
from storage.copying import Kept
from storage.database import Database
from storage.durable import sync_folder
from storage.folder import Folder
from storage.key_file import KeyFile
from storage.keys import KeyTaken
from storage.ledger import INSTALLATION, Entry
from storage.mirror import NAME
from storage.store import Full, StoreAway

TO_OFFICERS: Final = ("note", "package")
IN_USE: Final = (
    "FIRSTHAND_DATABASE_URL: this database is in use; a restore needs an empty one (SQLite: move "
    "firsthand.db* away; PostgreSQL: dropdb and createdb)"
)


async def restore(
    settings: Settings, source: Path, say: Say, *, name: str = "", lose_unsent: bool = False
) -> Restored:
    """Restore the newest snapshot in `source`, or the one called `name`. Raises Refused,
    Misconfigured, Tampered.
    """
    snapshot = choose_snapshot(source, name, say)
    say(f"From {snapshot.folder.name}, made {snapshot.manifest['made']}.")
    require_keys(settings)
    check_signed(settings, snapshot)
    _clear(settings.home)
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=settings.home) as folder:
        old = await open_snapshot(settings, snapshot, Path(folder))
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
    await take_mirror(settings, old, say)
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
            done = await _locked_rows(settings, snapshot, shred, old, database)
            # what was signed after this backup was made is lost, and every log says so
            (settings.key_folder / FLOOR).unlink(missing_ok=True)
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


async def _locked_rows(
    settings: Settings, snapshot: Snapshot, shred: KeyFile, old: Database, database: Database
) -> Restored:
    """All rows in one transaction, while nobody else makes or uses this database."""
    async with old.reading() as connection, database.writing() as target:
        await statements.lock(target, "schema")
        # slots are not given out before the rows are there
        await statements.lock(target, shredding.EPOCH)
        await _require_empty(target)
        return await _rows(settings, snapshot, shred, connection, target)


def _mark(settings: Settings) -> None:
    """From here on an empty database is no new one: until all rows are there, nothing may be begun
    with it.
    """
    (settings.home / RESTORING).touch(mode=0o600)
    sync_folder(settings.home)


async def _require_empty(connection: Connection) -> None:
    if not await rows.empty(connection):
        raise Refused(IN_USE)
    if await leases.is_held(connection, key_owner.LEASE, now=int(clock())):
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
            "If there is a mirror, set FIRSTHAND_KEYS_MIRROR, see that its disk is mounted, and "
            f"move {NAME} away from FIRSTHAND_KEYS; if the keys are lost for good, or all were "
            "sent or erased since, add --lose-unsent"
        )


def _clear(home: Path) -> None:
    """What a restore that was killed has left: a copy of the rows, sealed."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in home.glob(f"{SCRATCH}*"):
        shutil.rmtree(left)


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
            f"the restore stopped at the vault: {why_refused(refused)}; then run it again"
        ) from None
    if done.wrong or done.gone:
        raise Tampered(
            f"{len(done.wrong)} objects of this backup are not what they were and {len(done.gone)} "
            "are missing; try an earlier snapshot, or another copy of the backup"
        )


async def _rows(
    settings: Settings, snapshot: Snapshot, shred: KeyFile, old: Connection, fresh: Connection
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


async def _name_the_gap(connection: Connection, snapshot: Snapshot, now: int) -> None:
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
