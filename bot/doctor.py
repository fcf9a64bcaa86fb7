"""What is wrong with this installation, in words, with the remedy; looks only, changes nothing."""

import os
import shutil
import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bot import appeal, config
from bot.config import Settings
from bot.drill import clock
from bot.errors import Misconfigured
from bot.languages import english_name, missing, reviewed
from bot.ready import LEAST_RECIPIENTS, identities
from conversations.check import faults
from conversations.flows import FLOWS
from storage import custody, ledger, recipients, schema
from storage import tables as t
from storage.database import Database

LEAST_FREE: Final = 2_000_000_000
OLD_POST_TRIES: Final = 3
KEY_FILES: Final = ("master.key", "facts.key", "installation.pem", "shred.keys")


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    remedy: str


async def examine() -> list[Finding]:
    """Everything that is wrong, most basic first."""
    try:
        settings = config.read()
        appeal.load(settings.appeal)
    except Misconfigured as wrong:
        return [
            Finding(str(wrong), "Set it, in the environment or as a file in FIRSTHAND_SECRETS, and run this again.")
        ]
    return [finding async for finding in _examine(settings)]


async def _examine(settings: Settings) -> AsyncIterator[Finding]:
    for finding in (*_flows(settings), *_files(settings)):
        yield finding
    if not (settings.home / "firsthand.db").exists() and not settings.database_url:
        yield Finding("There is no database yet.", "Start once with: firsthand run")
        return
    async for finding in _database(settings):
        yield finding
    async for finding in _telegram(settings):
        yield finding


def _flows(settings: Settings) -> list[Finding]:
    found = [Finding(f"The flow {f.id!r} could strand a witness: {fault}", "Report this: it is a fault in the release.")
             for f in FLOWS for fault in faults(f)]  # fmt: skip
    known = appeal.load(settings.appeal)
    for language in known.unfinished:
        remedy = f"Complete locales/{language}, or take {language} out of the appeal's languages."
        found.append(Finding(f"{language} is not offered: {missing(language)} of its texts are missing.", remedy))
    for language in known.languages if settings.mode == "live" else ():
        if not reviewed(language):
            remedy = f"Have it read by somebody who speaks it, and name them in the head of locales/{language}."
            found.append(Finding(f"No person has reviewed the texts in {english_name(language)}.", remedy))
    return found


def _files(settings: Settings) -> list[Finding]:
    found = []
    for folder, name in ((settings.home, "FIRSTHAND_HOME"), (settings.key_folder, "FIRSTHAND_KEYS")):
        if not folder.is_dir():
            found.append(Finding(f"{name} ({folder}) is not there.", "Start once with: firsthand run"))
        elif _mode(folder) & 0o077:
            found.append(Finding(f"{name} ({folder}) can be read by others.", f"chmod 700 {folder}"))
        elif not os.access(folder, os.W_OK):
            found.append(
                Finding(f"{name} ({folder}) cannot be written.", f"chown it to the user that runs firsthand: {folder}")
            )
    for name in KEY_FILES:
        path = settings.key_folder / name
        if settings.key_folder.is_dir() and not path.exists():
            remedy = "Restore it from where you keep your keys; if this is a new installation, start: firsthand run"
            found.append(Finding(f"The key file {name} is missing.", remedy))
        elif path.exists() and _mode(path) & 0o077:
            found.append(Finding(f"The key file {name} can be read by others.", f"chmod 600 {path}"))
    if settings.home.is_dir() and (free := shutil.disk_usage(settings.home).free) < LEAST_FREE:
        remedy = "Make room, or move FIRSTHAND_VAULT_URL to a larger disk: files wait, and witnesses are told so."
        found.append(Finding(f"Only {free / 1e9:.1f} GB are free on the disk of FIRSTHAND_HOME.", remedy))
    if settings.mode == "live":
        for path in identities(settings):
            remedy = "Move it to its officer's machine and destroy it here: shred -u FILE. Then make a new one."
            found.append(Finding(f"{path} holds a private age key; a server must have none.", remedy))
    return found


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    database = Database(settings.database)
    try:
        async with database.reading() as connection:
            if not await schema.is_current(connection):
                yield Finding("The database has another schema than this release.", "Start once with: firsthand run")
                return
            practice = (await connection.execute(select(t.installation.c.practice))).scalar()
            if practice is not settings.is_practice:
                other = "practice" if practice else "live"
                remedy = "Use this installation's own FIRSTHAND_DATABASE_URL and FIRSTHAND_HOME."
                yield Finding(f"This database belongs to a {other} installation.", remedy)
            async for finding in _people(connection, settings):
                yield finding
            for name in await ledger.logs(connection):
                for fault in custody.check(await ledger.lines(connection, name), name)[:1]:
                    remedy = (
                        "Stop, keep this machine as it is, and tell the officer in charge: evidence may be touched."
                    )
                    yield Finding(f"The custody log {name}: line {fault.line} {fault.what}.", remedy)
            async for finding in _backlog(connection):
                yield finding
    except SQLAlchemyError as failure:
        remedy = "See that FIRSTHAND_DATABASE_URL names it and that it can be read and written."
        yield Finding(f"The database cannot be used ({type(failure).__name__}).", remedy)
    finally:
        await database.close()


async def _people(connection: object, settings: Settings) -> AsyncIterator[Finding]:
    active = await recipients.active(connection)  # type: ignore[arg-type]
    if len(active) < LEAST_RECIPIENTS:
        yield Finding(f"{len(active)} recipients are active; two are needed.", "firsthand recipient add --help")
    elif all(h.role != "team" for h in active):
        yield Finding("No offline team identity is among the recipients.", "firsthand recipient add, without --officer")
    if settings.mode == "live" and appeal.load(settings.appeal).example:
        yield Finding("The appeal is the shipped example.", "Write your own and set FIRSTHAND_APPEAL.")
    officers = select(func.count()).select_from(t.officers).where(t.officers.c.state == "active")
    if not (await connection.execute(officers)).scalar():  # type: ignore[attr-defined]
        yield Finding("No officer is enrolled.", "firsthand officer invite --help")


async def _backlog(connection: object) -> AsyncIterator[Finding]:
    run = connection.execute  # type: ignore[attr-defined]
    late = select(func.count()).select_from(t.work).where(t.work.c.due < int(clock()) - 3600)
    if count := (await run(late)).scalar():
        yield Finding(
            f"{count} pieces of work are more than an hour late.", "See that firsthand run is running, and its log."
        )
    aside = select(func.count()).select_from(t.quarantine)
    if count := (await run(aside)).scalar():
        yield Finding(
            f"{count} messages were set aside because they could not be read.", "Report the classes in the log."
        )
    stuck = select(func.count()).select_from(t.posts).where(t.posts.c.tries > OLD_POST_TRIES)
    if count := (await run(stuck)).scalar():
        remedy = "See that the officers' bot is an administrator of FIRSTHAND_OFFICERS_CHANNEL and may post there."
        yield Finding(f"{count} posts to the officers have failed several times.", remedy)


async def _telegram(settings: Settings) -> AsyncIterator[Finding]:
    async with httpx.AsyncClient(timeout=10) as client:
        for name in ("witness_bot_token", "officers_bot_token"):
            token = getattr(settings, name).get_secret_value()
            try:
                answer = await client.get(f"{settings.telegram_api}/bot{token}/getMe")
            except httpx.HTTPError:
                remedy = (
                    "Start the sandbox with firsthand run, or see that FIRSTHAND_TELEGRAM_API can be reached from here."
                )
                yield Finding(f"Nothing answers at {settings.telegram_api}.", remedy)
                return
            if answer.status_code == httpx.codes.UNAUTHORIZED:
                remedy = "Copy it again from @BotFather."
                yield Finding(f"Telegram does not know the token in FIRSTHAND_{name.upper()}.", remedy)
