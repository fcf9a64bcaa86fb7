"""Opening the exhibits of a package: each in one pass, whatever its size."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyrage

from bot.errors import Tampered
from bot.workstation.exhibit_view import FILMS, PICTURES, READ, SOUNDS
from bot.workstation.hashing import BOTH, CHUNK, Hashing
from bot.workstation.sums import Sums
from storage.age_opening import NotOpened, Opener

Step = Callable[[str], None]
OTHER: Final = ".bin"
KEPT: Final = frozenset((*PICTURES, *FILMS, *SOUNDS, *READ))


@dataclass(slots=True)
class Exhibits:
    """Of one package, whose sums these are."""

    sums: Sums
    said: Step
    written: dict[Path, tuple[str, ...]] = field(default_factory=dict)
    """The files that were opened, with both digests as they were written."""
    digests: dict[str, str] = field(default_factory=dict)
    """By name (x1, a1/x2): the SHA-256 of each that was opened."""

    def open(
        self, within: str, referral: Mapping[str, Any], report: pyrage.x25519.Identity, data: Path
    ) -> None:
        """Open every exhibit that is here and compare it with what was received. `within`:
        addenda/a1/ of an addendum.
        """
        folder = data / "exhibits"
        for exhibit in referral["exhibits"]:
            path = f"{within}exhibits/{exhibit['id']}.age"
            if path not in self.sums.pieces:
                continue
            folder.mkdir(exist_ok=True)
            target = folder / f"{exhibit['id']}{suffix(exhibit)}"
            self.written[target] = self._unseal(path, report, target, exhibit)
            name = f"{within.removeprefix('addenda/')}{exhibit['id']}"
            self.digests[name] = self.written[target][0]
            self.said(f"{name} opened, {exhibit['size']:,} bytes, its sum and both digests agree")

    def _unseal(
        self, path: str, report: pyrage.x25519.Identity, target: Path, exhibit: Mapping[str, Any]
    ) -> tuple[str, ...]:
        """Open one exhibit in one pass: the sum of what is sealed, and both digests of what was
        received, which are returned. Raises Tampered.
        """
        with (
            Hashing(["sha256"]) as outside,
            Hashing(BOTH) as inside,
            self.sums.pieces.open(path) as sealed,
            target.open("wb") as file,
        ):
            opens = _try_open(sealed, file, Opener(str(report)), outside, inside)
            self.sums.check(path, outside.hexdigests()[0])
            if not opens:
                raise Tampered(f"{path} does not open")
            found = inside.hexdigests()
        if (*found, inside.size) != (exhibit["sha256"], exhibit["sha512"], exhibit["size"]):
            raise Tampered(f"exhibit {exhibit['id']} is not, byte for byte, what was received")
        return found


def _try_open(
    sealed: BinaryIO, file: BinaryIO, opener: Opener, outside: Hashing, inside: Hashing
) -> bool:
    """Whether all of it opens; it is read to its end in any case, for its sum. Raises OSError where
    the disk fails or is full.
    """
    opens = True
    while chunk := sealed.read(CHUNK):
        outside.update(chunk)
        try:
            plain = opener.update(chunk) if opens else bytearray()
        except NotOpened:
            opens = False
            continue
        inside.update(plain)
        file.write(plain)
    try:
        last = opener.finish() if opens else bytearray()
    except NotOpened:
        return False
    inside.update(last)
    file.write(last)
    return opens


def suffix(exhibit: Mapping[str, Any]) -> str:
    """The ending under which an exhibit lies on an officer's disk: of a picture, a sound, a film, a
    PDF or a plain text, from its name or by its kind. Everything else is .bin, so that no program
    runs it, and no browser obeys it, where somebody presses it.
    """
    ending = Path(str(exhibit["name"])).suffix.lower()
    if ending in KEPT:
        return ending
    return {"photo": ".jpg", "voice": ".ogg", "video": ".mp4", "video_note": ".mp4"}.get(
        exhibit["kind"], OTHER
    )
