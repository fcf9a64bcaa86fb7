"""SHA256SUMS of a package: every piece is what it says, and whatever it names is here."""

from dataclasses import dataclass, field

from bot.errors import Tampered
from bot.referral.package import SUMS
from bot.workstation.hashing import digests
from bot.workstation.pieces import Pieces


@dataclass(slots=True)
class Sums:
    """What was not compared yet, and what is missing. Raises Tampered, naming pieces."""

    pieces: Pieces
    missing: list[str] = field(default_factory=list)
    _left: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for line in self.pieces.read(SUMS).decode().splitlines():
            digest, _, path = line.partition("  ")
            if path in self.pieces:
                if self._left.setdefault(path, digest) != digest:
                    raise Tampered(f"{SUMS} names {path} twice")
            elif _is_exhibit(path):  # those alone come as documents of their own
                self.missing.append(path)
            else:
                raise Tampered(f"{path} is missing from the package")

    def check_small(self) -> None:
        """Compare every piece but the exhibits: those are large, and compared as they are read."""
        for path in [path for path in self._left if not _is_exhibit(path)]:
            self._check_piece(path)

    def check(self, path: str, digest: str) -> None:
        """Compare one piece, whose digest is this; it must be named."""
        if self._left.pop(path, "") != digest:
            raise Tampered(f"{path} is not what SHA256SUMS says it was")

    def check_left(self) -> None:
        """Compare every piece that was not yet."""
        for path in list(self._left):
            self._check_piece(path)

    def _check_piece(self, path: str) -> None:
        with self.pieces.open(path) as file:
            self.check(path, digests(file, ("sha256",))[0])


def check_all(pieces: Pieces) -> list[str]:
    """Compare every piece. Returns those that are missing. Raises Tampered."""
    sums = Sums(pieces)
    sums.check_left()
    return sums.missing


def _is_exhibit(path: str) -> bool:
    return "exhibits/" in path
