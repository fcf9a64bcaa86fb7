"""A dossier as it lies on a disk: what is where in it, and its page made of it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bot.referral.digests import APART
from bot.referral.package import CUSTODY
from bot.workstation import dossier_page
from bot.workstation.documents import Read
from bot.workstation.dossier_page import Custody

DETAILS: Final = "custody-details.json"
"""Below data/: what each custody line is bound to, as its opening says."""
CHECKERS: Final = {
    "VERIFY.md": Path(__file__).parent / "pages" / "VERIFY.md",
    "verify.py": Path(__file__).parent / "bag_verifier.py",
}
"""What lies in each dossier for whoever checks it without us."""
SEALED_SUMS: Final = "package.sha256"
"""Beside the data: SHA256SUMS of the package of which the dossier was made."""


def details_as_json(told: Sequence[Mapping[str, Any]]) -> str:
    """The openings as they lie in a dossier."""
    return json.dumps(told, ensure_ascii=False, indent=2)


def reader(data: Path) -> Read:
    """Gives the documents of a data folder."""

    def read(path: str) -> bytes | None:
        file = data / path
        return file.read_bytes() if file.is_file() else None

    return read


def exhibit_files(dossier: Path) -> dict[str, str]:
    """Where each exhibit lies, by its name (x1, a1/x2), as a path in the dossier."""
    data = dossier / "data"
    files = {p.stem: p for p in data.glob("exhibits/*")}
    files |= {f"{p.parents[1].name}/{p.stem}": p for p in data.glob("addenda/*/exhibits/*")}
    return {name: path.relative_to(dossier).as_posix() for name, path in files.items()}


def page_of(dossier: Path) -> str:
    """The page for a browser, made of what lies in the dossier: it belongs to the bag, and to no
    evidence.
    """
    data = dossier / "data"
    addenda = {
        p.parent.name: _json(p)
        for p in sorted(data.glob("addenda/*/referral.json"), key=lambda p: int(p.parent.name[1:]))
    }
    lines = [json.loads(line) for line in (data / CUSTODY).read_bytes().splitlines()]
    custody = Custody(lines, {d["n"]: d["details"] for d in _json(data / DETAILS)})
    who = data / APART
    return dossier_page.page(
        _json(data / "referral.json"),
        addenda,
        exhibit_files(dossier),
        custody,
        _json(who) if who.exists() else None,
    )


def _json(path: Path) -> Any:
    return json.loads(path.read_bytes())
