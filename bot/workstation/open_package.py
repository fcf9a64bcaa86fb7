"""Opening a package on an officer's own machine: the only place with identities. Everything is
checked as it opens.

1. What needs no key first: the sums name every piece and no other, the custody log is whole, signed
   and goes on from what lies there.
2. Then what is sealed: every line's opening, the documents and files that the lines bind, and that
   the last line handed out these very pieces.
3. A dossier appears whole, or not at all.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pyrage

from bot.errors import Refused, Tampered
from bot.referral.package import CUSTODY, SIGNED, SUMS
from bot.workstation import bag, custody, documents, dossier, history, report_key, signed, unseal
from bot.workstation.custody import Json, Log
from bot.workstation.dossier import DETAILS, SEALED_SUMS, page_of, reader
from bot.workstation.exhibits import Exhibits, Step
from bot.workstation.pieces import Pieces
from bot.workstation.signed import Signed
from bot.workstation.sums import Sums
from bot.workstation.unseal import Unsealing
from storage.custody import ADDED

SUPPORTED: Final = "firsthand.referral/1"
SUMS_FIELD: Final = "Firsthand-Package-SHA256SUMS"
"""In bag-info.txt: from which state of the package the dossier was made."""
KEY_FIELD: Final = "Firsthand-Key-Sealed-Anew"
"""In bag-info.txt: the file from which the key came, where the package itself was not sealed to its
officer.
"""
OPENED_FIELD: Final = "Firsthand-Opened"
"""In bag-info.txt: when, in UTC."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A dossier, and what is missing for it to be whole.

    `proof`: who signed its custody log; None where an earlier release signed none. `unbound`: what
    no line of the log says, in words.
    """

    reference: str
    folder: Path
    exhibits: int
    missing: tuple[str, ...]
    proof: Signed | None
    unbound: tuple[str, ...]


def open_package(
    pieces: Pieces,
    mine: list[pyrage.x25519.Identity],
    target: Path,
    said: Step,
    *,
    name: str = "",
    key: str = "",
) -> Opened:
    """Make a dossier (a BagIt bag) of a package in `target`/REFERENCE, or under another name.

    `key`: the published public key of the custody log. Raises Refused if it is not sealed to any of
    these identities or the folder is there already, and Tampered if anything disagrees with its
    record; what was written until then is removed.
    """
    folder = target / (name or pieces.reference)
    if folder.exists():
        raise Refused(f"{folder} is there already; give another folder with --to, or remove it")
    sums = Sums(pieces)
    sums.check_small()
    log, proof = check_log(pieces, key)
    said(proof.said if proof else signed.OLD_KIND)
    history.check(log, target, pieces.reference, is_signed=proof is not None)
    found = report_key.account(pieces, mine)
    sealed = f"to others, and opened with {found.resealed}" if found.resealed else "to your key"
    said(f"the sums of its documents agree; the package is sealed {sealed}")
    openings = unseal.openings(pieces, found.identity)
    details = custody.check_openings(log, openings)
    custody.check_end(details, sums.said if proof else None)
    info = _info(pieces, found.resealed, whole=not sums.missing)
    exhibits = Exhibits(sums, said)
    partial = target / f".{folder.name}.part"
    with bag.filling(partial, folder, pieces.reference, info, exhibits.written) as data:
        unsealing = Unsealing(pieces, data, exhibits)
        referral = _unseal_all(unsealing, log, found.identity, mine)
        compared = documents.compare(log, details, reader(data), exhibits.digests, sums.said)
        sums.check_left()
        _write_custody(pieces, partial, log, openings)
        (partial / bag.PAGE).write_text(page_of(partial), "utf-8")
    missing, unbound = _missing(pieces, compared, sums), tuple(compared.unbound)
    return Opened(pieces.reference, folder, len(referral["exhibits"]), missing, proof, unbound)


def _unseal_all(
    unsealing: Unsealing, log: Log, report: pyrage.x25519.Identity, mine: list[unseal.Key]
) -> dict[str, Any]:
    """Every piece into the data of the dossier; returns what referral.json says."""
    referral = unsealing.report(report)
    if referral.get("schema") != SUPPORTED:
        raise Refused("this package is of a newer kind; update firsthand")
    for added in log.subjects(ADDED):
        unsealing.addendum(added, report)
    unsealing.identity(mine)
    _refuse_unknown(unsealing.pieces, log, unsealing.data, referral)
    return referral


def _missing(pieces: Pieces, compared: documents.Compared, sums: Sums) -> tuple[str, ...]:
    """The pieces without which the dossier is not whole."""
    missing = {custody.sealed_path(each) for each in compared.missing} | set(sums.missing)
    if compared.sealed and unseal.IDENTITY not in pieces:
        missing.add(unseal.IDENTITY)
    return tuple(sorted(missing))


def check_log(pieces: Pieces, key: str) -> tuple[Log, Signed | None]:
    """The custody log of a package, and the proof that it is signed. Raises Tampered."""
    log = custody.read_log(pieces.read(CUSTODY), pieces.reference)
    proof = signed.check(log, pieces.read_if_there, key)
    custody.check_course(log, signed=proof is not None)
    there = pieces.names("custody")
    if there != [f"custody/{n:04}.age" for n in range(len(log.lines))]:
        raise Tampered(
            f"{len(there)} openings are here, and {len(log.lines)} custody lines: each has one"
        )
    return log, proof


def _info(pieces: Pieces, resealed: str, *, whole: bool) -> dict[str, str]:
    """What bag-info.txt says besides; what is not whole is opened again once the rest is there."""
    info = {OPENED_FIELD: datetime.now(UTC).strftime("%Y-%m-%d %H:%M")}
    if whole:
        info[SUMS_FIELD] = hashlib.sha256(pieces.read(SUMS)).hexdigest()
    if resealed:
        info[KEY_FIELD] = resealed
    return info


def _refuse_unknown(pieces: Pieces, log: Log, data: Path, referral: dict[str, Any]) -> None:
    """What no record names is no part of the referral, and who it is sealed to is who was meant.
    Raises Tampered.
    """
    known = {CUSTODY, SUMS, *SIGNED, *pieces.names("custody"), *unseal.expected(referral)}
    for name in log.subjects(ADDED):
        added = json.loads((data / "addenda" / name / "referral.json").read_bytes())
        known |= set(unseal.expected(added, f"addenda/{name}/"))
    if "recipients" not in referral:  # an earlier release did not say
        known |= {*pieces.names("keys"), *pieces.names("identity-keys")}
    if odd := [path for path in pieces.names() if path not in known]:
        raise Tampered(f"{odd[0]} is in the package, and no record has it")


def _write_custody(pieces: Pieces, partial: Path, log: Log, openings: Sequence[Json]) -> None:
    """The log with its details opened, as data; what signs it beside them, as tags."""
    (partial / "data" / CUSTODY).write_bytes(pieces.read(CUSTODY))
    told = [
        {**body, "kind": log.entries[body["n"]]["kind"], "actor": log.entries[body["n"]]["actor"]}
        for body in openings
    ]
    (partial / "data" / DETAILS).write_text(dossier.details_as_json(told), "utf-8")
    for name in SIGNED:
        if name in pieces:
            (partial / name).write_bytes(pieces.read(name))
    (partial / SEALED_SUMS).write_bytes(pieces.read(SUMS))
    for name, source in dossier.CHECKERS.items():
        (partial / name).write_bytes(source.read_bytes())
