"""`firsthand open` of a package with one exhibit of a gigabyte: seconds and memory, against what must be computed for it on one core."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.benchmarks.figures import Figure
from tests.benchmarks.sealing import GIGABYTE, _computed
from tests.handed_out import write_package
from tests.installation import ROOT
from tests.numbers import Numbers
from tests.shell import shell
from tests.witness.test_addenda import TO_SEND, WAY_IN, say

RUNS: Final = 3
OPEN: Final = """
import re, sys, time
from pathlib import Path
from bot.workstation import identity_file, pieces
from bot.workstation.open_package import open_package
tar, key, out = map(Path, sys.argv[1:])
began = time.perf_counter()
opened = open_package(pieces.only(tar), identity_file.identities([key]), out, lambda _: None)
assert opened.exhibits == 1 and not opened.missing
most = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(time.perf_counter() - began, int(most[1]) / 1024)
"""


async def main() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="firsthand-bench-") as folder:
        await _package(Path(folder))
        found = [_open(Path(folder)) for _ in range(RUNS)]
    seconds, memory = min(each[0] for each in found), max(each[1] for each in found)
    floor = GIGABYTE / 1e6 / _computed()
    print(
        f"   a gigabyte opened and every digest compared in {seconds:.1f} s (at most {max(found)[0]:.1f}), {memory:.0f} MB; "
        f"baseline, its digests and ciphers alone, on one core: {floor:.1f} s; ratio {floor / seconds:.2f}",
        flush=True,
    )
    value = f"{seconds:.1f} s, {memory:.0f} MB"
    return [Figure("opening of a gigabyte", value, floor / seconds, "memory ≤ 90 MB")]


async def _package(folder: Path) -> None:
    """One report with one file, handed out; and the team's key."""
    channel = Numbers()
    async with shell(folder, channel) as it:
        await say(it, channel, "77", *WAY_IN, "3", "I saw it.")
        channel.send("77", "document", os.urandom(GIGABYTE), 1)
        await it.quiet()
        await say(it, channel, "77", "done", *TO_SEND)
        (reference,) = await it.referrals()
        tar = await write_package(it.database, it.facts, it.folder, reference, folder)
        tar.rename(folder / "package.tar")
        (folder / "team.key").write_text(it.identity)
    shutil.rmtree(folder / "vault")


def _open(folder: Path) -> tuple[float, float]:
    """Seconds, and megabytes at the most."""
    paths = [str(folder / name) for name in ("package.tar", "team.key", "out")]
    command = [sys.executable, "-c", OPEN, *paths]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    shutil.rmtree(folder / "out")
    seconds, memory = map(float, done.stdout.split())
    return seconds, memory
