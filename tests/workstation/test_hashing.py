"""Large files are read once, and what is said of them is of every byte."""

import hashlib
import io
import os
from pathlib import Path

import pyrage
import pytest

from bot.errors import Tampered
from bot.referral.package import SUMS
from bot.workstation.exhibits import Exhibits
from bot.workstation.hashing import AHEAD, CHUNK, digests
from bot.workstation.pieces import Pieces
from bot.workstation.sums import Sums
from storage import age

SIZES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, (AHEAD + 3) * CHUNK + 5)
NAME = "exhibits/x1.age"


@pytest.mark.parametrize("size", SIZES)
def test_digests_are_of_every_byte(size: int) -> None:
    whole = os.urandom(size)
    expected = (hashlib.sha256(whole).hexdigest(), hashlib.sha512(whole).hexdigest())
    assert digests(io.BytesIO(whole)) == expected


class Opened:
    """A package of one exhibit, of so many bytes."""

    def __init__(self, folder: Path, size: int) -> None:
        recipient, identity = age.new_identity()
        self.plain = os.urandom(size)
        sealed = age.seal(self.plain, recipient)
        self.identity = pyrage.x25519.Identity.from_str(identity)
        self.files = {
            NAME: sealed,
            SUMS: f"{hashlib.sha256(sealed).hexdigest()}  {NAME}\n".encode(),
        }
        self.folder = folder
        self.said: list[str] = []
        self.exhibit = {
            "id": "x1",
            "name": "a.bin",
            "kind": "document",
            "size": size,
            "sha256": hashlib.sha256(self.plain).hexdigest(),
            "sha512": hashlib.sha512(self.plain).hexdigest(),
        }

    def pieces(self) -> Pieces:
        loose = {}
        for number, (name, body) in enumerate(self.files.items()):
            loose[name] = self.folder / f"{number}"
            loose[name].write_bytes(body)
        return Pieces("ABCD-EFGH-JK", loose=loose)

    def open(self, pieces: Pieces | None = None) -> Exhibits:
        exhibits = Exhibits(Sums(pieces or self.pieces()), self.said.append)
        (self.folder / "out").mkdir()
        exhibits.open("", {"exhibits": [self.exhibit]}, self.identity, self.folder / "out")
        return exhibits


@pytest.mark.parametrize("size", [0, 1, 65536, CHUNK, 3 * CHUNK + 1])
def test_an_exhibit_is_opened_and_its_digests_are_those_of_the_file(
    size: int, tmp_path: Path
) -> None:
    it = Opened(tmp_path, size)
    (target, found), *more = it.open().written.items()
    assert target.read_bytes() == it.plain and not more
    assert found == (it.exhibit["sha256"], it.exhibit["sha512"])
    assert it.said == [f"x1 opened, {size:,} bytes, its sum and both digests agree"]


def test_an_exhibit_whose_sum_does_not_agree_is_not_said_to_be_opened(tmp_path: Path) -> None:
    it = Opened(tmp_path, 200_000)
    body = bytearray(it.files[NAME])
    body[150_000] ^= 1
    it.files[NAME] = bytes(body)
    with pytest.raises(Tampered, match="not what SHA256SUMS says"):
        it.open()
    assert it.said == []


@pytest.mark.parametrize("at", [-1, 10, 120_000])
def test_an_exhibit_that_does_not_open_though_its_sum_agrees_is_named(
    at: int, tmp_path: Path
) -> None:
    it = Opened(tmp_path, 200_000)
    body = bytearray(it.files[NAME])
    body[at] ^= 1
    it.files[NAME] = bytes(body)
    it.files[SUMS] = f"{hashlib.sha256(body).hexdigest()}  {NAME}\n".encode()
    with pytest.raises(Tampered, match="does not open"):
        it.open()
    assert it.said == []


@pytest.mark.parametrize("what", ["sha256", "sha512", "size"])
def test_an_exhibit_that_is_not_what_was_received_is_named(what: str, tmp_path: Path) -> None:
    it = Opened(tmp_path, 1000)
    it.exhibit[what] = 1001 if what == "size" else "0"
    with pytest.raises(Tampered, match="byte for byte"):
        it.open()
    assert it.said == []


def test_an_exhibit_that_the_sums_do_not_name_is_no_part_of_the_package(tmp_path: Path) -> None:
    it = Opened(tmp_path, 1000)
    it.files[SUMS] = b""
    with pytest.raises(Tampered, match="SHA256SUMS"):
        it.open()


@pytest.mark.parametrize("first", [True, False])
def test_sums_that_name_a_file_twice_are_none(first: bool, tmp_path: Path) -> None:  # noqa: FBT001
    it = Opened(tmp_path, 1000)
    lines = [it.files[SUMS], f"{'0' * 64}  {NAME}\n".encode()]
    it.files[SUMS] = b"".join(lines if first else reversed(lines))
    with pytest.raises(Tampered, match="twice"):
        Sums(it.pieces()).check_left()


def test_an_exhibit_that_nobody_opened_is_compared_all_the_same(tmp_path: Path) -> None:
    it = Opened(tmp_path, 1000)
    sums = Sums(it.pieces())
    sums.check_small()
    assert sums.missing == []
    it.files[NAME] = b"another"
    it.pieces()
    with pytest.raises(Tampered, match="x1"):
        sums.check_left()
    with pytest.raises(Tampered, match="x1"):
        Sums(it.pieces()).check_left()


def test_a_disk_that_fails_is_not_somebody_who_changed_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > CHUNK:
                raise OSError(5, "Input/output error")
            return super().read(size)

    it = Opened(tmp_path, 3 * CHUNK)
    pieces, really = it.pieces(), Pieces.open
    monkeypatch.setattr(
        Pieces,
        "open",
        lambda self, path: Failing(it.files[NAME]) if path == NAME else really(self, path),
    )
    with pytest.raises(OSError, match="Input/output"):
        it.open(pieces)
    assert it.said == []
