"""`firsthand run`: one role in this process, or all of them, each in a process of its own."""

import asyncio
import contextlib
import fcntl
import gc
import os
import socket
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from typing import Final, TextIO

from bot import appeal
from bot.errors import Misconfigured
from bot.language.languages import english_name, missing
from bot.operator.installation import make_folders, make_ready
from bot.operator.readiness import check_ready, check_schema, offline_only
from bot.process import heartbeat
from bot.process.http_server import bind_socket
from bot.process.renewing import SUPERVISED
from bot.settings import BOTS, Settings
from bot.supervisor import supervise, until_alone
from storage.key_file import is_owned

LOCK: Final = "supervisor.lock"


def one(settings: Settings, role: str) -> None:
    """Run one role until it is stopped."""
    gc.disable()  # until it has begun (bot/core.py): what is imported is no garbage
    _check(settings, role)
    asyncio.run(_role(settings, role))


def kept(settings: Settings, role: str) -> None:
    """Run one role in a process beside this one, which starts it again when it ends: for a unit of
    its own.
    """
    _check(settings, role)
    asyncio.run(supervise((role,), _health(settings, (role,))))


def _check(settings: Settings, role: str) -> None:
    from bot.app import ROLES  # noqa: PLC0415 - the supervisor needs none of it

    if role not in ROLES:
        raise Misconfigured(
            f"--role {role}: roles are {', '.join(ROLES)}; for example --role witness"
        )
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if role in BOTS:
        asyncio.run(check_ready(settings, again=SUPERVISED in os.environ))
    elif role == "keys":  # it has no token, no appeal and no recipient
        asyncio.run(check_schema(settings))


async def _role(settings: Settings, role: str) -> None:
    from bot.app import ROLES  # noqa: PLC0415

    watch = _health(settings, (role,))
    beside = [
        asyncio.ensure_future(until_alone()),
        *([asyncio.ensure_future(watch(Counter()))] if watch else []),
    ]
    try:
        await ROLES[role](settings)
    finally:
        for task in beside:
            task.cancel()


def _beside(
    settings: Settings, roles: tuple[str, ...]
) -> Callable[[Counter[str]], Awaitable[None]]:
    """What the supervisor does besides: it gives a sign of its own, and answers for the health of
    all.
    """
    health = _health(settings, roles)

    async def beside(restarts: Counter[str]) -> None:
        services = [
            heartbeat.beat(settings.home, heartbeat.SUPERVISOR),
            *([health(restarts)] if health else []),
        ]
        await asyncio.gather(*services)

    return beside


def _health(
    settings: Settings, roles: tuple[str, ...]
) -> Callable[[Counter[str]], Awaitable[None]] | None:
    """What answers for the health of these roles, where it is asked for."""
    if not settings.health:
        return None
    # only who asks for it pays for it
    from bot.operator.health import Health, serve  # noqa: PLC0415

    listening = bind_socket(settings.health, "HEALTH")
    return lambda restarts: serve(Health(settings, roles, lambda: dict(restarts)), listening)


def everything(settings: Settings, say: Callable[[str], None]) -> None:
    """Make ready, then supervise; in the sandbox say where it is."""
    if settings.keys_listen and not settings.key_services:
        raise Misconfigured(
            "FIRSTHAND_KEYS_SERVICE is missing, though FIRSTHAND_KEYS_LISTEN is set"
        )
    make_folders(settings)
    with _alone(settings):
        asyncio.run(make_ready(settings))
        _refuse_a_second(settings)
        _supervised(settings, say)
    say("Stopped.")


def _supervised(settings: Settings, say: Callable[[str], None]) -> None:
    roles = ("keys", *BOTS) if settings.keys_listen else BOTS
    heartbeat.clear(settings.home)
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
        asyncio.run(supervise(("sandbox", *roles), _beside(settings, roles)))
    else:
        say(f"Firsthand, {settings.mode} installation. Stop with Ctrl+C.")
        if shut := asyncio.run(offline_only(settings)):
            say(
                f"Nobody who is enrolled can open {' or '.join(shut)}, only the offline key: see "
                "firsthand doctor."
            )
        asyncio.run(supervise(roles, _beside(settings, roles)))
    heartbeat.clear(settings.home)


@contextlib.contextmanager
def _alone(settings: Settings) -> Iterator[None]:
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
        yield


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
