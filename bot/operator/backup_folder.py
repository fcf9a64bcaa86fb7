"""Where a backup may lie, and by whom it is made: apart from what it is for, and one at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.exceptions import InvalidSignature

from bot.errors import Refused
from bot.operator.snapshot import Snapshot, check_signature, snapshots
from bot.settings import Settings


def refuse_own_folders(settings: Settings, to: Path) -> None:
    """A backup must be apart from what it is for: beside the keys it would carry them away, in the
    vault it would forget live files as old copies. Raises Refused.
    """
    here = to.resolve()
    for folder, what in (
        (settings.home, "FIRSTHAND_HOME, and would be lost with it"),
        (settings.key_folder, "the folder of the keys, which no backup may carry"),
        (settings.keys_mirror, "the mirror of the keys, which no backup may carry"),
        (settings.vault_folder, "the vault, which is what it copies"),
    ):
        own = folder.resolve() if folder is not None else None
        if own is None:
            continue
        if own == here or own in here.parents:
            raise Refused(f"{to} lies in {what}: name a folder on another disk")
        if here in own.parents:
            raise Refused(f"{to} holds {what} ({own}): name a folder on another disk")
    for above in here.parents:
        if snapshots(above):
            raise Refused(f"{to} lies in the backups of {above}: name a folder of its own")


def refuse_others(settings: Settings, to: Path, before: list[Snapshot]) -> None:
    """What is old is forgotten, and another installation's would be. Raises Refused."""
    for snapshot in before:
        try:
            check_signature(settings, snapshot)
        except (OSError, ValueError, InvalidSignature):
            raise Refused(
                f"{to / snapshot.folder.name} was not signed with the installation key in "
                "FIRSTHAND_KEYS: another installation's backups lie there, or it was changed; "
                "name a folder of its own"
            ) from None


def alone_on_disk(database: Path) -> None:
    """One file, readable by its owner alone."""
    for leftover in (f"{database}-wal", f"{database}-shm"):
        Path(leftover).unlink(missing_ok=True)
    database.chmod(0o600)


@contextmanager
def alone(to: Path) -> Iterator[None]:
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (to / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(f"another backup is being made in {to}") from None
        yield
