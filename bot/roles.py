"""The roles by their names; what one is made of is imported when it is run, and no other's."""

from collections.abc import Awaitable, Callable
from typing import Final

from bot.settings import Settings


async def _sandbox(settings: Settings) -> None:
    from bot.sandbox_role import sandbox  # noqa: PLC0415 - see above

    await sandbox(settings)


async def _witness(settings: Settings) -> None:
    from bot.app import witness  # noqa: PLC0415

    await witness(settings)


async def _files(settings: Settings) -> None:
    from bot.app import files  # noqa: PLC0415

    await files(settings)


async def _officers(settings: Settings) -> None:
    from bot.app import officers  # noqa: PLC0415

    await officers(settings)


async def _custody(settings: Settings) -> None:
    from bot.custody_role import custody  # noqa: PLC0415

    await custody(settings)


async def _keys(settings: Settings) -> None:
    from bot.app import keys_service  # noqa: PLC0415

    await keys_service(settings)


ROLES: Final[dict[str, Callable[[Settings], Awaitable[None]]]] = {
    "sandbox": _sandbox,
    "witness": _witness,
    "files": _files,
    "officers": _officers,
    "custody": _custody,
    "keys": _keys,
}
