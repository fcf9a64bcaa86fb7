"""A dossier as a BagIt bag (RFC 8493), written and checked; any BagIt validator can check
it too.
"""

import datetime
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Final

from bot.errors import Refused, Tampered
from bot.workstation.hashing import digests

ALGORITHMS: Final = ("sha256", "sha512")
_LINE: Final = re.compile(r"([0-9a-f]{64}|[0-9a-f]{128})  ([^\n]+)")
DECLARATION: Final = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
AGENT: Final = f"firsthand {metadata.version('firsthand')}"
PAGE: Final = "index.html"
"""What an officer reads; a tag file, so that it is no part of the evidence and cannot be changed
unnoticed either.
"""


@contextmanager
def filling(
    partial: Path,
    final: Path,
    reference: str,
    info: Mapping[str, str],
    known: Mapping[Path, tuple[str, ...]],
) -> Iterator[Path]:
    """Give a data folder to fill; the bag appears whole under its final name, or not at all.

    `known`: digests of files that were taken as they were written, SHA-256 and SHA-512.
    """
    shutil.rmtree(partial, ignore_errors=True)
    data = partial / "data"
    try:
        data.mkdir(parents=True, mode=0o700)
    except OSError:
        raise Refused(
            f"{partial.parent} cannot be written; give another folder with --to"
        ) from None
    try:
        yield data
        _close(partial, reference, info, known)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    partial.rename(final)


def _close(
    bag: Path, reference: str, info: Mapping[str, str], known: Mapping[Path, tuple[str, ...]]
) -> None:
    payload = sorted(p for p in (bag / "data").rglob("*") if p.is_file())
    _write_manifests(bag, "manifest", {p: known.get(p) or _digests(p) for p in payload})
    size = sum(p.stat().st_size for p in payload)
    today = datetime.datetime.now(datetime.UTC).date()
    (bag / "bagit.txt").write_text(DECLARATION, "utf-8")
    (bag / "bag-info.txt").write_text(
        f"Bag-Software-Agent: {AGENT}\nBagging-Date: {today}\nExternal-Identifier: {reference}\n"
        f"Payload-Oxum: {size}.{len(payload)}\n"
        + "".join(f"{name}: {value}\n" for name, value in info.items()),
        "utf-8",
    )
    tags = sorted(p for p in bag.iterdir() if p.is_file() and not p.name.startswith("tagmanifest-"))
    _write_manifests(bag, "tagmanifest", {path: _digests(path) for path in tags})


def _write_manifests(bag: Path, name: str, found: Mapping[Path, tuple[str, ...]]) -> None:
    for place, algorithm in enumerate(ALGORITHMS):
        lines = [f"{of[place]}  {path.relative_to(bag).as_posix()}\n" for path, of in found.items()]
        (bag / f"{name}-{algorithm}.txt").write_text("".join(lines), "utf-8")


def check(bag: Path) -> int:
    """Whether a bag is complete and valid. Returns the number of payload files. Raises Refused or
    Tampered.
    """
    _check_declaration(bag)
    for path in sorted(bag.rglob("*")):
        if path.is_symlink():
            raise Tampered(f"{path.relative_to(bag)} is a link to somewhere else")
        if not path.is_file() and not path.is_dir():
            raise Tampered(f"{path.relative_to(bag)} is neither a file nor a folder")
    found = {p.relative_to(bag).as_posix() for p in (bag / "data").rglob("*") if p.is_file()}
    said: dict[str, dict[str, str]] = {}
    for algorithm in ALGORITHMS:
        listed = _manifest(bag / f"manifest-{algorithm}.txt")
        if set(listed) != found:
            odd = min(set(listed) ^ found)
            raise Tampered(f"{odd} is {'missing' if odd in listed else 'not in the manifest'}")
        for name, digest in {**listed, **_manifest(bag / f"tagmanifest-{algorithm}.txt")}.items():
            said.setdefault(name, {})[algorithm] = digest
    for name, digests_said in said.items():
        of = dict(zip(ALGORITHMS, _digests(bag / name), strict=True))
        if any(of[algorithm] != digest for algorithm, digest in digests_said.items()):
            raise Tampered(f"{name} is not what its manifest says it was")
    tags = [set(_manifest(bag / f"tagmanifest-{a}.txt")) for a in ALGORITHMS]
    if tags[0] != tags[1]:
        raise Tampered(f"the tag manifests disagree on {min(tags[0] ^ tags[1])}")
    if unlisted := {"bagit.txt", "bag-info.txt", PAGE} - tags[0]:
        raise Tampered(f"{min(unlisted)} is in no tag manifest")
    size = sum((bag / name).stat().st_size for name in found)
    if info(bag).get("Payload-Oxum") != f"{size}.{len(found)}":
        raise Tampered("bag-info.txt says another Payload-Oxum")
    known = {f"tagmanifest-{a}.txt" for a in ALGORITHMS} | tags[0]
    beside = sorted(p.name for p in bag.iterdir() if p.name not in known and p.name != "data")
    if beside:
        raise Tampered(f"{beside[0]} is not in the manifest")
    return len(found)


def _check_declaration(bag: Path) -> None:
    """Raises Refused where it is no folder, Tampered where it is a bag without saying so."""
    if not bag.is_dir():
        raise Refused(f"{bag} is no dossier")
    path = bag / "bagit.txt"
    if not path.is_file() or path.read_bytes() != DECLARATION.encode():
        raise Tampered("bagit.txt is missing, or says something else than that it is a bag")


def info(bag: Path) -> dict[str, str]:
    """What bag-info.txt says; nothing where there is none."""
    path = bag / "bag-info.txt"
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return dict(line.split(": ", 1) for line in lines if ": " in line)


def payload(bag: Path) -> dict[str, str]:
    """The files below data/ by their path in the bag, each with its SHA-256 as it was checked."""
    return _manifest(bag / "manifest-sha256.txt")


def _manifest(path: Path) -> dict[str, str]:
    if not path.is_file():
        raise Tampered(f"{path.name} is missing")
    found: dict[str, str] = {}
    *lines, end = path.read_bytes().decode("utf-8").split("\n")
    if end:
        raise Tampered(f"{path.name} is damaged")
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None or match[2] in found or not _is_inside(match[2]):
            raise Tampered(f"{path.name} is damaged")
        found[match[2]] = match[1]
    return found


def _is_inside(name: str) -> bool:
    return not name.startswith("/") and ".." not in name.split("/")


def _digests(path: Path) -> tuple[str, ...]:
    try:
        with path.open("rb") as file:
            return digests(file, ALGORITHMS)
    except FileNotFoundError:
        raise Tampered(f"{path.name} is missing") from None
