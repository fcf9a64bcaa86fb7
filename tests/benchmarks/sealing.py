"""Sealed intake of one gigabyte: MB/s and memory, against hashing and copying the same bytes, in the same run."""

import asyncio
import hashlib
import os
import resource
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

from storage import age, schema
from storage.database import Database
from storage.folder import Folder
from storage.vault import Vault

GIGABYTE = 1_000_000_000
CHUNK = 512 * 1024
RUNS = 3


async def main() -> None:
    cores = os.sched_getaffinity(0)
    for chosen in (cores, {min(cores)}):
        os.sched_setaffinity(0, chosen)
        await _on(len(chosen))
    os.sched_setaffinity(0, cores)


async def _on(cores: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="firsthand-bench-"))
    database = Database(f"sqlite:///{folder / 'bench.db'}")
    await schema.prepare(database, practice=True)
    store = Folder(folder / "vault")
    vault = Vault(store, database)
    recipient, _ = age.new_identity()
    before = _memory()
    best = 0.0
    for _ in range(RUNS):
        began = time.perf_counter()
        stored = await vault.put(_bytes(), recipient, hour=1)
        best = max(best, stored.size / 1e6 / (time.perf_counter() - began))
        store.path(stored.object).unlink()
    grown = _memory() - before
    baseline = await asyncio.to_thread(_baseline, folder / "plain")
    await database.close()
    shutil.rmtree(folder)
    print(
        f"   {cores} core(s): {best:.0f} MB/s sealed, fsynced, three digests; memory grew {grown / 1e6:.0f} MB. "
        f"Baseline, SHA-256 and a plain copy with fsync: {baseline:.0f} MB/s; ratio {best / baseline:.2f}",
        flush=True,
    )


async def _bytes() -> AsyncIterator[bytes]:
    chunk = os.urandom(CHUNK)
    left = GIGABYTE
    while left > 0:
        yield chunk[: min(CHUNK, left)]
        left -= CHUNK


def _baseline(path: Path) -> float:
    chunk, digest = os.urandom(CHUNK), hashlib.sha256()
    began = time.perf_counter()
    with path.open("wb") as file:
        for _ in range(GIGABYTE // CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    path.unlink(missing_ok=True)
    return GIGABYTE / 1e6 / (time.perf_counter() - began)


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
