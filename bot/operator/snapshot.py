"""A snapshot as it lies on a disk: its files, its manifest, and the signature over it."""

import base64
import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from bot.errors import Tampered
from bot.settings import Settings
from storage import keys

VERSION: Final = 1
DATABASE, OBJECTS, MANIFEST, SIGNATURE = (
    "database.sqlite",
    "objects.sha256",
    "manifest.json",
    "manifest.sig",
)
NAME: Final = "%Y-%m-%dT%H-%M-%SZ"
UNFINISHED: Final = ".unfinished"
_ALGORITHM: Final = ec.ECDSA(hashes.SHA256())


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One that was finished, and what its manifest says."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def objects(self) -> dict[str, str]:
        """SHA-256 (hex) by name."""
        return _objects(self.folder / OBJECTS)


def check_signature(settings: Settings, snapshot: Snapshot) -> None:
    """Raises OSError, ValueError, InvalidSignature."""
    public = keys.installation(settings.key_folder, make=False).public_key()
    signature = base64.b64decode((snapshot.folder / SIGNATURE).read_bytes().strip(), validate=True)
    public.verify(signature, (snapshot.folder / MANIFEST).read_bytes(), _ALGORITHM)


def snapshots(to: Path) -> list[Snapshot]:
    """The finished ones, oldest first."""
    return [
        snapshot
        for folder in snapshot_folders(to)
        if (snapshot := read_snapshot(folder)) is not None
    ]


def snapshot_folders(to: Path) -> list[Path]:
    return sorted(
        path.parent for path in to.glob(f"*/{MANIFEST}") if path.parent.suffix != UNFINISHED
    )


def read_snapshot(folder: Path) -> Snapshot | None:
    """None where it is not whole: the others are, and it is left as it is."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        _objects(folder / OBJECTS)
    except (OSError, ValueError):
        return None
    return Snapshot(folder, manifest)


def check_signed(settings: Settings, snapshot: Snapshot) -> None:
    """Raises Tampered where it is not as this installation made it."""
    try:
        check_signature(settings, snapshot)
    except (OSError, ValueError, InvalidSignature):
        raise Tampered(
            f"{snapshot.folder.name} was not signed with the installation key in FIRSTHAND_KEYS, "
            "or was changed since"
        ) from None
    for name, digest in snapshot.manifest["sha256"].items():
        if file_sha256(snapshot.folder / name) != digest:
            raise Tampered(f"{snapshot.folder.name}/{name} is not what the manifest says")


def clear_unfinished(to: Path) -> None:
    """What a backup that was stopped has left; the objects it copied stay."""
    for left in to.glob(f"*{UNFINISHED}"):
        shutil.rmtree(left)


def sign_snapshot(settings: Settings, folder: Path) -> None:
    private = keys.installation(settings.key_folder, make=False)
    signature = private.sign((folder / MANIFEST).read_bytes(), _ALGORITHM)
    write_durably(folder / SIGNATURE, base64.b64encode(signature).decode() + "\n")


def _objects(listing: Path) -> dict[str, str]:
    lines = listing.read_text().splitlines()
    return {line.rpartition("/")[2]: line[:64] for line in lines}


def object_path(name: str) -> str:
    return f"{name[:2]}/{name[2:4]}/{name}"


def write_durably(path: Path, content: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def file_sha256(path: Path) -> str:
    """Hex; also makes durable what was read."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()
