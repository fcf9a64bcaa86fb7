"""Checking one dossier: the bag, the custody log, what was told, and what signs it."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.errors import Tampered
from bot.referral.digests import APART
from bot.referral.package import CUSTODY, SIGNED, is_bound
from bot.workstation import bag, custody, documents, signed
from bot.workstation.damage import named
from bot.workstation.dossier import (
    CHECKERS,
    DETAILS,
    SEALED_SUMS,
    details_as_json,
    exhibit_files,
    page_of,
    reader,
)
from bot.workstation.exhibits import suffix
from bot.workstation.open_package import KEY_FIELD, OPENED_FIELD, SUMS_FIELD
from bot.workstation.signed import Signed
from bot.workstation.sums import read as read_sums
from storage.custody import ADDED

FIELDS: Final = {
    "Bag-Software-Agent": r"firsthand(?: [0-9a-z.+]+)?",
    "Bagging-Date": r"\d{4}-\d\d-\d\d",
    "External-Identifier": r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}",
    "Payload-Oxum": r"\d+\.\d+",
    SUMS_FIELD: r"[0-9a-f]{64}",
    KEY_FIELD: r"[0-9A-Z-]{12}\.[0-9a-f]{32}\.key(?: ?\(\d+\))?\.age",
    OPENED_FIELD: r"\d{4}-\d\d-\d\d \d\d:\d\d",
}
"""What bag-info.txt says of a dossier, each once and in its form."""


@dataclass(slots=True)
class Rows:
    """What was found of one package or dossier. `missing`: pieces that are not in it."""

    checked: list[str] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)
    """What cannot be looked at here by its nature, with the reason."""
    proof: Signed | None = None


def dossier(path: Path, key: str = "") -> Rows:
    """What was found of one dossier. Raises Refused or Tampered."""
    with named(path.name):
        return _dossier(path, key)


def _dossier(path: Path, key: str) -> Rows:
    data, info = path / "data", bag.info(path)
    files, read = bag.check(path), reader(data)
    _refuse_tags(path)
    reference = info.get("External-Identifier", "")
    log = custody.read_log(read(CUSTODY) or b"", reference)
    proof = signed.check(log, lambda name: _tag(path, name), key)
    custody.check_course(log, signed=proof is not None)
    told = read(DETAILS) or b""
    openings = _told(log, told)
    details = custody.check_openings(log, openings)
    if details_as_json(openings).encode() != told:
        raise Tampered(f"{DETAILS} is not written as openings are")
    if proof is None:
        custody.refuse_unsigned(details)
    held, where = bag.payload(path), exhibit_files(path)
    digests = {name: held[file] for name, file in where.items()}
    sums = _sealed_sums(path, len(log.lines), proof)
    compared = documents.compare(log, details, read, digests, sums)
    _refuse_unknown(log, read, where, set(held), is_signed=proof is not None)
    rows = Rows(proof=proof, missing=compared.missing)
    rows.checked += [
        f"{files} files are as both manifests list them, and there is no other",
        f"{len(log.lines)} custody lines are whole, and each has its details",
        (
            f"{compared.documents} documents and {len(compared.held)} exhibits are, byte for byte, "
            "those that the log says were received"
        ),
    ]
    if proof:
        rows.checked.append(proof.said)
    rows.not_checked += [f"{each}: an earlier release bound none" for each in compared.unbound]
    rows.apart += [
        f"not checked: {each}, which is not here: it is sealed to fewer, or was taken out"
        for each in compared.sealed
    ]
    if proof and sums is not None:
        custody.check_hand_out(details, sums)
        handed = details[-1]["pieces"]
        rows.checked.append(f"it was made of the {handed} sealed pieces that were handed out")
    _check_page(path, info, rows)
    return rows


def _refuse_tags(path: Path) -> None:
    """Beside the data lies what a dossier has, and nothing else, listed or not."""
    known = {"bagit.txt", "bag-info.txt", bag.PAGE, SEALED_SUMS, *SIGNED, *CHECKERS}
    known |= {f"{kind}-{a}.txt" for kind in ("manifest", "tagmanifest") for a in bag.ALGORITHMS}
    if odd := sorted(p.name for p in path.iterdir() if p.name not in known and p.name != "data"):
        raise Tampered(f"{odd[0]} is no part of a dossier")
    *lines, end = (path / "bag-info.txt").read_text("utf-8").split("\n")
    names = [line.partition(": ")[0] for line in lines]
    if end or len(set(names)) != len(names):
        raise Tampered("bag-info.txt is not written as that of a dossier is")
    for name, line in zip(names, lines, strict=True):
        if name not in FIELDS or not re.fullmatch(FIELDS[name], line.partition(": ")[2]):
            raise Tampered(f"bag-info.txt says {name}, which no dossier says")


def _told(log: custody.Log, raw: bytes) -> list[Mapping[str, object]]:
    """The openings as they were opened; what stands beside each is what its line says."""
    told = json.loads(raw)
    for body in told:
        entry = log.entries[body["n"]]
        if set(body) != {"n", "nonce", "details", "kind", "actor"} or any(
            body[name] != entry[name] for name in ("kind", "actor")
        ):
            raise Tampered(f"{DETAILS} says something else of line {body['n']} than the log")
    return list(told)


def _refuse_unknown(
    log: custody.Log,
    read: documents.Read,
    where: Mapping[str, str],
    held: set[str],
    *,
    is_signed: bool,
) -> None:
    """Nothing lies in the dossier that no record has, and each file under its own name. Earlier
    releases, which signed nothing, kept other endings of files.
    """
    folders = {"": "", **{f"{name}/": f"addenda/{name}/" for name in log.subjects(ADDED)}}
    known = {CUSTODY, DETAILS} | ({APART} if read(APART) is not None else set())
    for within, folder in folders.items():
        report = json.loads(read(f"{folder}referral.json") or b"{}")
        known |= set(documents.named_by(report, folder))
        for exhibit in report["exhibits"]:
            there = where.get(within + exhibit["id"], "").removeprefix("data/")
            own = f"{folder}exhibits/{exhibit['id']}{suffix(exhibit)}"
            if there:
                known.add(own if is_signed else there)
    if odd := sorted(held - {f"data/{name}" for name in known}):
        raise Tampered(f"{odd[0]} is in the dossier, and no record has it")


def _sealed_sums(path: Path, lines: int, proof: Signed | None) -> dict[str, str] | None:
    """The sums of the package that a dossier was made of; earlier releases kept none."""
    raw = _tag(path, SEALED_SUMS)
    if raw is None and proof:
        raise Tampered(f"{SEALED_SUMS} is missing")
    if raw is None:
        return None
    if bag.info(path).get(SUMS_FIELD, _sha256(raw)) != _sha256(raw):
        raise Tampered(f"bag-info.txt names another {SEALED_SUMS}")
    sums = read_sums(raw)
    log = {CUSTODY, *SIGNED, *(f"custody/{n:04}.age" for n in range(lines))}
    if proof and {name for name in sums if not is_bound(name)} != log:
        raise Tampered(f"{SEALED_SUMS} names something else than a package has")
    return sums


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _check_page(path: Path, info: Mapping[str, str], rows: Rows) -> None:
    """The page says what the data say, and the checkers are ours: both are made again, where this
    is the release that made them.
    """
    if info.get("Bag-Software-Agent") != bag.AGENT:
        beside = ", ".join((bag.PAGE, *CHECKERS))
        rows.not_checked.append(f"{beside}: bag-info.txt says that another release made them")
    elif (path / bag.PAGE).read_text("utf-8") != page_of(path):
        raise Tampered(f"{bag.PAGE} is not what the data say")
    elif odd := [name for name, own in CHECKERS.items() if _tag(path, name) != own.read_bytes()]:
        raise Tampered(f"{odd[0]} is not the one that this release writes")
    else:
        rows.checked.append(f"{bag.PAGE} says what the data say")


def _tag(path: Path, name: str) -> bytes | None:
    return (path / name).read_bytes() if (path / name).is_file() else None
