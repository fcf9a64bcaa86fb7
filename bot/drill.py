"""Named points at which a drill may kill the process, and a clock that a drill may move; nothing otherwise."""

import os
import signal
import time

_DRILL = dict(part.split("=", 1) for part in os.environ.get("FIRSTHAND_DRILL", "").split(",") if "=" in part)


def here(point: str) -> None:
    """Die here, as if the power went, if `FIRSTHAND_DRILL=kill=POINT` names this point."""
    if _DRILL.get("kill") == point:
        os.kill(os.getpid(), signal.SIGKILL)


def clock() -> float:
    """Seconds since 1970 in UTC, moved by `FIRSTHAND_DRILL=ahead=SECONDS`."""
    return time.time() + float(_DRILL.get("ahead", 0))
