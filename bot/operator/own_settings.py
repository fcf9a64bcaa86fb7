"""The settings that a command runs with."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings


def settings() -> "Settings":
    """Of this process; which installation that is, is said beside what the command says. Raises
    Misconfigured.

    A shell that lost its settings would work on the sandbox, and nobody would see.
    """
    from bot import config  # noqa: PLC0415 - --help must be there at once

    found = config.read()
    print(f"({installation_of(found)})", file=sys.stderr)
    return found


def installation_of(settings: "Settings") -> str:
    """Which one it is, for people."""
    return f"the {settings.mode} installation in {settings.home.absolute()}"
