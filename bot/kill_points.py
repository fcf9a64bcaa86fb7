"""Named points at which a drill may kill the process; nothing otherwise."""

import os
import signal


def drilled(name: str) -> str:
    """What `FIRSTHAND_DRILL=NAME=VALUE,…` says of this name; "" outside a drill."""
    parts = (part.partition("=") for part in os.environ.get("FIRSTHAND_DRILL", "").split(","))
    return {key: value for key, _, value in parts}.get(name, "")


_KILL = drilled("kill")


def kill_point(name: str) -> None:
    """Die here, as if the power went, if `FIRSTHAND_DRILL=kill=NAME` says so."""
    if name == _KILL:
        os.kill(os.getpid(), signal.SIGKILL)
