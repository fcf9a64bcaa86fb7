"""Seconds until each role gives signs of life, its memory then, and how long the command line takes to answer."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.installation import ROOT, Installation

ROLES = ("witness", "files", "officers")


async def main() -> list[Figure]:
    """The baseline is a Python that starts and ends."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        it = Installation(Path(folder))
        it.prepare()
        empty = _best([sys.executable, "-c", ""], it)
        help_ = _best([sys.executable, "-m", "bot", "--help"], it)
        found.append(
            Figure("start of the command line", f"{help_:.2f} s", empty / help_, "< 0.6 s")
        )
        sandbox = _begun("sandbox", it)
        for role in ROLES:
            began = time.perf_counter()
            process = _begun(role, it)
            while not list((it.home / "status").glob(f"{role}-*.json")):
                assert process.poll() is None, it.log.read_text()
                time.sleep(0.01)
            took = time.perf_counter() - began
            found.append(Figure(f"start of {role}", f"{took:.1f} s, {_memory(process.pid):.0f} MB"))
            process.terminate()
            process.wait()
        sandbox.terminate()
        sandbox.wait()
        it.end()
    for figure in found:
        print(f"   {figure.what}: {figure.value}", flush=True)
    return found


def _begun(role: str, it: Installation) -> subprocess.Popen[bytes]:
    with it.log.open("ab") as log:
        command = [sys.executable, "-m", "bot", "run", "--role", role]
        return subprocess.Popen(command, cwd=ROOT, env=it.environment, stderr=log)


def _best(command: list[str], it: Installation) -> float:
    best = 1e9
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run(command, cwd=ROOT, env=it.environment, stdout=subprocess.DEVNULL, check=True)
        best = min(best, time.perf_counter() - began)
    return best


def _memory(pid: int) -> float:
    """Megabytes in memory now."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
