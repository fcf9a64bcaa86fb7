"""What every command of the command line shares; `say` is for people, one line at a time."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
OK, REFUSED, USAGE, TAMPERED, INCOMPLETE, UNSIGNED = 0, 1, 2, 3, 4, 5
"""How a command ends; beside these, those of bot/errors.py."""


def plain(text: str) -> str:
    """The text without what a terminal would obey: names in files are anybody's, and must not write
    over our sentences.
    """
    kept = "".join(c if c == "\n" or c.isprintable() else ascii(c)[1:-1] for c in text)
    return kept.encode("utf-8", "backslashreplace").decode()


def say(text: str) -> None:
    print(plain(text), flush=True)


def wait(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)
