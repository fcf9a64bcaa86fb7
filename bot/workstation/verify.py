"""Checking packages and dossiers against their own records, without any key."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bot.errors import Refused, Tampered
from bot.referral import digests
from bot.workstation import bag, custody, pieces, sums
from bot.workstation.custody import RECEIVED
from bot.workstation.pieces import Pieces

Say = Callable[[str], None]


@dataclass(slots=True)
class Verified:
    """What became of all that was checked. `wrong`: by name, what disagrees with its record."""

    checked: int = 0
    missing: list[str] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)


def verify(paths: Sequence[Path], say: Say) -> Verified:
    """Check packages, dossiers, and folders of either; one that is wrong stops no other.

    Raises Refused where there is nothing to check.
    """
    result = Verified()
    for path in paths:
        for name, check in _in(path, result):
            result.checked += 1
            try:
                said, missing = check()
            except (Refused, Tampered) as wrong:
                result.wrong[name] = str(wrong)
                say(f"{name}: Stop: {wrong}")
                continue
            say(f"{name}: {said}")
            result.missing += [f"{name}: {piece}" for piece in missing]
    return result


Check = Callable[[], tuple[str, list[str]]]


def _in(path: Path, result: Verified) -> Iterator[tuple[str, Check]]:
    """What lies there, each by its name with what checks it."""
    if (path / "bagit.txt").is_file():
        yield path.name, partial(dossier, path)
    elif bags := sorted(p.parent for p in path.glob("*/bagit.txt")):
        yield from ((one.name, partial(dossier, one)) for one in bags)
    else:
        found = pieces.gather([path])
        result.wrong |= found.broken
        result.checked += len(found.broken)
        for each in found.packages:
            yield each.file.name, partial(_package, each)


def _package(package: Pieces) -> tuple[str, list[str]]:
    missing = sums.check_all(package)
    lines, named = custody.check_package(package)
    said = f"sums agree, {lines} custody lines are whole"
    return said, sorted({*missing, *named})


def dossier(path: Path) -> tuple[str, list[str]]:
    """What was found of one dossier, in words, and which exhibits are not in it. Raises Refused or
    Tampered.
    """
    files = bag.check(path)
    data = path / "data"
    referral = json.loads((data / "referral.json").read_bytes())
    raw = (data / "custody.jsonl").read_bytes()
    lines = custody.check_lines(raw, str(referral["reference"]))
    entries = [json.loads(line) for line in raw.splitlines()]
    details = json.loads((data / "custody-details.json").read_bytes())
    for body in details:
        custody.check_opening(entries, body)
    digests.check(details, entries, lambda document: _read(data / document))
    received = {
        entries[d["n"]]["subject"]: d["details"]
        for d in details
        if entries[d["n"]]["kind"] == RECEIVED
    }
    held = bag.payload(path)
    missing = list(_exhibits("", referral, received, held))
    for added in sorted(data.glob("addenda/*/referral.json")):
        within = f"{added.parent.name}/"
        missing += _exhibits(within, json.loads(added.read_bytes()), received, held)
    if left := sorted(received):
        raise Tampered(
            f"the custody log says that {', '.join(left)} was received; no record has it"
        )
    what = (
        "documents are those of the log"
        if missing
        else "documents and exhibits are those of the log"
    )
    return f"{files} files as listed, {lines} custody lines are whole, {what}", missing


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _exhibits(
    within: str,
    referral: Mapping[str, Any],
    received: dict[str, dict[str, str]],
    held: Mapping[str, str],
) -> Iterator[str]:
    """Which exhibits are not here. Each that the log has is taken off `received`.

    What the log says was received, what referral.json says it is and the file itself (`held`: by
    path, its SHA-256) must be one. `within`: a1/ of an addendum. Raises Tampered.
    """
    folder = f"data/addenda/{within}exhibits/" if within else "data/exhibits/"
    for exhibit in referral["exhibits"]:
        name = within + exhibit["id"]
        entry = received.pop(name, {"sha256": "", "sha512": ""})
        if any(entry[digest] != exhibit[digest] for digest in ("sha256", "sha512")):
            raise Tampered(
                f"the custody log does not say that exhibit {name} was received as it is here"
            )
        file = next((p for p in held if p.startswith(f"{folder}{exhibit['id']}.")), "")
        if not file:
            yield name
        elif held[file] != exhibit["sha256"]:
            raise Tampered(f"{file} is not, byte for byte, what was received")
