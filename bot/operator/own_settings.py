"""The settings that a command runs with."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings


def settings() -> "Settings":
    """Of this process. Raises Misconfigured."""
    from bot import config  # noqa: PLC0415 - --help must be there at once

    return config.read()
