"""What a transaction is worked on with, whichever the database is."""

from collections.abc import AsyncGenerator, Sequence
from typing import Any, Final, Protocol

from sqlalchemy import exc
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql import Executable

from storage.compiled import Rows, Values

AT_ONCE: Final = 500
"""Rows that a stream reads at a time."""


class DatabaseAway(ConnectionError):
    """The database lets nobody in; says the kind of refusal, and neither address nor password."""


class Connection(Protocol):
    """One transaction. Raises SQLAlchemy's errors of the database, which name no value."""

    @property
    def dialect(self) -> Dialect: ...

    async def execute(
        self, statement: Executable, values: Values | Sequence[Values] = ..., /
    ) -> Rows:
        """Run it once, or once for each of several rows of values."""

    def stream(self, statement: Executable) -> AsyncGenerator[list[Any], None]:
        """What it finds, so many rows at a time. Whoever does not read all of it closes it."""


KINDS: Final[dict[str, type[exc.DBAPIError]]] = {
    kind.__name__: kind
    for kind in (
        exc.DatabaseError,
        exc.DataError,
        exc.IntegrityError,
        exc.InterfaceError,
        exc.InternalError,
        exc.NotSupportedError,
        exc.OperationalError,
        exc.ProgrammingError,
    )
}


def failed(kind: str, sql: str, failure: Exception) -> exc.DBAPIError:
    """SQLAlchemy's error of this kind, without the values: what a witness said may be among
    them.
    """
    of_kind = KINDS.get(kind, exc.DBAPIError)
    return of_kind(sql, None, failure, hide_parameters=True)
