"""A figure of a bench, the table of them all, and whether one fell behind what was measured before.

Machines are noisy and differ: what is compared is never a figure but its ratio to a baseline of the same run.
"""

import json
import os
import platform
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests import postgres

KNOWN: Final = Path(__file__).with_name("ratios.json")
MOST_FALLEN: Final = 0.8
"""A ratio below this part of the known one is a regression of more than a fifth."""


@dataclass(frozen=True, slots=True)
class Figure:
    """`ratio`: to the baseline of the same run, where more is better; 0 where there is none. `wanted`: design section 12."""

    what: str
    value: str
    ratio: float = 0.0
    wanted: str = ""


def database() -> str:
    return "PostgreSQL" if postgres.ASKED else "SQLite"


def table(figures: Iterable[Figure]) -> str:
    """Markdown, with day and machine."""
    rows = [
        f"| {f.what} | {f.value} | {f'{f.ratio:.2f}' if f.ratio else '–'} | {f.wanted or '–'} |" for f in figures
    ]  # fmt: skip
    day = time.strftime("%Y-%m-%d", time.gmtime())
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    head = f"{day}, {machine}, {database()}\n\n| what | here | to the baseline | wanted |\n|---|---|---|---|"
    return "\n".join([head, *rows])


def fallen(figures: Iterable[Figure]) -> list[str]:
    """What fell by more than a fifth, in words."""
    known: dict[str, float] = (
        json.loads(KNOWN.read_text()).get(database(), {}) if KNOWN.exists() else {}
    )
    return [
        f"{f.what}: {f.ratio:.2f} of the baseline, and it was {known[f.what]:.2f}"
        for f in figures
        if f.ratio and f.what in known and f.ratio < known[f.what] * MOST_FALLEN
    ]


def remember(figures: Iterable[Figure]) -> None:
    """From now on these are what others are compared with."""
    known = json.loads(KNOWN.read_text()) if KNOWN.exists() else {}
    known.setdefault(database(), {}).update({f.what: round(f.ratio, 3) for f in figures if f.ratio})
    KNOWN.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
