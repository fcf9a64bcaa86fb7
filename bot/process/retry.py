"""A database that is away for a while stops nobody: what was asked of it is asked again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.logs import where_raised

log = structlog.get_logger()
T = TypeVar("T")
AGAIN_SECONDS = 1.0


async def retry(ask: Callable[[], Awaitable[T]]) -> T:
    """The answer, however long the database takes to come back."""
    while True:
        try:
            return await ask()
        except (SQLAlchemyError, OSError) as failure:
            log.error("the database is away", error=where_raised(failure))
            await asyncio.sleep(AGAIN_SECONDS)
