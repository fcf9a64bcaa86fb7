"""Checking packages and dossiers without opening anything that is sealed: each row says what was
checked, and what was not and why.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from bot.errors import Refused, Tampered
from bot.referral.digests import APART
from bot.referral.package import CUSTODY, SIGNED
from bot.workstation import bag, custody, documents, pieces, signed
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
from bot.workstation.open_package import KEY_FIELD, OPENED_FIELD, SUMS_FIELD, check_log
from bot.workstation.pieces import Pieces
from bot.workstation.signed import Signed
from bot.workstation.sums import Sums
from bot.workstation.sums import read as read_sums

Say = Callable[[str], None]
FIELDS: Final = {*bag.FIELDS, SUMS_FIELD, KEY_FIELD, OPENED_FIELD}
"""What bag-info.txt says of a dossier."""
LOOKS_LIKE: Final = ("bagit.txt", "manifest-sha256.txt", "data")
"""By any of these a folder is a dossier, so that none is passed over for what it lacks."""


@dataclass(slots=True)
class Rows:
    """What was found of one package or dossier. `missing`: pieces that are not in it."""

    checked: list[str] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)
    """What a dossier need not have; whether it was taken out, nothing in it shows."""
    proof: Signed | None = None


@dataclass(slots=True)
class Verified:
    """What became of all that was checked. `wrong`: by name, what disagrees with its record."""

    checked: int = 0
    old: int = 0
    """Of earlier releases, which signed nothing."""
    partly: int = 0
    """Of which something was not checked, said with the reason."""
    missing: list[str] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    """Of what was asked for, what is not there or is none, in words."""
    heads: dict[tuple[str, int], tuple[str, bytes]] = field(default_factory=dict)
    """By origin and size: where a head was seen first, and its root."""


def verify(paths: Sequence[Path], say: Say, key: str = "") -> Verified:
    """Check packages, dossiers, and folders of either; one that is wrong stops no other.

    `key`: the published public key of the custody log.
    """
    result = Verified()
    for path in paths:
        for name, check in _in(path, result, key):
            result.checked += 1
            try:
                rows = check()
                _compare_heads(name, rows.proof, result)
            except (Refused, Tampered) as wrong:
                result.wrong[name] = str(wrong)
                say(f"{name}: Stop: {wrong}")
                continue
            _tell(name, rows, result, say)
    return result


def _tell(name: str, rows: Rows, result: Verified, say: Say) -> None:
    say(f"{name}:")
    if rows.proof is None:
        say(f"    ✗ {signed.OLD_KIND}")
        result.old += 1
    for row in rows.checked:
        say(f"    ✓ {row}")
    for row in rows.apart:
        say(f"    – {row}, or was taken out: not checked")
    for row in rows.not_checked:
        say(f"    – not checked: {row}")
    result.partly += bool(rows.not_checked)
    result.missing += [f"{name}: {piece}" for piece in rows.missing]


Check = Callable[[], Rows]


def _in(path: Path, result: Verified, key: str) -> Iterator[tuple[str, Check]]:
    """What lies there, each by its name with what checks it."""
    if _is_dossier(path):
        yield path.name, partial(dossier, path, key)
        return
    bags = sorted(p for p in (path.iterdir() if path.is_dir() else ()) if _is_dossier(p))
    yield from ((one.name, partial(dossier, one, key)) for one in bags)
    if not bags or any(p.suffix == ".tar" for p in path.iterdir()):
        try:
            found = pieces.gather([path])
        except Refused as why:
            result.absent.append(str(why))
            return
        result.wrong |= found.broken
        result.checked += len(found.broken)
        for each in found.packages:
            yield each.file.name, partial(_package, each, key)


def _is_dossier(path: Path) -> bool:
    return any((path / name).exists() for name in LOOKS_LIKE)


def _package(package: Pieces, key: str) -> Rows:
    with named(package.file.name):
        sums = Sums(package)
        sums.check_left()
        log, proof = check_log(package, key)
    there = len(sums.said) - len(sums.missing)
    rows = Rows(proof=proof, missing=sums.missing)
    rows.checked.append(f"{there} pieces are what SHA256SUMS says, and there is no other")
    rows.checked.append(f"{len(log.lines)} custody lines are whole, each has its opening")
    if proof:
        rows.checked.append(proof.said)
    rows.not_checked.append("what is sealed: open it, and verify the dossier")
    return rows


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
    sums = _sealed_sums(path, proof)
    compared = documents.compare(log, details, read, digests, sums)
    _refuse_unknown(log, read, where, set(held))
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
    rows.apart += [f"{each} is not here: it is sealed to fewer" for each in compared.sealed]
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
    if odd := sorted(set(bag.info(path)) - FIELDS):
        raise Tampered(f"bag-info.txt says {odd[0]}, which no dossier says")


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
    log: custody.Log, read: documents.Read, where: Mapping[str, str], held: set[str]
) -> None:
    """Nothing lies in the dossier that no record has, and each file under its own name."""
    folders = {"": "", **{f"{name}/": f"addenda/{name}/" for name in log.subjects(custody.ADDED)}}
    known = {CUSTODY, DETAILS} | ({APART} if read(APART) is not None else set())
    for within, folder in folders.items():
        report = json.loads(read(f"{folder}referral.json") or b"{}")
        known |= set(documents.named_by(report, folder))
        for exhibit in report["exhibits"]:
            name = f"{folder}exhibits/{exhibit['id']}{suffix(exhibit)}"
            known |= {name} if within + exhibit["id"] in where else set()
    if odd := sorted(held - {f"data/{name}" for name in known}):
        raise Tampered(f"{odd[0]} is in the dossier, and no record has it")


def _sealed_sums(path: Path, proof: Signed | None) -> dict[str, str] | None:
    """The sums of the package that a dossier was made of; earlier releases kept none."""
    raw = _tag(path, SEALED_SUMS)
    if raw is None and proof:
        raise Tampered(f"{SEALED_SUMS} is missing")
    return None if raw is None else read_sums(raw)


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


def _compare_heads(name: str, proof: Signed | None, result: Verified) -> None:
    """Two heads of one log and one size must be the same: else somebody was shown another
    history.
    """
    for head in (proof.head, *proof.continues) if proof else ():
        first, root = result.heads.setdefault((head.origin, head.size), (name, head.root))
        if root != head.root:
            raise Tampered(
                f"its custody log was signed with another history than that of {first}: two heads "
                f"of {head.size} entries differ. Keep both, and tell the officer in charge"
            )


def _tag(path: Path, name: str) -> bytes | None:
    return (path / name).read_bytes() if (path / name).is_file() else None
