"""PURE: many dossiers as one table, sortable without a network: what is there, what is new, what
presses.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.language.languages import english_name
from bot.workstation.marks import LABELS, marks, pressing
from bot.workstation.templates import SORT, render
from conversations.regions import REGIONS

_HASH: Final = base64.b64encode(hashlib.sha256(SORT.encode()).digest()).decode()
POLICY: Final = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_HASH}'"
COLUMNS: Final = (
    "Dossier",
    "State",
    "Opened",
    "Received",
    "Language",
    "Marks",
    "Types",
    "Regions",
    "Dates",
    "Files",
    "Added",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A dossier in the folder; `new`: opened just now. `state`: how many custody lines it has, by
    which a later state of one referral is known from an earlier one.
    """

    folder: str
    referral: Mapping[str, Any]
    addenda: Sequence[Mapping[str, Any]]
    new: bool
    opened: str = ""
    state: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """`key`: what it is sorted by, where that is not its text."""

    text: str
    key: str = ""
    bold: bool = False


def page(entries: Sequence[Entry]) -> str:
    """The page; what presses first, then the newest received, until somebody sorts it."""
    newest: dict[str, int] = {}
    for entry in entries:
        reference = str(entry.referral["reference"])
        newest[reference] = max(newest.get(reference, 0), entry.state)
    ordered = sorted(entries, key=lambda e: str(e.referral["submitted"]), reverse=True)
    ordered.sort(key=lambda e: not pressing(marks(e.referral, e.addenda)))
    rows = [
        {
            "folder": entry.folder,
            "new": entry.new,
            "cells": list(_cells(entry, newest[str(entry.referral["reference"])])),
        }
        for entry in ordered
    ]
    fresh = sum(entry.new for entry in entries)
    return render("index.html", policy=POLICY, columns=COLUMNS, rows=rows, fresh=fresh, script=SORT)


def _cells(entry: Entry, newest: int) -> Iterator[Cell]:
    referral = entry.referral
    marked = marks(referral, entry.addenda)
    answers = [incident["answers"] for incident in referral["incidents"]]
    dates = {a["when"]["edtf"] for a in answers if a.get("when", {}).get("edtf")}
    yield Cell("latest" if entry.state == newest else "older: a later one is here")
    yield Cell(f"{entry.opened}{' (new)' if entry.new else ''}")
    yield Cell(str(referral["submitted"])[:16].replace("T", " "))
    yield Cell(english_name(str(referral["language"])))
    yield _marks(marked)
    yield Cell("; ".join(sorted({o for a in answers for o in _said(a, "fits")})))
    yield Cell("; ".join(sorted({str(REGIONS.get(r, r)) for a in answers for r in _region(a)})))
    yield Cell(", ".join(sorted(dates)))
    yield Cell(str(sum(len(each["exhibits"]) for each in (referral, *entry.addenda))))
    yield Cell(str(len(entry.addenda)))


def _marks(marked: Sequence[str]) -> Cell:
    presses = pressing(marked)
    rank = "0" if presses else "1" if marked else "9"
    return Cell("; ".join(LABELS.get(m, m) for m in marked), rank, bold=presses)


def _said(answers: Mapping[str, Any], step: str) -> Sequence[str]:
    """The options in English, as the witness saw them."""
    found: Sequence[str] = answers.get(step, {}).get("option_en", ())
    return found


def _region(answers: Mapping[str, Any]) -> Iterator[str]:
    where = answers.get("where", {})
    if where.get("kind") == "place":
        yield where["place"]["region"]
