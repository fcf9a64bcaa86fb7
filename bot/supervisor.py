"""One child process a role; what dies is started again, a little later each time it dies soon."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Sequence

import structlog

log = structlog.get_logger()
SOON = 10.0
LONGEST_WAIT = 30.0


async def supervise(roles: Sequence[str]) -> None:
    """Run the roles until this process is asked to stop; then ask them, and wait."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    keepers = [asyncio.create_task(_keep(role, stop)) for role in roles]
    await stop.wait()
    await asyncio.gather(*keepers)


async def _keep(role: str, stop: asyncio.Event) -> None:
    wait = 0.5
    while not stop.is_set():
        began = time.monotonic()
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "--role", role, env=dict(os.environ), start_new_session=True
        )
        ended, asked = asyncio.create_task(child.wait()), asyncio.create_task(stop.wait())
        await asyncio.wait([ended, asked], return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            await _end(child)
            return
        asked.cancel()
        wait = wait if time.monotonic() - began < SOON else 0.5
        log.error("a process ended and is started again", kind=role, seconds=wait)
        await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT)


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is not None:
        return
    child.terminate()
    try:
        async with asyncio.timeout(10):
            await child.wait()
    except TimeoutError:
        child.kill()
        await child.wait()
