"""Opening many packages: each alone, so that a bad one stops no other; then a page for each and one
for all.
"""

import contextlib
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyrage

from bot.errors import Refused, Tampered
from bot.referral.package import CUSTODY, SUMS
from bot.workstation import bag, index_page, verify_dossier
from bot.workstation.custody import sealed_path
from bot.workstation.damage import named
from bot.workstation.dossier import SEALED_SUMS, reader
from bot.workstation.history import dossiers_of
from bot.workstation.open_package import OPENED_FIELD, SUMS_FIELD, check_log, open_package
from bot.workstation.pieces import Gathered, Pieces
from bot.workstation.sums import Sums

Say = Callable[[str], None]


@dataclass(slots=True)
class Result:
    """What became of each package, by the name of its file."""

    opened: list[str] = field(default_factory=list)
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    tampered: dict[str, str] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)
    old: list[str] = field(default_factory=list)
    """Opened, of an earlier release, which signed nothing."""


def open_all(
    found: Gathered, mine: list[pyrage.x25519.Identity], to: Path, say: Say, key: str = ""
) -> Result:
    """Open every package into a dossier below `to`, and write its index; one that is wrong stops no
    other. `key`: the published public key of the custody log.
    """
    result = Result(tampered=dict(found.broken), refused=dict(found.absent))
    for name, why in found.broken.items():
        say(f"{name}: Stop: {why}")
    for number, package in enumerate(found.packages, 1):
        say(f"[{number}/{len(found.packages)}] {package.reference}")
        try:
            with named(package.file.name):
                _open_one(package, mine, to, say, result, key)
        except (Refused, Tampered) as failure:
            kind = result.tampered if isinstance(failure, Tampered) else result.refused
            kind[package.file.name] = str(failure)
            say(f"    {'Stop: ' if isinstance(failure, Tampered) else ''}{failure}")
    write_index(to, new=result.opened)
    return result


def _open_one(
    package: Pieces,
    mine: list[pyrage.x25519.Identity],
    to: Path,
    say: Say,
    result: Result,
    key: str,
) -> None:
    sums = hashlib.sha256(package.read(SUMS)).hexdigest()
    name, there = _free(to, package.reference, sums)
    if there:
        _check_again(to / name, package, key, say, result)
        return
    opened = open_package(package, mine, to, lambda text: say(f"    {text}"), name=name, key=key)
    result.opened.append(name)
    if opened.proof is None:
        result.old.append(package.reference)
    for each in opened.unbound:
        say(f"    not checked: {each}: an earlier release bound none")
    say(f"    dossier: {opened.folder}")
    if opened.missing:
        result.missing[package.reference] = opened.missing


def _check_again(dossier: Path, package: Pieces, key: str, say: Say, result: Result) -> None:
    """What was opened before may have been changed or lost since, and so may its package. Raises
    Tampered.
    """
    sums = Sums(package)
    sums.check_left()
    check_log(package, key)
    try:
        rows = verify_dossier.dossier(dossier, key)
        read = reader(dossier)
        if read(f"data/{CUSTODY}") != package.read(CUSTODY) or (
            rows.proof and read(SEALED_SUMS) != package.read(SUMS)
        ):
            raise Tampered("it is of another state, or of another referral")  # noqa: TRY301
    except Tampered as wrong:
        raise Tampered(
            f"opened before, and {dossier.name} is no longer as it was written: {wrong}. Move it "
            "away and open the package again"
        ) from None
    reference = package.reference
    result.known.append(reference)
    if rows.proof is None:
        result.old.append(reference)
    for row in (*rows.not_checked, *rows.apart):
        say(f"    – {row.removeprefix('not checked: ')}: not checked")
    if missing := (*sums.missing, *(sealed_path(each) for each in rows.missing)):
        result.missing[reference] = tuple(sorted(set(missing)))
    say(f"    opened before as {dossier.name}; what is marked ✓ by verify agrees with the package")


def _free(to: Path, reference: str, sums: str) -> tuple[str, bool]:
    """The folder for this package: REFERENCE, or, where an older state of it lies there,
    REFERENCE-2 … And whether this very package was opened into it before.
    """
    for dossier in dossiers_of(to, reference):
        with contextlib.suppress(Tampered, Refused), named(dossier.name):
            if bag.info(dossier).get(SUMS_FIELD) == sums:
                return dossier.name, True
    number, name = 1, reference
    while (to / name).exists():
        number += 1
        name = f"{reference}-{number}"
    return name, False


def write_index(folder: Path, new: Sequence[str] = ()) -> Path | None:
    """index.html over the dossiers in a folder; None where there is none. `new`: opened just
    now.
    """
    entries = []
    for bag_ in sorted(folder.iterdir()) if folder.is_dir() else ():
        if (bag_ / "bagit.txt").is_file() and (bag_ / "data" / "referral.json").is_file():
            # of what is damaged nothing can be listed; verify names it
            with contextlib.suppress(Tampered, Refused), named(bag_.name):
                entry = _entry(bag_, new=bag_.name in new)
                index_page.page([entry])
                entries.append(entry)
    if not entries:
        return None
    target = folder / "index.html"
    target.write_text(index_page.page(entries), "utf-8")
    return target


def _entry(dossier: Path, *, new: bool) -> index_page.Entry:
    data = dossier / "data"
    info = bag.info(dossier)
    return index_page.Entry(
        dossier.name,
        _json(data / "referral.json"),
        [_json(p) for p in sorted(data.glob("addenda/*/referral.json"))],
        new,
        opened=info.get(OPENED_FIELD, info.get("Bagging-Date", "")),
        state=len((data / "custody.jsonl").read_bytes().splitlines()),
    )


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found
