"""An independent reader: its own SQL and the age program, none of the product's code."""

import json
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any


def rows(database: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def count(database: Path, table: str) -> int:
    return int(rows(database, f"SELECT count(*) FROM {table}")[0][0])


def decrypt(sealed: bytes, key: Path) -> bytes | None:
    """What `age -d -i KEY` says, or nothing if it refuses."""
    age = shutil.which("age")
    assert age
    done = subprocess.run([age, "-d", "-i", str(key)], input=sealed, capture_output=True, check=False)
    return None if done.returncode else done.stdout


def referral(database: Path, reference: str, identity: Path, scratch: Path) -> dict[str, Any]:
    """referral.json of one referral, opened from the database's own rows."""
    pieces = dict(rows(database, "SELECT path, body FROM pieces WHERE referral = ?", reference))
    opened = [plain for path, body in pieces.items() if path.startswith("keys/") and (plain := decrypt(body, identity))]
    key = scratch / f"{reference}.key"
    key.write_bytes(opened[0])
    plain = decrypt(pieces["referral.json.age"], key)
    assert plain is not None
    found: dict[str, Any] = json.loads(plain)
    return found
