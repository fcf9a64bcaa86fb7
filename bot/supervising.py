"""What `firsthand run` becomes when all is ready (everything.py): it stays for weeks, and imports
next to nothing.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot.process import heartbeat
from bot.supervisor import supervise
from bot.terminal import say


def run(home: Path, roles: Sequence[str], *, health: bool) -> None:
    """Supervise these roles until asked to stop; `health`: answer for theirs."""
    beside = _beside(home, roles, health=health)
    asyncio.run(supervise(roles, beside))
    heartbeat.clear(home)
    say("Stopped.")


def _beside(
    home: Path, roles: Sequence[str], *, health: bool
) -> Callable[[Counter[str]], Awaitable[None]]:
    """What the supervisor does besides: it gives a sign of its own, and answers for the health of
    all.
    """
    answer = _health(roles) if health else None

    async def beside(restarts: Counter[str]) -> None:
        services = [heartbeat.beat(home, heartbeat.SUPERVISOR)]
        await asyncio.gather(*services, *([answer(restarts)] if answer else []))

    return beside


def _health(roles: Sequence[str]) -> Callable[[Counter[str]], Awaitable[None]] | None:
    from bot import config, running  # noqa: PLC0415 - only who asks for it pays for it

    signs = [role for role in roles if role != "sandbox"]  # which gives none
    return running.health_of(config.read(""), signs)
