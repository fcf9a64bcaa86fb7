"""The sealed pieces of one referral as an officer has them: a tar, loose files, or a folder of
both.
"""

import hashlib
import io
import re
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final, cast

from bot.errors import Refused, Tampered
from bot.referral.package import SUMS
from bot.referral.reference import read as read_reference

CHUNK: Final = 1024 * 1024
_WITHIN: Final = re.compile(
    r"(keys|identity-keys|exhibits|custody)/[0-9a-z]{1,40}\.age|(referral\.json|transcript\.txt|identity\.json)\.age"
    r"|set_aside/s\d{1,6}\.json\.age|addenda/a\d{1,4}/((key|referral\.json|transcript\.txt)\.age"
    r"|exhibits/x\d{1,6}\.age|set_aside/s\d{1,6}\.json\.age)"
    r"|custody\.jsonl|SHA256SUMS"
)
RESEALED: Final = "{reference}.{fingerprint}.key.age"
"""A file beside a package, outside its sums: the report's key, sealed by a holder to one more
recipient.
"""
_RESEALED: Final = re.compile(
    r"([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2})\.([0-9a-f]{32})\.key(?: ?\(\d+\))?\.age"
)
_LOOSE: Final = re.compile(r"([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2})-(?:(a\d+)-)?(x\d+)\.age")


@dataclass(slots=True)
class Pieces:
    """Where each piece of one referral lies: in a tar, or as a file of its own."""

    reference: str
    in_tar: dict[str, tuple[Path, int, int]] = field(default_factory=dict)
    loose: dict[str, Path] = field(default_factory=dict)
    resealed: dict[str, Path] = field(default_factory=dict)
    """By fingerprint: the report's key, sealed anew."""

    def open(self, path: str) -> BinaryIO:
        """The sealed bytes of a piece. Raises Tampered if it is not here."""
        if path in self.loose:
            return self.loose[path].open("rb")
        if path not in self.in_tar:
            raise Tampered(f"{path} is missing from the package")
        source, offset, size = self.in_tar[path]
        return cast("BinaryIO", io.BufferedReader(_Slice(source, offset, size)))

    def read(self, path: str) -> bytes:
        with self.open(path) as file:
            return file.read()

    def __contains__(self, path: str) -> bool:
        return path in self.in_tar or path in self.loose

    def names(self, folder: str) -> list[str]:
        return sorted(p for p in {*self.in_tar, *self.loose} if p.startswith(f"{folder}/"))

    def check_sums(self) -> list[str]:
        """Compare every piece with SHA256SUMS. Returns the pieces that are missing. Raises
        Tampered, naming pieces.
        """
        missing = []
        for line in self.read(SUMS).decode().splitlines():
            digest, _, path = line.partition("  ")
            if path not in self:
                missing.append(path)
            elif self._digest(path) != digest:
                raise Tampered(f"{path} is not what SHA256SUMS says it was")
        return missing

    def _digest(self, path: str) -> str:
        digest = hashlib.sha256()
        with self.open(path) as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
        return digest.hexdigest()


def gather(paths: Sequence[Path]) -> list[Pieces]:
    """The referrals found in these files and folders, by reference. Raises Refused where nothing is
    one.
    """
    found: dict[str, Pieces] = {}
    for path in _files(paths):
        if _is_tar(path):
            # in a folder there may be other tars
            if path in paths or read_reference(path.stem.partition(" ")[0]):
                _gather_tar(path, found)
        elif match := _LOOSE.fullmatch(path.name):
            pieces = found.setdefault(match[1], Pieces(match[1]))
            within = f"addenda/{match[2]}/" if match[2] else ""
            pieces.loose[f"{within}exhibits/{match[3]}.age"] = path
        elif _RESEALED.fullmatch(path.name):
            _gather_key(path, found)
    for pieces in list(found.values()):
        for beside in sorted({source.parent for source, _, _ in pieces.in_tar.values()}):
            for path in sorted(beside.glob(f"{pieces.reference}.*.age")):
                _gather_key(path, found)
    whole = [p for p in found.values() if SUMS in p]
    if not whole:
        raise Refused(
            "no whole package is here: give the .tar that the officers' bot sent, or the folder it "
            "is in"
        )
    return sorted(whole, key=lambda p: p.reference)


def _gather_key(path: Path, found: dict[str, Pieces]) -> None:
    """A key that somebody sealed anew lies beside its package, whether or not it was named."""
    if match := _RESEALED.fullmatch(path.name):
        found.setdefault(match[1], Pieces(match[1])).resealed[match[2]] = path


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.is_file())
        elif path.is_file():
            yield path
        else:
            raise Refused(f"{path} is not there")


def _is_tar(path: Path) -> bool:
    try:
        return tarfile.is_tarfile(path)
    except OSError:
        raise Refused(f"{path} cannot be read") from None


def _gather_tar(path: Path, found: dict[str, Pieces]) -> None:
    try:
        _gather_members(path, found)
    except tarfile.ReadError:
        raise Tampered(f"{path.name} is cut off or damaged; ask for the package again") from None


def _gather_members(path: Path, found: dict[str, Pieces]) -> None:
    """Note what a tar holds; names that no package has are not taken, so that nothing can be
    written elsewhere.
    """
    with tarfile.open(path) as tar:
        for member in tar:
            parts = PurePosixPath(member.name).parts
            inner = "/".join(parts[1:])
            if (
                not member.isreg()
                or not parts
                or not _WITHIN.fullmatch(inner)
                or read_reference(parts[0]) != parts[0]
            ):
                raise Tampered(f"{path.name} holds something that is no part of a package")
            place = (path, member.offset_data, member.size)
            found.setdefault(parts[0], Pieces(parts[0])).in_tar[inner] = place


class _Slice(io.RawIOBase):
    """A member of a tar, read without opening the tar again."""

    def __init__(self, path: Path, offset: int, size: int) -> None:
        self._file = path.open("rb")
        self._file.seek(offset)
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._file.read(min(len(buffer), self._left))
        buffer[: len(piece)] = piece
        self._left -= len(piece)
        return len(piece)

    def close(self) -> None:
        self._file.close()
        super().close()
