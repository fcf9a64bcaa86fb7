"""One child process a role; what dies is started again, a little later each time it dies soon."""

import asyncio
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog

from bot.errors import MISCONFIGURED, RENEWED, Misconfigured
from bot.process.handover import HANDOVER, memory
from bot.process.renewing import RENEW, SUPERVISED

log = structlog.get_logger()
SOON = 10.0
LONGEST_WAIT = 30.0
LONGEST_STOP = 10.0


OTHERS: Final[dict[str, tuple[str, ...]]] = {
    "witness": ("OFFICERS_",),
    "files": ("OFFICERS_", "WEBHOOK_"),
    "officers": ("WITNESS_BOT_TOKEN", "WEBHOOK_", "KEYS_SERVICE", "KEYS_TLS", "KEYS_MIRROR"),
    "custody": ("WITNESS_", "OFFICERS_", "WEBHOOK_", "TELEGRAM_", "VAULT_", "KEYS_", "PRACTICE"),
    "keys": ("WITNESS_", "OFFICERS_", "WEBHOOK_", "TELEGRAM_", "VAULT_", "PRACTICE"),
}
"""By role, the settings that are not its own, by how they begin: a child has no other's secrets.
Files in FIRSTHAND_SECRETS are every user's who can read them: see docs/deploy.
"""
STOP: Final = (signal.SIGTERM, signal.SIGINT)


def hold_signals() -> None:
    """Whoever asks this process to stop is heard by `supervise`, also where it is another program
    by then.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP)


async def supervise(
    roles: Sequence[str], beside: Callable[[Counter[str]], Awaitable[None]] | None = None
) -> None:
    """Run the roles until this process is asked to stop; then ask them, and wait. Raises
    Misconfigured.

    `beside` runs in this process meanwhile, and is told how often each role was started again.
    """
    stop, restarts = asyncio.Event(), Counter(dict.fromkeys(roles, 0))
    wrong: list[str] = []
    for number in STOP:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP)
    keepers = [asyncio.create_task(_keep(role, stop, restarts, wrong)) for role in roles]
    watching = asyncio.ensure_future(beside(restarts)) if beside is not None else None
    await stop.wait()
    await asyncio.gather(*keepers)
    if watching is not None:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    if wrong:
        raise Misconfigured(
            f"the {wrong[0]} process was refused its start, as it said above; the others are "
            "stopped"
        )


async def _keep(role: str, stop: asyncio.Event, restarts: Counter[str], wrong: list[str]) -> None:
    wait, kept, renewed = 0.5, memory(), False
    while not stop.is_set():
        began = time.monotonic()
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # what lies in the folder where it was started is no part of it
            "-m",
            "bot",
            "run",
            "--role",
            role,
            env=_environment(kept, role),
            stdin=asyncio.subprocess.PIPE,
            start_new_session=True,
            pass_fds=() if kept is None else (kept,),
        )
        try:
            await _one(child, stop)
        finally:
            await _end(child)  # also where this task is cancelled: nothing of ours must outlive it
        if stop.is_set():
            return
        soon = time.monotonic() - began < SOON
        if child.returncode == MISCONFIGURED and not (renewed and soon):
            wrong.append(role)
            stop.set()
            return
        if child.returncode == RENEWED:
            log.info("a process is renewed", kind=role)
            renewed = True
            continue
        wait = wait if soon else 0.5
        # what ran a moment ago will again: its successor is tried until it does
        renewed = renewed and soon
        restarts[role] += 1
        log.error("a process ended and is started again", kind=role, seconds=wait)
        await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT)


def _environment(kept: int | None, role: str) -> dict[str, str]:
    """The supervisor's own, without what is another role's: it answers for the health of them all,
    and starts again what ends.
    """
    others = tuple(f"FIRSTHAND_{name}" for name in ("HEALTH", *OTHERS.get(role, ())))
    if role == "officers" and os.environ.get("FIRSTHAND_OFFICERS_DATABASE_URL"):
        others = (*others, "FIRSTHAND_DATABASE_URL")
    mine = {name: v for name, v in os.environ.items() if not name.startswith(others)}
    return mine | {SUPERVISED: "1", RENEW: "1"} | ({} if kept is None else {HANDOVER: str(kept)})


async def until_alone() -> None:
    """In a child: ask this process to stop once its supervisor is gone, however it died.

    Nothing is ever written to the pipe that the supervisor holds; the system closes it when the
    supervisor ends.
    """
    if SUPERVISED not in os.environ:
        return
    loop, alone = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), alone.set)
    await alone.wait()
    loop.remove_reader(sys.stdin.fileno())
    log.error("the supervisor is gone; stopping")
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.sleep(LONGEST_STOP)
    os._exit(1)


async def _one(child: asyncio.subprocess.Process, stop: asyncio.Event) -> None:
    """Until it ends, or is asked to."""
    ended, asked = asyncio.create_task(child.wait()), asyncio.create_task(stop.wait())
    await asyncio.wait([ended, asked], return_when=asyncio.FIRST_COMPLETED)
    for task in (ended, asked):
        task.cancel()


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is not None:
        return
    child.terminate()
    try:
        async with asyncio.timeout(LONGEST_STOP):
            await child.wait()
    except TimeoutError:
        child.kill()
        await child.wait()
