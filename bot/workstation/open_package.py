"""Opening a package on an officer's own machine: the only place with identities. Everything is
checked as it opens.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pyrage

from bot.errors import Refused, Tampered
from bot.referral import digests
from bot.referral.package import SUMS
from bot.workstation import bag, dossier_page, report_key
from bot.workstation.custody import check_openings, check_package
from bot.workstation.dossier_page import Custody
from bot.workstation.exhibits import Exhibits, Step
from bot.workstation.pieces import Pieces
from bot.workstation.sums import Sums

SUPPORTED: Final = "firsthand.referral/1"
SUMS_FIELD: Final = "Firsthand-Package-SHA256SUMS"
"""In bag-info.txt: from which state of the package the dossier was made."""
KEY_FIELD: Final = "Firsthand-Key-Sealed-Anew"
"""In bag-info.txt: the file from which the key came, where the package itself was not sealed to its
officer.
"""
OPENED_FIELD: Final = "Firsthand-Opened"
"""In bag-info.txt: when, in UTC."""
IDENTITY: Final = "identity.json.age"


@dataclass(frozen=True, slots=True)
class Opened:
    """A dossier, and what is missing for it to be whole."""

    reference: str
    folder: Path
    exhibits: int
    missing: tuple[str, ...]


def open_package(
    pieces: Pieces, mine: list[pyrage.x25519.Identity], target: Path, said: Step, *, name: str = ""
) -> Opened:
    """Make a dossier (a BagIt bag) of a package in `target`/REFERENCE, or under another name.

    Raises Refused if it is not sealed to any of these identities or the folder is there already,
    and Tampered if anything disagrees with its record; what was written until then is removed.
    """
    folder = target / (name or pieces.reference)
    if folder.exists():
        raise Refused(f"{folder} is there already; give another folder with --to, or remove it")
    sums = Sums(pieces)
    sums.check_small()
    missing = sums.missing
    found = report_key.account(pieces, mine)
    report = found.identity
    sealed = f"to others, and opened with {found.resealed}" if found.resealed else "to your key"
    said(f"the sums of its documents agree; the package is sealed {sealed}")
    partial = target / f".{folder.name}.part"
    info = _info(pieces, found.resealed, whole=not missing)
    exhibits = Exhibits(sums, said)
    with bag.filling(partial, folder, pieces.reference, info, exhibits.written) as data:
        raw = _opened(pieces, "referral.json.age", report)
        referral = json.loads(raw)
        if referral.get("schema") != SUPPORTED:
            raise Refused("this package is of a newer kind; update firsthand")
        (data / "referral.json").write_bytes(raw)
        (data / "transcript.txt").write_bytes(_opened(pieces, "transcript.txt.age", report))
        missing += exhibits.open("", referral, report, data)
        _set_aside(pieces, "", referral, report, data)
        missing += _addenda(pieces, report, data, exhibits)
        _identity(pieces, mine, data)
        missing += check_package(pieces)[1]
        openings = check_openings(pieces, lambda sealed: pyrage.decrypt(sealed, [report]))
        lines = [json.loads(line) for line in pieces.read("custody.jsonl").splitlines()]
        digests.check(openings, lines, lambda path: _read(data / path))
        if _binds_identity(openings) and IDENTITY not in pieces:
            missing.append(IDENTITY)
        (data / "custody.jsonl").write_bytes(pieces.read("custody.jsonl"))
        (data / "custody-details.json").write_text(
            json.dumps(openings, ensure_ascii=False, indent=2), "utf-8"
        )
        sums.check_left()
        _page(partial, data, referral)
    return Opened(pieces.reference, folder, len(referral["exhibits"]), tuple(sorted(set(missing))))


def _info(pieces: Pieces, resealed: str, *, whole: bool) -> dict[str, str]:
    """What bag-info.txt says besides; what is not whole is opened again once the rest is there."""
    info = {OPENED_FIELD: datetime.now(UTC).strftime("%Y-%m-%d %H:%M")}
    if whole:
        info[SUMS_FIELD] = hashlib.sha256(pieces.read(SUMS)).hexdigest()
    if resealed:
        info[KEY_FIELD] = resealed
    return info


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _binds_identity(openings: Iterable[Mapping[str, Any]]) -> bool:
    """Whether custody says that there is an identity part, whoever it is sealed to."""
    return any("identity_sha256" in opened["details"] for opened in openings)


def _page(partial: Path, data: Path, referral: dict[str, Any]) -> None:
    """The page for a browser, beside the data: it belongs to the bag, and to no evidence."""
    addenda = {
        p.parent.name: json.loads(p.read_bytes())
        for p in sorted(data.glob("addenda/*/referral.json"))
    }
    files = {p.stem: p.relative_to(partial).as_posix() for p in data.glob("exhibits/*")}
    files |= {
        f"{p.parents[1].name}/{p.stem}": p.relative_to(partial).as_posix()
        for p in data.glob("addenda/*/exhibits/*")
    }
    lines = [json.loads(line) for line in (data / "custody.jsonl").read_bytes().splitlines()]
    details = json.loads((data / "custody-details.json").read_bytes())
    custody = Custody(lines, {d["n"]: d["details"] for d in details})
    who = data / "identity.json"
    identity = json.loads(who.read_bytes()) if who.exists() else None
    (partial / bag.PAGE).write_text(
        dossier_page.page(referral, addenda, files, custody, identity), "utf-8"
    )


def _opened(pieces: Pieces, path: str, report: pyrage.x25519.Identity) -> bytes:
    try:
        return bytes(pyrage.decrypt(pieces.read(path), [report]))
    except pyrage.DecryptError as failure:
        raise Tampered(f"{path} does not open: {type(failure).__name__}") from None


def _addenda(
    pieces: Pieces, report: pyrage.x25519.Identity, data: Path, exhibits: Exhibits
) -> list[str]:
    """Open what the witness added after sending, each below its own name; its key opens with the
    report's.
    """
    missing: list[str] = []
    for name in sorted(
        {p.split("/")[1] for p in pieces.names("addenda")}, key=lambda n: int(n[1:])
    ):
        within = f"addenda/{name}/"
        text = _opened(pieces, f"{within}key.age", report).decode("ascii", "replace").strip()
        try:
            key = pyrage.x25519.Identity.from_str(text)
        except pyrage.IdentityError:
            raise Tampered(f"{within}key.age holds no key") from None
        folder = data / "addenda" / name
        folder.mkdir(parents=True)
        for part in ("referral.json", "transcript.txt"):
            (folder / part).write_bytes(_opened(pieces, f"{within}{part}.age", key))
        added = json.loads((folder / "referral.json").read_bytes())
        missing += exhibits.open(within, added, key, folder)
        _set_aside(pieces, within, added, key, folder)
        exhibits.said(f"{name}, added {added['submitted']}, opened")
    return missing


def _set_aside(
    pieces: Pieces,
    within: str,
    referral: dict[str, Any],
    report: pyrage.x25519.Identity,
    data: Path,
) -> None:
    """Open what could not be read and was kept as it came. In packages of before 0.2 it stands in
    referral.json.
    """
    for each in referral.get("set_aside", ()):
        if "id" not in each:
            continue
        body = _opened(pieces, f"{within}set_aside/{each['id']}.json.age", report)
        if hashlib.sha256(body).hexdigest() != each["sha256"]:
            raise Tampered(
                f"{within}set_aside/{each['id']}.json is not, byte for byte, what was kept"
            )
        (data / "set_aside").mkdir(exist_ok=True)
        (data / "set_aside" / f"{each['id']}.json").write_bytes(body)


def _identity(pieces: Pieces, mine: list[pyrage.x25519.Identity], data: Path) -> None:
    """The identity part, for those to whom it is sealed; for others it stays out."""
    key = report_key.sealed_to(pieces, "identity-keys", mine)
    if key is not None:
        (data / "identity.json").write_bytes(_opened(pieces, IDENTITY, key))
