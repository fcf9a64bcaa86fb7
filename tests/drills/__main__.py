"""`python -m tests.drills KILLS [INSTALLATIONS]`: drills side by side, each with its own installation; the report in Markdown."""

import asyncio
import os
import platform
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from tests import postgres
from tests.drills.drill import Drilled, drill

A_DRILL = 25
"""Kills in one drill; the next one begins with a fresh installation."""


def one(seed: int) -> Drilled:
    """In a process of its own."""
    with tempfile.TemporaryDirectory(prefix="firsthand-drill-") as folder:
        return asyncio.run(drill(Path(folder), seed=seed, kills=A_DRILL))


def main(kills: int, installations: int) -> int:
    began, seeds = (
        time.monotonic(),
        range(int(time.time()), int(time.time()) + -(-kills // A_DRILL)),
    )
    drilled = []
    with ProcessPoolExecutor(installations) as pool:
        failed = 0
        for done in as_completed([pool.submit(one, seed) for seed in seeds]):
            if failure := done.exception():
                failed += 1
                print(f"a drill did not come to its end: {failure!r}"[:600], flush=True)
                continue
            drilled.append(done.result())
            print(line(drilled[-1]), flush=True)
    print(
        summary(drilled, time.monotonic() - began)
        + f"\nDrills that did not come to their end: {failed}\n"
    )
    return 0 if not failed and all(result.verdict.sound for result in drilled) else 1


def line(result: Drilled) -> str:
    """One drill in a line, with everything that is wrong."""
    v = result.verdict
    wrong = [*v.lost, *v.doubled, *v.changed, *v.cards, *v.unproved]
    said = f"{result.kills} kills, {v.reports} reports, {v.acknowledged} words and files, {result.seconds:.0f} s"
    return f"{said}: " + ("nothing lost, nothing doubled" if v.sound else "; ".join(wrong[:8]))


def summary(drilled: list[Drilled], seconds: float) -> str:
    """The table of docs/drills.md."""
    verdicts = [result.verdict for result in drilled]
    done: Counter[str] = sum((result.done for result in drilled), Counter())
    database = "PostgreSQL" if postgres.ASKED else "SQLite"
    figures = {
        "drills": len(drilled), "kills": sum(r.kills for r in drilled), "reports filed": sum(v.reports for v in verdicts),
        "words and files acknowledged": sum(v.acknowledged for v in verdicts),
        "lost": sum(len(v.lost) for v in verdicts), "doubled": sum(len(v.doubled) for v in verdicts),
        "packages that do not prove themselves": sum(len(v.unproved) for v in verdicts),
        "cards missing": sum(len(v.cards) for v in verdicts),
        "cards posted twice": sum(v.cards_twice for v in verdicts),
        "messages shown to a witness twice": sum(v.shown_twice for v in verdicts),
    }  # fmt: skip
    rows = "\n".join(f"| {name} | {value:,} |" for name, value in figures.items())
    acts = "\n".join(f"| {name} | {number:,} |" for name, number in done.most_common())
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    day = time.strftime("%Y-%m-%d", time.gmtime())
    return (
        f"\n{day}, {machine}, {database}, {seconds / 60:.0f} minutes\n\n| what | number |\n|---|---|\n{rows}\n\n"
        f"| what was done to them | times |\n|---|---|\n{acts}\n"
    )


if __name__ == "__main__":
    asked = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*(asked + [1000, 2][len(asked) :])))
