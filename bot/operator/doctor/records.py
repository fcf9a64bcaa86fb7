"""The database: its schema, the people in it, the custody ledger, what waits too long, what the
vault should hold.
"""

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Final

from sqlalchemy import exists, extract, func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import clock
from bot.officers.recipients import opened_offline_only
from bot.operator import backup
from bot.operator.doctor import custody_log, waiting, zones
from bot.operator.doctor.finding import STOP, Finding
from bot.operator.doctor.objects import examine_rules, examine_vault
from bot.operator.readiness import LEAST_RECIPIENTS
from bot.operator.server_keys import keys_that_do_not_fit
from bot.settings import Settings
from storage import custody, key_owner, ledger, recipients, referrals, schema
from storage import tables as t
from storage.connection import Connection, DatabaseAway
from storage.database import Database
from storage.key_file import KeyFile
from storage.keys import KeysMissing, Unsealable, load
from storage.store import StoreAway

ALONE: Final = ("keys", "custody")
"""Roles whose machine has neither bot nor vault nor texts."""
BACKUP_HOURS: Final = 48
MOST_APART_SECONDS: Final = 2
NOBODY_OPENS: Final = (
    "Specialists open special categories, supervisors names and contacts: firsthand officer invite "
    "NAME --role specialist, then firsthand recipient add age1… --officer NAME."
)


async def examine(settings: Settings, role: str = "") -> AsyncIterator[Finding]:
    """With a role that is alone on its machine: no more than that needs of it."""
    try:
        database = Database(settings.database)
    except ValueError as wrong:
        yield Finding(f"FIRSTHAND_DATABASE_URL: {wrong}.", "Set it, and run this again.")
        return
    try:
        async with database.reading() as connection:
            if not await schema.is_current(connection):
                yield Finding(
                    "The database has another schema than this release.",
                    "Start once with: firsthand run",
                )
                return
            for part in (_keys(connection, settings), _time(connection)):
                async for finding in part:
                    yield finding
            if role == "custody":
                async for finding in custody_log.examine(connection, settings.key_folder):
                    yield finding
            if role not in ALONE:
                async for finding in _everything(connection, settings):
                    yield finding
        if role not in ALONE:
            async for finding in examine_vault(database, settings.store()):
                yield finding
    except StoreAway as failure:
        remedy = (
            "See that FIRSTHAND_VAULT_URL names the bucket and FIRSTHAND_VAULT_KEY and _SECRET "
            "open it."
        )
        yield Finding(f"The vault cannot be used ({failure}).", remedy)
    except (SQLAlchemyError, DatabaseAway) as failure:
        remedy = "See that FIRSTHAND_DATABASE_URL names it and that it can be read and written."
        yield Finding(f"The database cannot be used ({type(failure).__name__}).", remedy)
    finally:
        await database.close()


async def _everything(connection: Connection, settings: Settings) -> AsyncIterator[Finding]:
    practice = (await connection.execute(select(t.installation.c.practice))).scalar()
    if practice is not settings.is_practice:
        other = "practice" if practice else "live"
        remedy = "Use this installation's own FIRSTHAND_DATABASE_URL and FIRSTHAND_HOME."
        yield Finding(f"This database belongs to a {other} installation.", remedy)
    if settings.mode == "live":
        async for finding in _backup(connection):
            yield finding
    store = settings.store()
    rows = (
        _people(connection),
        _facts(connection, settings),
        _custody(connection),
        _numbers(connection),
        custody_log.examine(connection, settings.key_folder),
        zones.examine(connection, settings),
    )
    for part in (*rows, waiting.examine(connection), examine_rules(store)):
        async for finding in part:
            yield finding


async def _keys(connection: Connection, settings: Settings) -> AsyncIterator[Finding]:
    """Whether the keys that are here are those the database was made, and last used, with."""
    noted = (await connection.execute(select(t.installation.c.keys_check))).scalar()
    wrong = ""
    with contextlib.suppress(OSError, ValueError):  # a file that cannot be read is said elsewhere
        wrong = keys_that_do_not_fit(settings.key_folder, noted)
    if wrong:
        remedy = "Stop firsthand, and put back the key that was, from where you keep your keys."
        yield Finding(f"{wrong} is not the one this database was made with.", remedy)
    if settings.holds_shred_keys and not await _newest(connection, settings):
        what = "shred.keys is not the file that was used last, but an older or a new one."
        yield Finding(
            what,
            "Put back the one that was, from its disk or the mirror; if it is lost: firsthand keys "
            "accept",
        )


async def _newest(connection: Connection, settings: Settings) -> bool:
    """Whether the shred keys are those used last; one that is missing or cut is said elsewhere."""
    try:
        file = KeyFile(settings.shred_keys, owner=False)
    except (KeysMissing, OSError):
        return True
    with contextlib.closing(file):
        return await key_owner.newest(connection, file)


async def _time(connection: Connection) -> AsyncIterator[Finding]:
    """Processes of several machines take over from each other by what their clocks say."""
    if connection.dialect.name != "postgresql":
        return
    theirs = (
        await connection.execute(select(extract("epoch", func.clock_timestamp())))
    ).scalar_one()
    if (apart := abs(float(theirs) - clock())) > MOST_APART_SECONDS:
        remedy = "Have every machine set its clock by the network (chrony, systemd-timesyncd)."
        yield Finding(
            f"The clocks of this machine and of the database are {apart:.0f} seconds apart.", remedy
        )


async def _facts(connection: Connection, settings: Settings) -> AsyncIterator[Finding]:
    """Referrals that were filed under another facts key do not show in the queue."""
    try:
        facts = load(settings.key_folder, "facts", make=False)
    except (KeysMissing, OSError):
        return
    unread = 0
    r = t.referrals.c
    for row in await connection.execute(select(r.reference, r.account_recipient, r.facts)):
        try:
            referrals.open_facts(row, facts)
        except Unsealable:
            unread += 1
    if unread:
        remedy = (
            "Some process had another facts.key when they were filed, and it must be found; or "
            "their rows were changed by hand."
        )
        yield Finding(
            f"{unread} referrals do not open with facts.key, and show in no queue.", remedy
        )


async def _people(connection: Connection) -> AsyncIterator[Finding]:
    active = await recipients.active(connection)
    if len(active) < LEAST_RECIPIENTS:
        many = "1 recipient is" if len(active) == 1 else f"{len(active)} recipients are"
        yield Finding(f"{many} active; two are needed.", "firsthand recipient add --help")
    elif all(h.role != "team" for h in active):
        yield Finding(
            "No offline team identity is among the recipients.",
            "firsthand recipient add, without --officer",
        )
    if active and (shut := opened_offline_only(active)):
        what = (
            f"Nobody who is enrolled can open {' or '.join(shut)}; only the team's offline key "
            "does."
        )
        yield Finding(what, NOBODY_OPENS)
    if count := await _count(connection, t.recipients, t.recipients.c.state == "pending"):
        remedy = (
            "Their holders open the challenge and tell you the code: firsthand recipient answer"
        )
        yield Finding(
            f"{count} recipients have not answered their challenge; nothing is sealed to them.",
            remedy,
        )
    o = t.officers.c
    if not await _count(connection, t.officers, o.state == "active"):
        yield Finding("No officer is enrolled.", "firsthand officer invite --help")
    elif not await _count(connection, t.officers, (o.state == "active") & (o.role == "supervisor")):
        yield Finding(
            "No supervisor is enrolled: nobody can confirm an officer.",
            "firsthand officer invite NAME --role supervisor",
        )
    if count := await _count(connection, t.officers, o.state == "waiting"):
        remedy = (
            "A supervisor confirms them in the officers' bot; the first one here: firsthand "
            "officer confirm"
        )
        yield Finding(f"{count} officers wait to be confirmed.", remedy)
    late = (o.state == "invited") & (o.invite_until < int(clock()) // 3600)
    if count := await _count(connection, t.officers, late):
        yield Finding(
            f"{count} invites were not used in time.",
            "Invite again, or remove: firsthand officer remove",
        )


async def _custody(connection: Connection) -> AsyncIterator[Finding]:
    for name in await ledger.logs(connection):
        for fault in custody.check(await ledger.lines(connection, name), name)[:1]:
            yield Finding(f"The custody log {name}: line {fault.line} {fault.what}.", STOP)


async def _numbers(connection: Connection) -> AsyncIterator[Finding]:
    """A log says of itself that nothing is missing in it; of its end the numbers over all logs do,
    and of theirs what was signed (custody_log.py).
    """
    there = exists().where(t.ledger.c.id == t.leaves.c.entry)
    if count := await _count(connection, t.leaves, ~there):
        yield Finding(f"{count} custody entries that have a number are gone.", STOP)


async def _backup(connection: Connection) -> AsyncIterator[Finding]:
    lines = [json.loads(line) for line in await ledger.lines(connection, ledger.INSTALLATION)]
    made = [line["hour"] for line in lines if line["kind"] == backup.MADE]
    age = int(clock()) // 3600 - made[-1] if made else 0
    if age < -1:
        what = (
            "The custody ledger's hours run ahead of this machine's clock: it cannot say how old "
            "the last backup is."
        )
        yield Finding(what, "See that the clock is right, and look at the backups' folder itself.")
    if not made or age > BACKUP_HOURS:
        what = f"The last backup is {age} hours old." if made else "There is no backup yet."
        yield Finding(
            what,
            "Have firsthand backup TO run every night, and try firsthand restore somewhere once.",
        )


async def _count(connection: Connection, table: object, where: object = None) -> int:
    query = select(func.count()).select_from(table)  # type: ignore[arg-type]
    query = query if where is None else query.where(where)  # type: ignore[arg-type]
    return int((await connection.execute(query)).scalar_one())
