"""How many times something is synced to the disk for an answer: of SQLite and our own files counted by strace, of
PostgreSQL by itself. One commit an answer would be one at least; what waits together shares one.
"""

import asyncio
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

from tests import postgres
from tests.benchmarks.figures import Figure
from tests.benchmarks.in_process import ANSWERS, Phones, report
from tests.installation import ROOT
from tests.shell import shell

REPORTS = 60
TOGETHER = (1, 32)
COUNTED = "fsync,fdatasync,sync_file_range"
WAL = "SELECT coalesce(sum(fsyncs), 0) FROM pg_stat_io WHERE object = 'wal'"


async def main() -> list[Figure]:
    found = []
    for at_once in TOGETHER:
        reports = REPORTS if at_once > 1 else REPORTS // 10
        what = f"syncs an answer, {at_once} at once"
        syncs = await asyncio.to_thread(_syncs, reports, at_once)
        if syncs is None:
            print("   not counted: strace is not on this machine", flush=True)
            found.append(Figure(what, "not counted: no strace here"))
            continue
        answers = reports * len(ANSWERS)
        print(
            f"   {syncs} syncs for {answers} answers and {reports} reports, {at_once} at once",
            flush=True,
        )
        found.append(Figure(what, f"{syncs / answers:.2f}", answers / max(syncs, 1)))
    return found


def _syncs(reports: int, at_once: int) -> int | None:
    """Of a process that plays so many reports, its start included; None where they cannot be counted."""
    playing = [sys.executable, "-m", "tests.benchmarks.syncs", str(reports), str(at_once)]
    if postgres.ASKED:
        before = _wal_syncs()
        subprocess.run(playing, cwd=ROOT, check=True)
        return _wal_syncs() - before
    if shutil.which("strace") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder) / "counts"
        strace = [
            "strace",
            "-f",
            "--seccomp-bpf",
            "-c",
            "-e",
            f"trace={COUNTED}",
            "-o",
            str(counts),
        ]
        subprocess.run([*strace, *playing], cwd=ROOT, check=True)
        calls = [line.split() for line in counts.read_text().splitlines()]
        return sum(int(words[3]) for words in calls if words and words[-1] in COUNTED.split(","))


def _wal_syncs() -> int:
    with psycopg.connect(postgres.server(), autocommit=True) as connection:
        found = connection.execute(WAL).fetchone()
        return int(found[0]) if found else 0


async def _play(reports: int, at_once: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="firsthand-bench-"))
    async with shell(folder, Phones()) as it:
        places = asyncio.Semaphore(at_once)
        await asyncio.gather(*(report(it, number, places, []) for number in range(reports)))


if __name__ == "__main__":
    asyncio.run(_play(int(sys.argv[1]), int(sys.argv[2])))
