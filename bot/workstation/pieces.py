"""The sealed pieces of one referral as an officer has them: a tar, loose files, or a folder of
both.
"""

import io
import re
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final, cast

from bot.errors import Refused, Tampered
from bot.referral.package import CUSTODY, SUMS
from bot.referral.reference import read as read_reference
from bot.workstation import damage

LONGEST_END: Final = 1024 * 1024
_WITHIN: Final = re.compile(
    r"(keys|identity-keys|exhibits|custody)/[0-9a-z]{1,40}\.age|(referral\.json|transcript\.txt|identity\.json)\.age"
    r"|leaves\.json\.age|set_aside/s\d{1,6}\.json\.age"
    r"|addenda/a\d{1,4}/((key|referral\.json|transcript\.txt|leaves\.json)\.age"
    r"|exhibits/x\d{1,6}\.age|set_aside/s\d{1,6}\.json\.age)"
    r"|custody\.jsonl|SHA256SUMS|HEAD|proofs\.json|installation\.pub"
)
RESEALED: Final = "{reference}.{fingerprint}.key.age"
"""A file beside a package, outside its sums: the report's key, sealed by a holder to one more
recipient.
"""
_RESEALED: Final = re.compile(
    r"([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2})\.([0-9a-f]{32})\.key(?: ?\(\d+\))?\.age"
)
_LOOSE: Final = re.compile(
    r"([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2})-(?:(a\d+)-)?(x\d+)(?: ?\(\d+\))?\.age"
)
"""Browsers number a second download of one name."""


@dataclass(slots=True)
class Pieces:
    """Where each piece of one referral lies: in a tar, or as a file of its own."""

    reference: str
    file: Path = Path()
    """The tar it came in."""
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

    def size(self, path: str) -> int:
        """Of a piece in the tar, in bytes; 0 where it is not in it."""
        return self.in_tar[path][2] if path in self.in_tar else 0

    def __contains__(self, path: str) -> bool:
        return path in self.in_tar or path in self.loose

    def names(self, folder: str = "") -> list[str]:
        """The paths of all pieces that are here, or of those in a folder."""
        start = f"{folder}/" if folder else ""
        return sorted(p for p in {*self.in_tar, *self.loose} if p.startswith(start))

    def read_if_there(self, path: str) -> bytes | None:
        return self.read(path) if path in self else None


@dataclass(slots=True)
class Gathered:
    """What was found: whole packages by reference, and by file name why the others are none."""

    packages: list[Pieces] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    """What was asked for and is not there."""


def gather(paths: Sequence[Path]) -> Gathered:
    """The packages in these files and folders, each with what lies loose beside it.

    One that is damaged stops no other: it is among the broken. Two states of one package are two
    packages, the older one first. Raises Refused where there is nothing of the kind.
    """
    result = Gathered()
    beside: dict[str, Pieces] = {}
    for path in _files(paths, result.absent):
        try:
            with damage.named(path.name):
                result.packages += _gather_file(path, beside, named=path in paths)
        except (Refused, Tampered) as wrong:
            result.broken[path.name] = str(wrong)
    for package in result.packages:
        for path in sorted(package.file.parent.glob(f"{package.reference}.*.age")):
            _gather_key(path, beside)
        loose = beside.get(package.reference, Pieces(package.reference))
        package.loose, package.resealed = loose.loose, loose.resealed
    result.packages.sort(key=lambda p: (p.reference, p.size(CUSTODY)))
    if not result.packages and not result.broken:
        raise Refused(
            "; ".join(result.absent.values())
            or "no whole package is here: give the .tar that the officers' bot sent, or the folder "
            "it is in"
        )
    return result


def only(path: Path) -> Pieces:
    """The one package that is in this file. Raises Refused or Tampered."""
    found = gather([path])
    for why in found.broken.values():
        raise Tampered(why)
    if len(found.packages) != 1:
        raise Refused(f"{path} holds several packages; give the .tar of one")
    return found.packages[0]


def _gather_file(path: Path, beside: dict[str, Pieces], *, named: bool) -> list[Pieces]:
    """The package in a file. `named`: by whoever runs the command; in a folder there may be files
    that are none of ours.
    """
    if match := _LOOSE.fullmatch(path.name):
        pieces = beside.setdefault(match[1], Pieces(match[1]))
        within = f"addenda/{match[2]}/" if match[2] else ""
        pieces.loose[f"{within}exhibits/{match[3]}.age"] = path
    elif _RESEALED.fullmatch(path.name):
        _gather_key(path, beside)
    elif named or read_reference(path.stem.partition(" ")[0]):
        if _is_tar(path):
            return [_of_tar(path)]
        if path.suffix.lower() == ".tar":
            raise Tampered(f"{path.name} is empty, cut off or damaged; ask for the package again")
        if named:
            raise Refused(f"{path.name} is no package: give the .tar that the officers' bot sent")
    return []


def _gather_key(path: Path, beside: dict[str, Pieces]) -> None:
    """A key that somebody sealed anew lies beside its package, whether or not it was named."""
    if match := _RESEALED.fullmatch(path.name):
        beside.setdefault(match[1], Pieces(match[1])).resealed[match[2]] = path


def _files(paths: Sequence[Path], absent: dict[str, str]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.is_file())
        elif path.is_file():
            yield path
        else:
            absent[path.name] = f"{path} is not there"


def _is_tar(path: Path) -> bool:
    """A plain one: nothing is unpacked to look."""
    try:
        with tarfile.open(path, "r:"):
            return True
    except tarfile.TarError:
        return False
    except OSError:
        raise Refused(f"{path} cannot be read") from None


def _of_tar(path: Path) -> Pieces:
    """The package in a tar; names that no package has are not taken, so that nothing can be written
    elsewhere.
    """
    found = Pieces("", path)
    try:
        with tarfile.open(path, "r:") as tar:
            for member in tar:
                parts = PurePosixPath(member.name).parts
                inner = "/".join(parts[1:])
                of_one = bool(parts) and parts[0] == (found.reference or parts[0])
                plain = member.isreg() and member.size >= 0 and not member.sparse
                if not plain or not of_one or not _WITHIN.fullmatch(inner) or inner in found:
                    raise Tampered(f"{path.name} holds something that is no part of a package")
                found.reference = parts[0]
                found.in_tar[inner] = (path, member.offset_data, member.size)
            _read_to_the_end(path, tar.offset)
    except tarfile.ReadError:
        raise Tampered(f"{path.name} is cut off or damaged; ask for the package again") from None
    if SUMS not in found:
        raise Tampered(f"{path.name} is cut off or damaged; ask for the package again")
    if read_reference(found.reference) != found.reference:
        raise Tampered(f"{path.name} holds something that is no part of a package")
    return found


def _read_to_the_end(path: Path, offset: int) -> None:
    """A header that is damaged looks like the end of a tar, which is zeros. Raises ReadError."""
    with path.open("rb") as file:
        file.seek(offset)
        rest = file.read(LONGEST_END)
    if len(rest) < tarfile.BLOCKSIZE or any(rest):
        raise tarfile.ReadError


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
