"""What every command of the command line shares; `say` is for people, one line at a time."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
OK, REFUSED, USAGE, TAMPERED, INCOMPLETE, UNSIGNED = 0, 1, 2, 3, 4, 5
"""How a command ends; beside these, those of bot/errors.py."""


def say(text: str) -> None:
    print(text, flush=True)


def wait(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)
