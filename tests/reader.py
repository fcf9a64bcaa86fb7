"""An independent reader: its own SQL and the age program (or another writer's library), none of the product's code."""

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyrage

from tests import postgres
from tests.machine import program
from tests.waiting import PATIENCE


def rows(database: Path | str, query: str, *values: object) -> list[tuple[Any, ...]]:
    """What a query finds in the database at this path or address."""
    if isinstance(database, str):
        return postgres.rows(database, query, *values)
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=PATIENCE)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


@contextmanager
def away(database: Path | str) -> Iterator[None]:
    """Nobody else can write to it: it is locked, or on PostgreSQL closed."""
    if isinstance(database, str):
        with postgres.away(database):
            yield
        return
    lock = sqlite3.connect(database, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    yield
    lock.execute("ROLLBACK")
    lock.close()


def change(database: Path | str, statement: str, *values: object) -> None:
    """What nobody but a test does to an installation's database."""
    if isinstance(database, str):
        postgres.rows(database, statement, *values)
        return
    with sqlite3.connect(database) as connection:
        connection.execute(statement, values)


def count(database: Path | str, table: str) -> int:
    return int(rows(database, f"SELECT count(*) FROM {table}")[0][0])


def decrypt(sealed: bytes, key: Path) -> bytes | None:
    """What `age -d -i KEY` says, or the library where the program is not here; nothing if it refuses."""
    age = program("age")
    if not age:
        try:
            secret = next(
                line for line in key.read_text().splitlines() if line.startswith("AGE-SECRET-KEY-1")
            )
            return bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(secret)]))
        except pyrage.DecryptError:
            return None
    done = subprocess.run(
        [age, "-d", "-i", str(key)], input=sealed, capture_output=True, check=False
    )
    return None if done.returncode else done.stdout


def referral(database: Path | str, reference: str, identity: Path, scratch: Path) -> dict[str, Any]:
    """referral.json of one referral, opened from the database's own rows."""
    found: dict[str, Any] = json.loads(
        piece(database, reference, "referral.json.age", identity, scratch)
    )
    return found


def piece(database: Path | str, reference: str, path: str, identity: Path, scratch: Path) -> bytes:
    """One sealed piece of a referral, opened from the database's own rows."""
    pieces = dict(rows(database, "SELECT path, body FROM pieces WHERE referral = ?", reference))
    opened = [
        plain
        for name, body in pieces.items()
        if name.startswith("keys/") and (plain := decrypt(body, identity))
    ]
    key = scratch / f"{reference}.key"
    key.write_bytes(opened[0])
    plain = decrypt(pieces[path], key)
    assert plain is not None
    return plain
