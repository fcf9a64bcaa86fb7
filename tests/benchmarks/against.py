"""`python -m tests.benchmarks.against REV [BENCH …]`: this tree against another commit, in turn, on this machine.

The commit is checked out beside this tree and runs its own benches with this Python; of those named in OURS it runs this
tree's. Medians of `--runs` (five), and what all processes of a bench used of the processor, beside. Exits with 1 where a
target is missed.
"""

import argparse
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
BENCHES: Final = ("in-process", "over-http", "surge", "sealing", "start-up")
OURS: Final = ("over_http.py",)
"""What is measured and who measures is then the same in both."""
TARGETS: Final = {
    "whole reports a second, in process": 2.5,
    "answers a second, durable, in process": 2.5,
    "whole reports a second over HTTP, 8 at once": 2.5,
    "reports sent at the same moment": 2.5,
    "CPU a report over HTTP, the witness process": 3.0,
    "start of witness": 2.0,
}
"""How many times as good it is to be."""
LESS_IS_BETTER: Final = ("start of", "reports sent at the same moment")
_NUMBER: Final = re.compile(r"(?:of \d+ in )?(\d[\d,]*(?:\.\d+)?)")

Found = dict[str, list[float]]


def main() -> int:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("rev")
    given.add_argument("bench", nargs="*", default=list(BENCHES))
    given.add_argument("--runs", type=int, default=5)
    asked = given.parse_args()
    with tempfile.TemporaryDirectory(prefix="firsthand-against-") as folder:
        before = Path(folder) / "before"
        _git("worktree", "add", "--detach", str(before), asked.rev)
        for name in OURS:
            shutil.copy(ROOT / "tests/benchmarks" / name, before / "tests/benchmarks" / name)
        try:
            return _compare(before, asked.bench, asked.runs)
        finally:
            _git("worktree", "remove", "--force", str(before))


def _compare(before: Path, benches: list[str], runs: int) -> int:
    then: Found = defaultdict(list)
    now: Found = defaultdict(list)
    for bench in benches:
        for _ in range(runs):
            _run(before, bench, then)
            _run(ROOT, bench, now)
    print("| what | before | now | times as good | wanted |\n|---|---|---|---|---|")
    missed = 0
    for what in (what for what in now if what in then):
        old, new = statistics.median(then[what]), statistics.median(now[what])
        less = what.startswith((*LESS_IS_BETTER, "CPU"))
        ratio = (old / new if less else new / old) if old and new else 0.0
        wanted = TARGETS.get(what, 0.0)
        missed += ratio < wanted
        print(f"| {what} | {old:g} | {new:g} | {ratio:.2f} | {f'≥ {wanted}' if wanted else '–'} |")
    return 1 if missed else 0


def _run(tree: Path, bench: str, into: Found) -> None:
    used = _used()
    command = [sys.executable, "-m", "tests.benchmarks", bench]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    into[f"CPU seconds of {bench}"].append(_used() - used)
    rows = [line.split(" | ") for line in done.stdout.splitlines() if line.startswith("| ")]
    for cells in rows:
        what, value = cells[0].removeprefix("| "), cells[1]
        numbers = [float(number.replace(",", "")) for number in _NUMBER.findall(value)]
        if numbers:
            # "500 of 500 in 6.7 s" is about the seconds
            into[what].append(numbers[-1] if " in " in value else numbers[0])


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def _git(*command: str) -> None:
    subprocess.run(["git", *command], cwd=ROOT, check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
