"""Checking a package or a dossier against its own records, without any key."""

import json
from collections.abc import Callable
from pathlib import Path

from bot.errors import Tampered
from bot.referral import digests
from bot.workstation import bag, custody, pieces


def verify(path: Path, said: Callable[[str], None]) -> list[str]:
    """Check one package, dossier, or a folder of either. Returns what is missing. Raises Refused or
    Tampered.
    """
    if (path / "bagit.txt").is_file():
        _dossier(path, said)
        return []
    if bags := sorted(p.parent for p in path.glob("*/bagit.txt")):
        return [line for folder in bags for line in verify(folder, said)]
    missing = []
    for package in pieces.gather([path]):
        missing += package.check_sums()
        lines = custody.check_package(package)
        said(f"{package.reference}: sums agree, {lines} custody lines are whole")
    return missing


def _dossier(path: Path, said: Callable[[str], None]) -> None:
    files = bag.check(path)
    referral = json.loads((path / "data/referral.json").read_bytes())
    reference = str(referral["reference"])
    raw = (path / "data/custody.jsonl").read_bytes()
    lines = custody.check_lines(raw, reference)
    entries = [json.loads(line) for line in raw.splitlines()]
    details = json.loads((path / "data/custody-details.json").read_bytes())
    for body in details:
        custody.check_opening(entries, body)
    digests.check(details, entries, lambda document: (path / "data" / document).read_bytes())
    _received("", referral, entries, details)
    for added in sorted(path.glob("data/addenda/*/referral.json")):
        _received(f"{added.parent.name}/", json.loads(added.read_bytes()), entries, details)
    whole = f"{files} files as listed, {lines} custody lines are whole"
    said(f"{reference}: {whole}, documents and exhibits are those of the log")


def _received(
    within: str,
    referral: dict[str, list[dict[str, str]]],
    entries: list[dict[str, str]],
    details: list[dict],  # type: ignore[type-arg]
) -> None:
    """What the ledger says was received must be what referral.json says it is; `within`: a1/ of an
    addendum.
    """
    said = {
        entries[d["n"]]["subject"]: d["details"]
        for d in details
        if entries[d["n"]]["kind"] == "exhibit received"
    }
    for exhibit in referral["exhibits"]:
        entry = said.get(within + exhibit["id"])
        if (
            entry is None
            or entry["sha256"] != exhibit["sha256"]
            or entry["sha512"] != exhibit["sha512"]
        ):
            raise Tampered(
                f"the custody ledger does not say that exhibit {exhibit['id']} was received as it "
                "is here"
            )
