"""Signs of life: each process notes every few seconds that it is well, and how far behind it is, in
a small file.

The supervisor and doctor read them, so that both tell what is so and not what was started. A
process that is stopped in order takes its file away.
"""

import asyncio
import contextlib
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

EVERY_SECONDS: Final = 5
SUPERVISOR: Final = "supervisor"
SILENT_SECONDS: Final = 60
"""After so long without a sign a process counts as dead or stuck."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """`at`, and `since` when there have been signs, in seconds since 1970 by the machine's clock.

    `behind`: how old the oldest update in hand is, in seconds.
    """

    role: str
    at: float
    behind: int = 0
    since: float = 0

    @property
    def silent(self) -> float:
        """For how many seconds."""
        return max(0.0, time.time() - self.at)


def folder(home: Path) -> Path:
    return home / "status"


async def beat(
    home: Path,
    role: str,
    behind: Callable[[], int] = lambda: 0,
    renewed: Callable[[], bool] = lambda: False,
) -> None:
    """Give signs until cancelled; a disk that takes none stops nothing else.

    `renewed`: whether it ends for a successor, who takes the last sign away.
    """
    path, since = folder(home) / f"{role}-{os.getpid()}.json", time.time()
    _forget_the_dead(home, role)
    try:
        while True:
            with contextlib.suppress(OSError):
                # no thread: it could write after the end
                _write(path, Heartbeat(role, time.time(), behind(), since))
            await asyncio.sleep(EVERY_SECONDS)
    finally:
        if not renewed():
            with contextlib.suppress(OSError):
                path.unlink()


def clear(home: Path) -> None:
    """Nothing runs here: what is left was killed."""
    for path in folder(home).glob("*.json"):
        with contextlib.suppress(OSError):
            path.unlink()


def _forget_the_dead(home: Path, role: str) -> None:
    """What a process of this role left that was killed: this one comes in its place."""
    for path in folder(home).glob(f"{role}-*.json"):
        number = path.stem.rpartition("-")[2]
        if (
            number.isdecimal()
            and not Path(f"/proc/{number}").exists()
            and Path("/proc/self").exists()
        ):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def heartbeats(home: Path) -> dict[str, Heartbeat]:
    """The last sign of each role; where several of its processes run here, of the one that is
    worst.
    """
    found: dict[str, Heartbeat] = {}
    for path in sorted(folder(home).glob("*.json")):
        with contextlib.suppress(OSError, ValueError, TypeError):  # being written, or gone by now
            sign = Heartbeat(**json.loads(path.read_bytes()))
            if sign.role not in found or sign.at < found[sign.role].at:
                found[sign.role] = sign
    return found


def _write(path: Path, sign: Heartbeat) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_suffix(".part")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(sign), file)
    temporary.replace(path)
