"""`make mutants`: change the code in small ways and see whether a test minds; outside CI, an hour or two.

A seeded sample, so that two runs change the same places. cosmic-ray (in an environment of its own, never among ours)
makes the changes, in a copy of the tree; the tests are those named for the code. Survivors are printed as diffs: each is
a test that is missing, or a line that does nothing.
"""

import argparse
import random
import shlex
import sqlite3
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
COSMIC_RAY: Final = "cosmic-ray==8.7.0"
QUICK: Final = (
    *(
        "typed",
        "landmarks",
        "flows",
        "engine",
        "when",
        "where",
        "hiding",
        "warnings",
        "children",
        "skip_and_back",
    ),
    *(
        "several_events",
        "odd_orders",
        "voices_and_files",
        "dates",
        "screens",
        "clock",
        "transcripts",
    ),
    *("pressed_twice", "promises"),
)
CONVERSED: Final = (
    *(f"tests/conversations/test_{name}.py" for name in QUICK),
    "tests/witness/test_edits.py",
    "tests/language/test_languages.py",
    "tests/conversations/test_said_is_kept.py",
)
"""The quickest first: most changes are found by one of those."""
FACTS: Final = (
    "tests/referral/test_facts.py",
    "tests/referral/test_submission.py",
    "tests/referral/test_kept_and_sent.py",
    "tests/officers/test_lists.py",
)
SENT: Final = (
    "tests/referral/test_submission.py",
    "tests/referral/test_kept_and_sent.py",
    "tests/witness/test_receipt.py",
    "tests/witness/test_at_once.py",
    "tests/witness/test_addenda.py",
    "tests/referral/test_apart.py",
    "tests/referral/test_versions.py",
)
SECONDS: Final = 400


@dataclass(frozen=True)
class Group:
    """Code, the tests named for it, and its share of the sample."""

    code: tuple[str, ...]
    tests: tuple[str, ...]
    share: float


GROUPS: Final = {
    "conversations": Group(("conversations",), CONVERSED, 0.8),
    "submitting": Group(("bot/witness/submitting.py", "bot/witness/submission.py"), SENT, 0.08),
    "facts": Group(("bot/referral/facts.py",), FACTS, 0.06),
    "access": Group(
        ("bot/officers/access.py", "bot/officers/desk.py"),
        ("tests/officers/test_access.py", "tests/officers"),
        0.06,
    ),
}
NOT_CODE: Final = ("conversations/texts.py", "conversations/course.py", "conversations/draw.py")
"""Words for people, and what is held to a file that is written."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("sample", type=int, nargs="?", default=300)
    options.add_argument("--seed", type=int, default=16)
    options.add_argument("--only", choices=sorted(GROUPS))
    options.add_argument("--state", type=Path, help="a folder to keep, to go on where it stopped")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        state = chosen.state or Path(folder)
        tool = _tool(state)
        for name, group in GROUPS.items():
            if chosen.only in (None, name):
                count = round(chosen.sample * group.share)
                _run(tool, state, name, group, count, chosen.seed)


def _tool(state: Path) -> Path:
    """cosmic-ray in an environment of its own."""
    place = state / "tool"
    if not (place / "bin" / "cosmic-ray").exists():
        venv.create(place, with_pip=True)
        subprocess.run([place / "bin" / "pip", "install", "--quiet", COSMIC_RAY], check=True)
    return place / "bin" / "cosmic-ray"


def _run(tool: Path, state: Path, name: str, group: Group, count: int, seed: int) -> None:
    tree = state / f"tree-{name}"
    if not tree.exists():
        subprocess.run(["git", "clone", "--quiet", ROOT, tree], check=True)
    session, config = state / f"{name}.sqlite", state / f"{name}.toml"
    if not session.exists():
        config.write_text(_config(group), "utf-8")
        subprocess.run([tool, "init", config, session], cwd=tree, check=True)
        _sample(session, count, seed)
    subprocess.run([tool, "exec", config, session], cwd=tree, check=True)
    _report(name, session)


def _config(group: Group) -> str:
    python = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
    ]
    code = ", ".join(f'"{path}"' for path in group.code)
    left_out = ", ".join(f'"{path}"' for path in NOT_CODE)
    return f"""[cosmic-ray]
module-path = [{code}]
timeout = {SECONDS}
excluded-modules = [{left_out}]
test-command = {shlex.join([*python, *group.tests])!r}
[cosmic-ray.distributor]
name = "local"
"""


def _sample(session: Path, count: int, seed: int) -> None:
    """Leave `count` of all changes, chosen by the seed."""
    with sqlite3.connect(session) as rows:
        order = "select job_id from mutation_specs order by module_path, start_pos_row, start_pos_col, operator_name, occurrence"
        jobs = [job for (job,) in rows.execute(order)]
        kept = set(random.Random(seed).sample(jobs, min(count, len(jobs))))
        for table in ("mutation_specs", "work_items"):
            rows.executemany(
                f"delete from {table} where job_id = ?", [(job,) for job in jobs if job not in kept]
            )
    print(f"{len(kept)} of {len(jobs)} changes", flush=True)


def _report(name: str, session: Path) -> None:
    with sqlite3.connect(session) as rows:
        found = rows.execute(
            "select module_path, start_pos_row, operator_name, test_outcome, diff from mutation_specs "
            "join work_results using (job_id)"
        ).fetchall()
    survivors = [row for row in found if row[3] == "SURVIVED"]
    print(f"{name}: {len(found)} changes, {len(survivors)} survived")
    for path, line, operator, _, diff in survivors:
        print(f"\n{path}:{line} {operator}\n{diff}")


if __name__ == "__main__":
    main()
