"""What a file system promises only when it is asked to: that a name in a folder outlives a power
cut.
"""

import os
from pathlib import Path


def replace(path: Path, content: bytes) -> None:
    """Put this in place of what a file held, for its owner alone: whole or not at all, whatever
    dies meanwhile. Blocking.
    """
    temporary = path.with_name(f".{path.name}.part")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """What was made, linked, renamed or removed in this folder is durable once this returns.
    Blocking.
    """
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
