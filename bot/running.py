"""`firsthand run --role`: one role in this process, or in one beside it."""

import asyncio
import gc
import os
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from bot.errors import Misconfigured
from bot.process.renewing import SUPERVISED
from bot.roles import ROLES
from bot.settings import BOTS, Settings
from bot.supervisor import supervise, until_alone


def one(settings: Settings, role: str) -> None:
    """Run one role until it is stopped."""
    gc.disable()  # until it has begun (bot/process/together.py): what is imported is no garbage
    _check(settings, role)
    asyncio.run(_role(settings, role))


def kept(settings: Settings, role: str) -> None:
    """Run one role in a process beside this one, which starts it again when it ends: for a unit of
    its own.
    """
    _check(settings, role)
    os.environ["FIRSTHAND_HOME"] = str(settings.home.absolute())  # also for a child without tokens
    asyncio.run(supervise((role,), health_of(settings, (role,))))


def _check(settings: Settings, role: str) -> None:
    if role not in ROLES:
        raise Misconfigured(
            f"--role {role}: roles are {', '.join(ROLES)}; for example --role witness"
        )
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if role == "sandbox":
        return
    from bot.operator.readiness import check_ready, check_schema  # noqa: PLC0415 - not for the sandbox

    if role in BOTS:
        asyncio.run(check_ready(settings, again=SUPERVISED in os.environ))
    elif role in ("custody", "keys"):  # they have no token, no appeal and no recipient
        asyncio.run(check_schema(settings))


async def _role(settings: Settings, role: str) -> None:
    watch = health_of(settings, (role,))
    beside = [
        asyncio.ensure_future(until_alone()),
        *([asyncio.ensure_future(watch(Counter()))] if watch else []),
    ]
    try:
        await ROLES[role](settings)
    finally:
        for task in beside:
            task.cancel()


def health_of(
    settings: Settings, roles: Sequence[str]
) -> Callable[[Counter[str]], Awaitable[None]] | None:
    """What answers for the health of these roles, where it is asked for."""
    if not settings.health:
        return None
    # only who asks for it pays for it
    from bot.operator.health import Health, serve  # noqa: PLC0415
    from bot.process.http_server import bind_socket  # noqa: PLC0415

    listening = bind_socket(settings.health, "HEALTH")
    return lambda restarts: serve(Health(settings, roles, lambda: dict(restarts)), listening)
