"""What waits too long, and which process gives no sign of life."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from bot.clock import clock
from bot.operator.doctor.finding import Finding
from bot.process.heartbeat import SILENT_SECONDS, SUPERVISOR, heartbeats
from bot.settings import RUN
from storage import backlog, keys
from storage import tables as t
from storage.backlog import Backlog
from storage.connection import Connection

LATE_SECONDS: Final = 3600
OLD_POST_TRIES: Final = 3
SLOTS_NEARLY_ALL: Final = 0.9
RUNNING: Final = "See that firsthand run is running, and its log."
TELEGRAM: Final = (
    "See that this machine reaches Telegram, that firsthand run is running, and its log."
)


def alive(home: Path) -> Iterator[Finding]:
    found = heartbeats(home)
    supervisor = found.get(SUPERVISOR)
    # a start takes seconds
    settled = supervisor is not None and supervisor.at - supervisor.since > SILENT_SECONDS
    for role in RUN if settled else ():
        if role not in found:
            yield Finding(
                f"The {role} process is not running, though the others are.",
                "See the log; it says why.",
            )
    for role, sign in found.items():
        if sign.silent > SILENT_SECONDS:
            what = f"The {role} process has given no sign of life for {_long(int(sign.silent))}."
            yield Finding(
                what,
                "Start it again with firsthand run; nothing that was acknowledged is lost "
                "meanwhile.",
            )
        if sign.behind > LATE_SECONDS:
            yield Finding(
                f"What witnesses sent has been waiting to be stored for {_long(sign.behind)}.",
                RUNNING,
            )


async def examine(connection: Connection) -> AsyncIterator[Finding]:
    found = await backlog.look(connection, int(clock()), late=LATE_SECONDS)
    for finding in (*_late(found), *_left(found)):
        yield finding
    failing = select(func.count()).select_from(t.posts).where(t.posts.c.tries > OLD_POST_TRIES)
    if count := (await connection.execute(failing)).scalar_one():
        remedy = (
            "See that the officers' bot is an administrator of FIRSTHAND_OFFICERS_CHANNEL and may "
            "post there."
        )
        yield Finding(f"{count} posts to the officers have failed several times.", remedy)


def _late(found: Backlog) -> Iterator[Finding]:
    """What has waited for longer than it takes."""
    if found.late_work:
        yield Finding(
            f"{found.late_work} pieces of work are more than an hour late, or fail again and "
            f"again.",
            RUNNING,
        )
    if found.oldest_message > LATE_SECONDS:
        what = (
            f"{found.messages} messages to witnesses wait, the oldest for "
            f"{_long(found.oldest_message)}."
        )
        yield Finding(what, TELEGRAM)
    if found.oldest_file > LATE_SECONDS:
        what = f"{found.files} files are on their way, the oldest for {_long(found.oldest_file)}."
        yield Finding(what, TELEGRAM)
    if found.oldest_ledger_entry > LATE_SECONDS:
        what = (
            "Custody entries have been without their numbers for "
            f"{_long(found.oldest_ledger_entry)}."
        )
        yield Finding(what, RUNNING)


def _left(found: Backlog) -> Iterator[Finding]:
    """What waits for somebody to decide."""
    if found.quarantined:
        remedy = (
            "See firsthand quarantine list; after an upgrade, firsthand quarantine retry. Report "
            "the classes."
        )
        yield Finding(
            f"{found.quarantined} messages were set aside because they could not be read.", remedy
        )
    if found.held_messages:
        remedy = (
            "They were on their way when the backup was made: firsthand held send, or firsthand "
            "held drop."
        )
        yield Finding(
            f"{found.held_messages} messages to witnesses are held since a restore.", remedy
        )
    if found.open_reports > keys.SLOTS * SLOTS_NEARLY_ALL:
        remedy = (
            "Lower draft_days in the appeal, so that reports nobody goes on with expire sooner."
        )
        yield Finding(
            f"{found.open_reports} reports are open at once, of {keys.SLOTS} that can be.", remedy
        )


def _long(seconds: int) -> str:
    hours, minutes = seconds // 3600, seconds // 60
    return f"{hours} hours" if hours > 1 else f"{minutes} minutes"
