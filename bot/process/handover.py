"""What a process counted in memory alone, handed to the one that is started in its place; it is
written to no disk.

The supervisor holds a file that exists in memory only, and gives it to each process of a role. A
process that was killed, or that no supervisor started, hands nothing over: its counts begin anew.
"""

import contextlib
import json
import os
from collections.abc import Iterator
from typing import Any, Final, Protocol

HANDOVER: Final = "FIRSTHAND_HANDOVER"
"""In a child's environment: the number of that file."""


class Counted(Protocol):
    """Something whose counts can be handed over."""

    def counts(self) -> Any:
        """As JSON holds it."""

    def take_over(self, counts: Any) -> None:
        """What `counts` gave in the process before."""


def memory() -> int | None:
    """A new file in memory; None where the system has none."""
    return os.memfd_create("firsthand", os.MFD_CLOEXEC) if hasattr(os, "memfd_create") else None


@contextlib.contextmanager
def handed_over(**counted: Counted) -> Iterator[None]:
    """Take over what the process before left, and leave it for the next, whatever this one ends
    for.
    """
    number = os.environ.get(HANDOVER, "")
    if not number.isdecimal():
        yield
        return
    fd = int(number)
    left = _taken(fd)
    for name, each in counted.items():
        # what is not whole is none
        with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
            each.take_over(left[name])
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            os.pwrite(
                fd, json.dumps({name: each.counts() for name, each in counted.items()}).encode(), 0
            )


def _taken(fd: int) -> dict[str, Any]:
    """What lies there, which is then gone: a process that is killed leaves nothing, also not what
    it found.
    """
    try:
        found = json.loads(os.pread(fd, os.fstat(fd).st_size, 0) or b"{}")
        os.ftruncate(fd, 0)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
