"""Opening many packages: each alone, so that a bad one stops no other; then a page for each and one
for all.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyrage

from bot.errors import Refused, Tampered
from bot.referral.package import SUMS
from bot.workstation import index_page
from bot.workstation.open_package import SUMS_FIELD, open_package
from bot.workstation.pieces import Pieces

Say = Callable[[str], None]


@dataclass(slots=True)
class Result:
    """What became of each package, by reference."""

    opened: list[str] = field(default_factory=list)
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    tampered: dict[str, str] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)


def open_all(
    found: Sequence[Pieces], mine: list[pyrage.x25519.Identity], to: Path, say: Say
) -> Result:
    """Open every package into a dossier below `to`, and write its index. Of a single package errors
    are raised.
    """
    result = Result()
    for number, package in enumerate(found, 1):
        say(f"[{number}/{len(found)}] {package.reference}")
        try:
            _open_one(package, mine, to, say, result)
        except (Refused, Tampered) as failure:
            if len(found) == 1:
                raise
            kind = result.tampered if isinstance(failure, Tampered) else result.refused
            kind[package.reference] = str(failure)
            say(f"    {'Stop: ' if isinstance(failure, Tampered) else ''}{failure}")
    write_index(to, new=result.opened)
    return result


def _open_one(
    package: Pieces, mine: list[pyrage.x25519.Identity], to: Path, say: Say, result: Result
) -> None:
    sums = hashlib.sha256(package.read(SUMS)).hexdigest()
    name = _free(to, package.reference, sums)
    if not name:
        result.known.append(package.reference)
        say("    opened before, and nothing has changed since")
        return
    opened = open_package(package, mine, to, lambda text: say(f"    {text}"), name=name)
    result.opened.append(name)
    say(f"    dossier: {opened.folder}")
    if opened.missing:
        result.missing[package.reference] = opened.missing


def _free(to: Path, reference: str, sums: str) -> str:
    """The folder for this package: REFERENCE, or, where an older state of it lies there,
    REFERENCE-2 …

    Empty where this very package was opened before.
    """
    number, name = 1, reference
    while (to / name).exists():
        info = to / name / "bag-info.txt"
        if info.is_file() and f"{SUMS_FIELD}: {sums}" in info.read_text("utf-8"):
            return ""
        number += 1
        name = f"{reference}-{number}"
    return name


def write_index(folder: Path, new: Sequence[str] = ()) -> Path | None:
    """index.html over the dossiers in a folder; None where there is none."""
    entries = []
    for bag in sorted(folder.iterdir()) if folder.is_dir() else ():
        data = bag / "data"
        if (bag / "bagit.txt").is_file() and (data / "referral.json").is_file():
            addenda = [
                json.loads(p.read_bytes()) for p in sorted(data.glob("addenda/*/referral.json"))
            ]
            entries.append(
                index_page.Entry(bag.name, _json(data / "referral.json"), addenda, bag.name in new)
            )
    if not entries:
        return None
    target = folder / "index.html"
    target.write_text(index_page.page(entries), "utf-8")
    return target


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found
