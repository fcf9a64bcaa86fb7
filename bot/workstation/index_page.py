"""PURE: many dossiers as one table, sortable without a network: what is there, what is new, what
presses.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from bot.language.languages import english_name
from bot.workstation.dossier_page import FLAGS, STYLE
from conversations.flows.options import FITS
from conversations.regions import REGIONS

SORT: Final = """
for (const [column, button] of [...document.querySelectorAll("th button")].entries()) {
  button.onclick = () => {
    const body = document.querySelector("tbody");
    const up = button.dataset.up = button.dataset.up === "1" ? "" : "1";
    const key = (row) => row.cells[column].dataset.key ?? row.cells[column].textContent;
    const number = (text) => /^\\d+$/.test(text) ? Number(text) : NaN;
    const order = (a, b) => (number(key(a)) - number(key(b))) || (key(a) < key(b) ? -1 : 1);
    const rows = [...body.rows].sort(order);
    body.replaceChildren(...(up ? rows : rows.reverse()));
    for (const other of document.querySelectorAll("th")) other.removeAttribute("aria-sort");
    button.parentElement.setAttribute("aria-sort", up ? "ascending" : "descending");
  };
}
"""
_HASH: Final = base64.b64encode(hashlib.sha256(SORT.encode()).digest()).decode()
POLICY: Final = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_HASH}'"
COLUMNS: Final = (
    "Referral",
    "New",
    "Received",
    "Language",
    "Marks",
    "Types",
    "Regions",
    "Dates",
    "Files",
    "Added",
)


OWN_STYLE: Final = Markup(STYLE)  # noqa: S704 - our own
OWN_SCRIPT: Final = Markup(SORT)  # noqa: S704 - our own
RANKED_CELL: Final = Markup('<td data-key="{}">{}</td>')
PRESSING_CELL: Final = Markup('<td data-key="{}"><b>{}</b></td>')
MARKS: Final = 3
"""The marks' place among the cells after the link."""
PRESSING: Final = {"urgent", "danger", "minor"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A dossier in the folder; `new`: opened just now."""

    folder: str
    referral: Mapping[str, Any]
    addenda: Sequence[Mapping[str, Any]]
    new: bool


def page(entries: Sequence[Entry]) -> str:
    """The page; newest received first until somebody sorts it."""
    ordered = sorted(entries, key=lambda e: str(e.referral["submitted"]), reverse=True)
    heads = Markup("").join(Markup("<th><button>{}</button></th>").format(name) for name in COLUMNS)
    fresh = sum(e.new for e in entries)
    rows = Markup("\n").join(_row(entry) for entry in ordered)
    return str(
        Markup(
            '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">\n'
            '<meta http-equiv="Content-Security-Policy" content="{}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            "<title>Referrals</title>\n<style>{}</style></head>\n<body>\n<h1>Referrals</h1>\n"
            "<p>Dossiers here: {}, new: {}. A press on a heading sorts by it.</p>\n"
            "<table><thead><tr>{}</tr></thead><tbody>\n{}\n</tbody></table>\n<script>{}</script>\n</body></html>\n"
        ).format(POLICY, OWN_STYLE, len(entries), fresh, heads, rows, OWN_SCRIPT)
    )


def _row(entry: Entry) -> Markup:
    referral = entry.referral
    answers = [incident["answers"] for incident in referral["incidents"]]
    types = {o for a in answers for o in a.get("fits", {}).get("option", ())}
    regions = {
        a["where"]["place"]["region"] for a in answers if a.get("where", {}).get("kind") == "place"
    }
    dates = sorted({a["when"]["edtf"] for a in answers if a.get("when", {}).get("edtf")})
    labels = {o: str(label) for page_ in FITS for o, label in page_.items()}
    cells = (
        "new" if entry.new else "",
        str(referral["submitted"])[:16].replace("T", " "),
        english_name(str(referral["language"])),
        "; ".join(FLAGS.get(f, f) for f in referral["flags"]),
        "; ".join(sorted(labels.get(o, o) for o in types)),
        "; ".join(sorted(str(REGIONS.get(code, code)) for code in regions)),
        ", ".join(dates),
        str(len(referral["exhibits"])),
        str(len(entry.addenda)),
    )
    pressing = PRESSING & set(referral["flags"])
    rank = "0" if pressing else "1" if referral["flags"] else "9"
    link = Markup('<td><a href="{}/index.html">{}</a></td>').format(entry.folder, entry.folder)
    rest = Markup("").join(
        (PRESSING_CELL if pressing else RANKED_CELL).format(rank, cell)
        if number == MARKS
        else Markup("<td>{}</td>").format(cell)
        for number, cell in enumerate(cells)
    )
    return Markup("<tr{}>{}{}</tr>").format(Markup(' class="new"') if entry.new else "", link, rest)
