"""A small disk of its own for a drill's database and vault, which can be filled and emptied again.

It is a tmpfs of its own where mounts are allowed. Where they are not, the processes may write no file larger than it
has become (RLIMIT_FSIZE), which fails the same writes with another error.
"""

import contextlib
import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEBIBYTES = 256


class Disk:
    """`folder` lies on it."""

    def __init__(self, folder: Path, *, mounted: bool) -> None:
        self.folder, self.mounted = folder, mounted

    @property
    def settings(self) -> dict[str, str]:
        """What puts an installation's database and vault there."""
        database = f"sqlite:///{self.folder / 'firsthand.db'}"
        return {
            "FIRSTHAND_VAULT_URL": f"file://{self.folder / 'vault'}",
            "FIRSTHAND_DATABASE_URL": database,
        }

    @contextmanager
    def full(self, processes: list[int]) -> Iterator[None]:
        """Not a byte more can be written to it meanwhile; `processes` are those that write."""
        with self._filled() if self.mounted else _limited(processes):
            yield

    @contextmanager
    def _filled(self) -> Iterator[None]:
        filler = self.folder / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(bytes(65_536)):
                pass
        try:
            yield
        finally:
            filler.unlink()


@contextmanager
def _limited(processes: list[int]) -> Iterator[None]:
    def allow(most: int) -> None:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(process, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    allow(0)
    try:
        yield
    finally:
        allow(resource.RLIM_INFINITY)


@contextmanager
def disk(folder: Path) -> Iterator[Disk]:
    """Mounted under `folder`, and gone with the drill."""
    place = folder / "disk"
    place.mkdir()
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={MEBIBYTES}m", "tmpfs", str(place)],
            capture_output=True,
            check=False,
        ).returncode
    )
    try:
        yield Disk(place, mounted=mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(place)], check=True)
