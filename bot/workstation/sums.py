"""SHA256SUMS of a package: it names every piece and nothing else, every piece is what it says, and
whatever it names is here, but for exhibits, which may come as documents of their own.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from bot.errors import Tampered
from bot.referral.package import SUMS
from bot.workstation.hashing import digests
from bot.workstation.pieces import Pieces

_LINE: Final = re.compile(r"([0-9a-f]{64})  ([^\n]+)")


@dataclass(slots=True)
class Sums:
    """`said`: by path, the digest of each piece; what was not compared yet, and what is missing.

    Raises Tampered, naming pieces.
    """

    pieces: Pieces
    said: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    _left: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.said = read(self.pieces.read(SUMS))
        for path, digest in self.said.items():
            if path in self.pieces:
                self._left[path] = digest
            elif _is_exhibit(path):
                self.missing.append(path)
            else:
                raise Tampered(f"{path} is missing from the package")
        if odd := [path for path in self.pieces.in_tar if path not in self.said and path != SUMS]:
            raise Tampered(f"{odd[0]} is in the package, and SHA256SUMS does not name it")

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


def read(raw: bytes) -> dict[str, str]:
    """By path the digest of each piece. Raises Tampered."""
    found: dict[str, str] = {}
    *lines, end = raw.decode("utf-8", "replace").split("\n")
    if end or not lines:
        raise Tampered(f"{SUMS} cannot be read")
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            raise Tampered(f"{SUMS} cannot be read")
        if match[2] in found:
            raise Tampered(f"{SUMS} names {match[2]} twice")
        found[match[2]] = match[1]
    return found


def _is_exhibit(path: str) -> bool:
    return "exhibits/" in path
