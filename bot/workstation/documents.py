"""What was told, and the files, against what the custody log says was received."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.errors import Tampered
from bot.referral import leaves
from bot.referral.digests import APART, BOUND, exhibits_digest
from bot.workstation.custody import Json, Log, sealed_path
from storage.custody import ADDED, RECEIVED, SUBMITTED

LEAVES: Final = "leaves.json"
DIGESTS: Final = ("sha256", "sha512", "sealed_sha256")
Read = Callable[[str], bytes | None]
"""A document by its path below data/, or None where it is not there."""


@dataclass(slots=True)
class Compared:
    """What was compared. `held` and `missing`: exhibits, as x1 or a1/x2, that are here or not."""

    documents: int = 0
    held: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unbound: list[str] = field(default_factory=list)
    """What no line of the log says, since it was received by an earlier release."""
    sealed: list[str] = field(default_factory=list)
    """What is bound, and sealed to others than whoever looks."""


def compare(
    log: Log,
    details: Sequence[Json],
    read: Read,
    exhibits: Mapping[str, str],
    sums: Mapping[str, str] | None,
) -> Compared:
    """Compare a report and its additions with their lines. Raises Tampered.

    `exhibits`: by name (x1, a1/x2) the SHA-256 (hex) of each that is here. `sums`: of the sealed
    pieces by path, where they are known.
    """
    found, left = Compared(), dict(exhibits)
    received = {
        str(entry["subject"]): details[n]
        for n, entry in enumerate(log.entries)
        if entry["kind"] == RECEIVED
    }
    for n, entry in enumerate(log.entries):
        if entry["kind"] not in (SUBMITTED, ADDED):
            continue
        within = f"{entry['subject']}/" if entry["kind"] == ADDED else ""
        folder = f"addenda/{within}" if within else ""
        report = _documents(folder, details[n], read, found)
        if not within and report["reference"] != entry["subject"]:
            raise Tampered(f"the report is {report['reference']}, not {entry['subject']}")
        for exhibit in report["exhibits"]:
            name = f"{within}{exhibit['id']}"
            _exhibit(name, exhibit, received.pop(name, {}), left.pop(name, None), found)
            if sums is not None and sums.get(sealed_path(name)) != exhibit["sealed_sha256"]:
                raise Tampered(f"the sealed file of {name} is not the one that was received")
        found.documents += _set_aside(folder, report, read)
    if received:
        first = min(received)
        raise Tampered(f"the custody log says that {first} was received; no record has it")
    if left:
        raise Tampered(f"exhibit {min(left)} is here, and no record has it")
    return found


def _documents(folder: str, bound: Json, read: Read, found: Compared) -> Json:
    """The documents of a report or an addition. Returns what referral.json says."""
    for name, document in BOUND.items():
        body, wanted = read(folder + document), bound.get(name)
        if document == APART and folder:
            _refuse_unbound(body)
        elif document == APART:
            _identity(body, wanted, found)
        elif wanted is None:
            raise Tampered(f"the custody log does not say which {folder}{document} was received")
        elif body is None or _sha256(body) != wanted:
            raise Tampered(f"{folder}{document} is not what custody says was sent")
        else:
            found.documents += 1
    report: Json = json.loads(read(folder + "referral.json") or b"{}")
    if "leaves_root" not in bound:
        found.unbound.append(f"{folder}: its parts, its recipients and its software".lstrip(": "))
        return report
    _bound_beside(folder, report, bound)
    leaves.check(report, read(folder + LEAVES) or b"", bound["leaves_root"], bound["leaves"])
    found.documents += 1
    return report


def _identity(body: bytes | None, wanted: object, found: Compared) -> None:
    """Who it is: bound, but sealed to fewer than the account is."""
    if wanted is None:
        _refuse_unbound(body)
        found.unbound.append(APART)
    elif body is None:
        found.sealed.append(APART)
    elif _sha256(body) != wanted:
        raise Tampered(f"{APART} is not what custody says was sent")
    else:
        found.documents += 1


def _refuse_unbound(body: bytes | None) -> None:
    if body is not None:
        raise Tampered(f"{APART} is here, and the custody log does not say that it was sent")


def _bound_beside(folder: str, report: Json, bound: Json) -> None:
    """What referral.json says is what the line says besides."""
    said = {"exhibits_sha256": exhibits_digest(report["exhibits"]), "software": report["software"]}
    if not folder:
        said |= {name: " ".join(report[name]) for name in ("recipients", "identity_recipients")}
    for name, value in said.items():
        if bound.get(name) != value:
            raise Tampered(f"{folder}referral.json and the custody log disagree on {name}")


def _exhibit(name: str, exhibit: Json, received: Json, digest: str | None, found: Compared) -> None:
    """What the log says was received, what referral.json says it is, and the file must be one."""
    if any(received.get(of) != exhibit[of] for of in DIGESTS):
        raise Tampered(
            f"the custody log does not say that exhibit {name} was received as it is here"
        )
    if digest is None:
        found.missing.append(name)
    elif digest != exhibit["sha256"]:
        raise Tampered(f"exhibit {name} is not, byte for byte, what was received")
    else:
        found.held.append(name)


def _set_aside(folder: str, report: Json, read: Read) -> int:
    """What could not be read and was kept as it came. Before 0.2 it stands in referral.json."""
    count = 0
    for each in report.get("set_aside", ()):
        if "id" not in each:
            continue
        path = f"{folder}set_aside/{each['id']}.json"
        body = read(path)
        if body is None or _sha256(body) != each["sha256"]:
            raise Tampered(f"{path} is not, byte for byte, what was kept")
        count += 1
    return count


def named_by(referral: Json, folder: str) -> Iterator[str]:
    """The documents that a report or an addition has, by their path below data/; not who it is."""
    yield from (folder + name for name in ("referral.json", "transcript.txt"))
    if "software" in referral:
        yield folder + LEAVES
    yield from (
        f"{folder}set_aside/{each['id']}.json"
        for each in referral.get("set_aside", ())
        if "id" in each
    )


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
