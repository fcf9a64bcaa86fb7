"""Opening the exhibits of a package: each in one pass, whatever its size."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pyrage

from bot.errors import Tampered
from bot.workstation.hashing import BOTH, CHUNK, Hashing
from bot.workstation.sums import Sums
from storage.age_opening import NotOpened, Opener

Step = Callable[[str], None]


@dataclass(slots=True)
class Exhibits:
    """Of one package, whose sums these are."""

    sums: Sums
    said: Step
    written: dict[Path, tuple[str, ...]] = field(default_factory=dict)
    """The files that were opened, with both digests as they were written."""

    def open(
        self, within: str, referral: Mapping[str, Any], report: pyrage.x25519.Identity, data: Path
    ) -> list[str]:
        """Open every exhibit that is here and compare it with what was received; returns those that
        are missing. `within`: addenda/a1/ of an addendum.
        """
        folder = data / "exhibits"
        folder.mkdir()
        missing = []
        for exhibit in referral["exhibits"]:
            path = f"{within}exhibits/{exhibit['id']}.age"
            if path not in self.sums.pieces:
                missing.append(path)
                continue
            target = folder / f"{exhibit['id']}{_suffix(exhibit)}"
            self.written[target] = self._unseal(path, report, target, exhibit)
            addendum = within.removeprefix("addenda/")
            opened = f"{addendum}{exhibit['id']} opened, {exhibit['size']:,} bytes"
            self.said(f"{opened}, its sum and both digests agree")
        return missing

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


def _suffix(exhibit: dict[str, Any]) -> str:
    """A file ending that is safe to keep: from the claimed name, or by kind."""
    ending = Path(str(exhibit["name"])).suffix.lower()
    # ".jpeg" and the like
    if 1 < len(ending) <= 6 and ending[1:].isascii() and ending[1:].isalnum():  # noqa: PLR2004
        return ending
    return {"photo": ".jpg", "voice": ".ogg", "video": ".mp4", "video_note": ".mp4"}.get(
        exhibit["kind"], ".bin"
    )
