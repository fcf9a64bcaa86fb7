"""Looking for what a witness said in every byte a server keeps, in every shape it could have."""

import base64
import contextlib
import zlib
from collections.abc import Iterator
from pathlib import Path

from storage.keys import SIZE, Box, Unsealable
from storage.tables import SEALED, metadata
from tests.reader import rows


def shapes(canary: str) -> dict[str, bytes]:
    """A canary as UTF-8, UTF-16, hex, JSON escapes, and base64 at its three offsets."""
    plain = canary.encode()
    found = {
        "utf-8": plain,
        "utf-16-le": canary.encode("utf-16-le"),
        "utf-16-be": canary.encode("utf-16-be"),
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "json": canary.encode("ascii", "backslashreplace"),
    }
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + plain)
        found[f"base64+{offset}"] = whole[4 if offset else 0 : len(whole) // 4 * 4 - 4]
    return found


def every_byte(*folders: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below these folders, and what is inside any zlib stream in it."""
    for folder in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
            if not path.is_file():
                continue
            content = path.read_bytes()
            yield str(path), content
            yield from _inflated(str(path), content)


def _inflated(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    for start in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"):
        at = content.find(start)
        while at >= 0:
            with contextlib.suppress(zlib.error):
                yield (
                    f"{name}@{at} inflated",
                    zlib.decompressobj().decompress(content[at:], 1 << 20),
                )
            at = content.find(start, at + 1)


def every_column(database: Path | str, keys: list[Box]) -> Iterator[tuple[str, bytes]]:
    """Every blob of a database, opened with every key that is left, as every column there is."""
    for table in metadata.tables:
        for row in rows(database, f"SELECT * FROM {table}"):
            for blob in (value for value in row if isinstance(value, bytes)):
                yield table, blob
                for opened in _opened(blob, keys):
                    yield f"{table}, opened", opened
                    yield from (
                        (f"{table}, opened twice", again) for again in _opened(_hex(opened), keys)
                    )
                    yield from (
                        (f"{table}, opened twice", again) for again in _opened(opened, keys)
                    )


def _opened(blob: bytes, keys: list[Box]) -> Iterator[bytes]:
    for key in keys:
        for column in SEALED:
            try:
                yield key.open(blob, column)
            except (Unsealable, ValueError):
                continue


def _hex(raw: bytes) -> bytes:
    try:
        return bytes.fromhex(raw.decode("ascii"))
    except (ValueError, UnicodeDecodeError):
        return b""


def surviving_keys(folder: Path) -> list[Box]:
    """Every key of the server as it is now, every slot of the shred-key file included."""
    slots = (folder / "shred.keys").read_bytes()
    raw = {slots[i : i + SIZE] for i in range(0, len(slots), SIZE)}
    raw |= {path.read_bytes() for path in folder.glob("*.key")}
    return [Box(key) for key in sorted(raw)]


def sightings(canaries: list[str], bytes_: Iterator[tuple[str, bytes]]) -> dict[str, set[str]]:
    """Where each canary was seen, and in what shape."""
    wanted = {canary: shapes(canary) for canary in canaries}
    seen: dict[str, set[str]] = {canary: set() for canary in canaries}
    for name, content in bytes_:
        for canary, forms in wanted.items():
            seen[canary] |= {
                f"{name} as {form}" for form, needle in forms.items() if needle in content
            }
    return seen
