"""What time it is; a drill may move it."""

import time

from bot.kill_points import drilled

_AHEAD = float(drilled("ahead") or 0)


def clock() -> float:
    """Seconds since 1970 in UTC, moved by `FIRSTHAND_DRILL=ahead=SECONDS`."""
    return time.time() + _AHEAD
