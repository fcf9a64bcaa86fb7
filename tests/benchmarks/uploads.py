"""Many large files at once over HTTP, and one of two gigabytes: how much memory the processes take at the most.

The Bot API server is the sandbox in self-hosted mode, which hands files out as paths. `FIRSTHAND_UPLOADS` says how many.
"""

import asyncio
import os
import tempfile
import time
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.installation import Installation, running
from tests.people import Phone
from tests.whole.test_end_to_end import LABELS, consented

FILES = int(os.environ.get("FIRSTHAND_UPLOADS", "40"))
SIZE, LARGE = 100_000_000, 2_000_000_000
LIMIT_MB = 200
PATIENCE = 1800
SAY = LABELS["en"]
ROLES = ("witness", "files")


async def main() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="firsthand-bench-") as folder:
        async with running(Path(folder), "sandbox", *ROLES, FIRSTHAND_TELEGRAM_LOCAL="1") as it:
            it.http.timeout = PATIENCE
            phones = [await Phone.new(it.http) for _ in range(FILES)]
            for at in range(0, FILES, 8):
                await asyncio.gather(*(consented(phone, SAY) for phone in phones[at : at + 8]))
            many = await _sent(it, phones, SIZE, f"{FILES} files of {SIZE // 10**6} MB at once")
            one = await _sent(it, [await _new(it)], LARGE, "one file of 2 GB")
    return [many, one]


async def _new(it: Installation) -> Phone:
    phone = await Phone.new(it.http)
    await consented(phone, SAY)
    return phone


async def _sent(it: Installation, phones: list[Phone], size: int, what: str) -> Figure:
    """From the moment the first is with Telegram until all are said to be received."""
    began = time.perf_counter()
    content = os.urandom(size)
    places = asyncio.Semaphore(2)  # what a machine with 24 GB can hold of this bench's own

    async def send(phone: Phone) -> None:
        async with places:
            await phone.send(("film.bin", content), kind="document")

    await asyncio.gather(*(send(phone) for phone in phones))
    await asyncio.gather(*(phone.until("Received: 1", patience=PATIENCE) for phone in phones))
    took = time.perf_counter() - began
    peaks = {role: _peak(it.processes[role].pid) for role in ROLES}
    value = (
        ", ".join(f"{role} {peak:.0f} MB" for role, peak in peaks.items())
        + f", {len(phones) * size / 1e6 / took:.0f} MB/s"
    )
    print(f"   {what}: {value}", flush=True)
    assert max(peaks.values()) < LIMIT_MB, peaks
    return Figure(f"{what}, memory at the most", value, wanted=f"< {LIMIT_MB} MB a process")


def _peak(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
