"""What every command of the command line shares; `say` is for people, one line at a time."""

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from bot.settings import Settings

T = TypeVar("T")


def say(text: str) -> None:
    print(text, flush=True)


def settings() -> "Settings":
    """Of this process. Raises Misconfigured."""
    from bot import config  # noqa: PLC0415 - --help must be there at once

    return config.read()


def wait(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)
