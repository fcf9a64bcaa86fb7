"""Folders, keys, the disk."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.operator.doctor.finding import Finding
from bot.operator.readiness import identities
from bot.settings import Settings
from storage import keys
from storage.gazetteer.search import PLACES
from storage.mirror import NAME

LEAST_FREE: Final = 2_000_000_000
SIZES: Final = {
    "master.key": keys.SIZE,
    "facts.key": keys.SIZE,
    "shred.keys": keys.SIZE * keys.SLOTS,
}
INSTALLATION: Final = "installation.pem"
HELD: Final = {
    "": (*SIZES, INSTALLATION, keys.CUSTODY_KEY),
    "witness": ("master.key", "facts.key", INSTALLATION),
    "files": ("master.key", "facts.key"),
    "officers": ("facts.key",),
    "custody": (keys.CUSTODY_KEY,),
    "keys": (NAME, INSTALLATION),
}
"""What a machine has of the keys; "" runs several roles, and has the shred keys unless a service
gives them out.
"""
RESTORE: Final = (
    "Restore it from where you keep your keys; if this is a new installation, start: firsthand run"
)
SHREDDED: Final = (
    "If it was lost, start nothing: put it back from its mirror (FIRSTHAND_KEYS_MIRROR), if there "
    "is one. Without, every unsent report is lost: move away what is left of it, and run firsthand "
    "keys accept. If this is a new installation, start: firsthand run"
)


def examine(settings: Settings, role: str = "") -> Iterator[Finding]:
    yield from _folder(settings.home, "FIRSTHAND_HOME")
    yield from _folder(settings.key_folder, "FIRSTHAND_KEYS")
    yield from _secrets()
    if settings.vault_folder is not None and settings.vault_folder.exists():
        yield from _folder(settings.vault_folder, "The vault")
    yield from _turns(settings.home)
    if settings.key_folder.is_dir():
        yield from _keys(settings, role)
    yield from _mirror(settings)
    files = settings.telegram_files if settings.telegram_local else None
    if files is not None and role in ("", "witness", "files"):
        yield from _handed_out(files)
    yield from _room(settings.home)
    if not PLACES.is_file():
        yield Finding(
            "The gazetteer is missing: no place is recognised.",
            "Install again, or run: make places",
        )
    if settings.mode == "live":
        yield from _identities(settings)


def _turns(home: Path) -> Iterator[Finding]:
    """Where processes keep each other out and note that they are alive."""
    for folder in (home / "leases", home / "status"):
        if folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK):
            yield Finding(
                f"{folder} cannot be written: no process can take its turn.",
                f"chown it to the user that runs firsthand: {folder}",
            )


def _keys(settings: Settings, role: str) -> Iterator[Finding]:
    for name in HELD[""]:
        if name in HELD[role] and (name != NAME or settings.holds_shred_keys):
            yield from _key(settings.key_folder, name)
        elif role and (settings.key_folder / name).exists():
            remedy = (
                "If this machine runs nothing else, move it to the one that needs it; else ask "
                "without --role."
            )
            yield Finding(f"The key file {name} is not for a machine of {role}.", remedy)


def _room(home: Path) -> Iterator[Finding]:
    if home.is_dir() and (free := shutil.disk_usage(home).free) < LEAST_FREE:
        remedy = (
            "Make room, or move FIRSTHAND_VAULT_URL to a larger disk: files wait, and witnesses "
            "are told so."
        )
        yield Finding(f"Only {free / 1e9:.1f} GB are free on the disk of FIRSTHAND_HOME.", remedy)


def _identities(settings: Settings) -> Iterator[Finding]:
    for path in identities(settings):
        remedy = (
            "Move it to its officer's machine and destroy it here: shred -u FILE. Then make a new "
            "one."
        )
        yield Finding(f"{path} holds a private age key; a server must have none.", remedy)


def _secrets() -> Iterator[Finding]:
    """Tokens as files: whoever reads one speaks as the bot."""
    folder = os.environ.get("FIRSTHAND_SECRETS")
    for path in sorted(Path(folder).iterdir()) if folder else ():
        if path.is_file() and _mode(path) & 0o077:
            yield Finding(
                f"{path} can be read by other users of this machine.", f"chmod 600 {path}"
            )


def _folder(folder: Path, name: str) -> Iterator[Finding]:
    if not folder.is_dir():
        yield Finding(f"{name} ({folder}) is not there.", "Start once with: firsthand run")
    elif _mode(folder) & 0o077:
        yield Finding(f"{name} ({folder}) can be read by others.", f"chmod 700 {folder}")
    elif not os.access(folder, os.W_OK):
        yield Finding(
            f"{name} ({folder}) cannot be written.",
            f"chown it to the user that runs firsthand: {folder}",
        )


def _handed_out(folder: Path) -> Iterator[Finding]:
    """Where a Bot API server of our own keeps the files it hands out."""
    if not folder.is_dir():
        remedy = (
            "Mount the folder of the Bot API server here, at the very path it has there; files "
            "wait until then."
        )
        yield Finding(
            f"FIRSTHAND_TELEGRAM_FILES: {folder} is not there: no file can be read.", remedy
        )
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        remedy = (
            "Run the server as the same user, or let the user that runs firsthand read and remove "
            "its files."
        )
        yield Finding(f"FIRSTHAND_TELEGRAM_FILES: {folder} cannot be read or written.", remedy)


def _key(folder: Path, name: str) -> Iterator[Finding]:
    path = folder / name
    if not path.exists() and name == NAME:
        yield Finding(f"The key file {name} is missing.", SHREDDED)
        return
    if not path.exists():
        yield Finding(f"The key file {name} is missing.", RESTORE)
        return
    if _mode(path) & 0o077:
        yield Finding(f"The key file {name} can be read by others.", f"chmod 600 {path}")
    if not path.is_file() or not os.access(path, os.R_OK):
        yield Finding(
            f"The key file {name} cannot be read.",
            f"chown it to the user that runs firsthand: {path}",
        )
        return
    if name in SIZES and path.stat().st_size != SIZES[name]:
        remedy = SHREDDED if name == NAME else RESTORE
        yield Finding(
            f"The key file {name} is damaged: it has {path.stat().st_size} bytes.", remedy
        )
    if name == INSTALLATION:
        try:
            keys.installation(folder, make=False)
        except (ValueError, TypeError, keys.KeysMissing):
            yield Finding(
                "The key file installation.pem is damaged: receipts cannot be signed.", RESTORE
            )


def _mirror(settings: Settings) -> Iterator[Finding]:
    if settings.keys_mirror is None or not settings.shred_keys.exists():
        return
    copy = settings.keys_mirror / NAME
    try:
        # it may be being written
        same = any(copy.read_bytes() == settings.shred_keys.read_bytes() for _ in range(3))
    except OSError:
        same = False
    if not same:
        remedy = (
            "See that its disk is mounted and can be written; a new one is begun with: firsthand "
            "mirror. Until then nothing that witnesses erase counts as destroyed, and reports "
            "begun now would be lost with this machine."
        )
        yield Finding(
            f"The mirror of the shred keys ({settings.keys_mirror}) is not the same as they are.",
            remedy,
        )
    if (
        settings.keys_mirror.is_dir()
        and settings.shred_keys.stat().st_dev == settings.keys_mirror.stat().st_dev
    ):
        yield Finding(
            "The mirror of the shred keys is on the same disk as they are.",
            "Put it on another disk.",
        )


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
