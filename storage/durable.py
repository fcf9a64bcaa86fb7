"""What a file system promises only when it is asked to: that a name in a folder outlives a power
cut.
"""

import os
from pathlib import Path


def sync_folder(path: Path) -> None:
    """What was made, linked, renamed or removed in this folder is durable once this returns.
    Blocking.
    """
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
