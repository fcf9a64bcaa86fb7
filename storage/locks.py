"""Locks that several processes see, on PostgreSQL: held by a connection, so that they go with a
process that dies.

Nothing is written for them
(https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from storage.connection import DatabaseAway
from storage.database import Database

ASK_SECONDS = 0.02
ANSWER_SECONDS = 5
THROW_OUT = """
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND granted AND objsubid = 1
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND (classid::bigint << 32) | objid::bigint = $1 AND pid <> pg_backend_pid()
"""


class Locks:
    """Keys are whole numbers of 64 bits. One connection of its own, outside the pool, replaced when
    it dies.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Any = None
        self._alone = asyncio.Lock()

    @asynccontextmanager
    async def held(self, key: int, *, patience: float) -> AsyncIterator[None]:
        """After `patience` seconds whoever holds it is thrown out: only the process that has the
        lease of what the lock is for may call this, so that an older one is frozen. Raises
        DatabaseAway.
        """
        ends = asyncio.get_running_loop().time() + patience
        while not await self._ask("SELECT pg_try_advisory_lock($1)", key):
            if asyncio.get_running_loop().time() > ends:
                await self._ask(THROW_OUT, key)
            await asyncio.sleep(ASK_SECONDS)
        try:
            yield
        finally:
            await self._ask("SELECT pg_advisory_unlock($1)", key)

    async def is_free(self, key: int) -> bool:
        """Whether no other connection holds it. Raises DatabaseAway."""
        return bool(await self._ask("SELECT pg_try_advisory_xact_lock_shared($1)", key))

    async def close(self) -> None:
        if self._connection is not None:
            self._connection.terminate()

    async def _ask(self, query: str, key: int) -> Any:
        async with self._alone:
            if self._connection is None or self._connection.is_closed():
                self._connection = await self._database.connect()
            # half an answer may be on its way: what it held is let go with it
            try:
                return await self._connection.fetchval(query, key, timeout=ANSWER_SECONDS)
            except BaseException as failure:
                self._connection.terminate()
                self._connection = None
                if isinstance(failure, Exception):
                    raise DatabaseAway(type(failure).__name__) from None
                raise
