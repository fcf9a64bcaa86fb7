"""A SQLite file that nobody writes, for any number of threads."""

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path


class Unchanging:
    """Each thread has a connection of its own: on one, since Python 3.12, two that run the same
    statement get each other's rows, or errors.
    """

    def __init__(self, path: Path) -> None:
        self._file = f"{path.as_uri()}?immutable=1"
        self._of_thread = threading.local()

    def execute(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        held = self._of_thread
        if not hasattr(held, "connection"):
            held.connection = sqlite3.connect(self._file, uri=True)
        connection: sqlite3.Connection = held.connection
        return connection.execute(sql, values)
