"""What `firsthand run` begins with, whether the command line or the supervisor asked for it.

Each imports no more than what it is: a process stays for weeks with all that it imported.
"""

import os
import sys
from pathlib import Path

from bot.process.renewing import RENEW, SUPERVISED


def run_role(role: str) -> None:
    """One role in this process; in one beside it, where it is to be renewed."""
    import_no_rich()
    from bot import config, logs, running  # noqa: PLC0415

    mine = config.read(role)
    logs.set_up(role)
    if RENEW in os.environ and SUPERVISED not in os.environ:
        running.kept(mine, role)
    else:
        running.one(mine, role)


def run_everything() -> None:
    """All roles, each in a process of its own; this one becomes their supervisor."""
    from bot import config, everything, logs  # noqa: PLC0415
    from bot.terminal import say  # noqa: PLC0415

    mine = config.read("")
    logs.set_up("supervisor")
    everything.run(mine, say)


def supervise(home: str, health: str, roles: list[str]) -> None:
    """What everything.py asks for once all is ready; `health`: `health` or `none`."""
    import_no_rich()
    from bot import logs, supervising  # noqa: PLC0415

    logs.set_up("supervisor")
    supervising.run(Path(home), roles, health=health == "health")


def import_no_rich() -> None:
    """structlog imports rich where it finds it, for a console that ours is not: 5 MB a process."""
    sys.modules.setdefault("rich", None)  # type: ignore[arg-type] # as the import system has it
