"""`firsthand run`: what an installation needs is made, then each role gets a process of its own."""

import asyncio
import contextlib
import fcntl
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NoReturn, TextIO

from bot import appeal
from bot.errors import Misconfigured
from bot.language.languages import english_name, missing
from bot.operator.installation import make_folders, make_ready
from bot.operator.readiness import offline_only
from bot.process import heartbeat
from bot.settings import RUN, Settings
from bot.supervisor import hold_signals
from storage.key_file import is_owned

LOCK: Final = "supervisor.lock"


def run(settings: Settings, say: Callable[[str], None]) -> NoReturn:
    """Make ready, say where it is, and become the supervisor."""
    if settings.keys_listen and not settings.key_services:
        raise Misconfigured(
            "FIRSTHAND_KEYS_SERVICE is missing, though FIRSTHAND_KEYS_LISTEN is set"
        )
    make_folders(settings)
    with _alone(settings) as lock:
        asyncio.run(make_ready(settings))
        _refuse_a_second(settings)
        heartbeat.clear(settings.home)
        hold_signals()
        _tell(settings, say)
        roles = ("keys", *RUN) if settings.keys_listen else RUN
        _become_supervisor(
            settings, ("sandbox", *roles) if settings.mode == "sandbox" else roles, lock
        )


def _become_supervisor(settings: Settings, roles: Sequence[str], lock: TextIO) -> NoReturn:
    """The same process, which goes on without what it needed to make ready, and keeps the lock."""
    os.set_inheritable(lock.fileno(), True)
    os.environ["FIRSTHAND_HOME"] = str(settings.home.absolute())  # also for a child without tokens
    sys.stdout.flush()
    health = "health" if settings.health else "none"
    command = [sys.executable, "-P", "-m", "bot", "supervise", str(settings.home), health, *roles]
    os.execv(sys.executable, command)  # noqa: S606 - a program of ours, and no shell


def _tell(settings: Settings, say: Callable[[str], None]) -> None:
    for language in appeal.load(settings.appeal).unfinished:
        say(
            f"{english_name(language)} is not offered: {missing(language)} of its texts are "
            f"missing in locales/{language}."
        )
    if settings.mode == "sandbox":
        say(
            f"Firsthand, practice installation.\n\n    Open {settings.telegram_api} in a "
            "browser.\n\n"
            "A witness's phone is on the left, the officers on the right. The bots answer within "
            "some seconds.\n"
            f"The officers' keys, to open packages with: {settings.home / 'officer'} "
            "(specialist.key opens what the queue marks Specialist)\n"
            "The sandbox forgets its chats when it stops; referrals stay, see: firsthand referral "
            "list\n"
            "Stop with Ctrl+C."
        )
    else:
        say(f"Firsthand, {settings.mode} installation. Stop with Ctrl+C.")
        if shut := asyncio.run(offline_only(settings)):
            say(
                f"Nobody who is enrolled can open {' or '.join(shut)}, only the offline key: see "
                "firsthand doctor."
            )


@contextlib.contextmanager
def _alone(settings: Settings) -> Iterator[TextIO]:
    """The one supervisor of a home: the system gives its lock back when it ends, however it does.

    Of two that start at the same moment one has it, before anything is made or said. Raises
    Misconfigured.
    """
    with (settings.home / LOCK).open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Misconfigured(
                f"another firsthand{_who(lock)} is running in {settings.home}; stop it first"
            ) from None
        lock.truncate(0)
        where = f", {settings.telegram_api}" if settings.mode == "sandbox" else ""
        lock.write(f"process {os.getpid()}{where}\n")
        lock.flush()
        yield lock


def _who(lock: TextIO) -> str:
    """What the one that has the lock says of itself; it may be just about to."""
    for _ in range(20):
        lock.seek(0)
        if known := lock.read().strip():
            return f" ({known})"
        time.sleep(0.05)
    return ""


def _refuse_a_second(settings: Settings) -> None:
    """Say at once what would otherwise be a process that cannot start, again and again."""
    if settings.holds_shred_keys and is_owned(settings.shred_keys):
        raise Misconfigured(f"another firsthand is running on {settings.key_folder}; stop it first")
    if settings.mode != "sandbox":
        return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", settings.sandbox_port))
        except OSError:
            raise Misconfigured(
                f"FIRSTHAND_SANDBOX_PORT: something else uses port {settings.sandbox_port}; for "
                f"example FIRSTHAND_SANDBOX_PORT={settings.sandbox_port + 1}"
            ) from None
