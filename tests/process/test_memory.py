"""What a report said is in no process's memory any more ninety seconds after it was sent, and nothing was lost for it."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.canary import shapes
from tests.installation import ROOT, Installation
from tests.people import Phone
from tests.reader import count
from tests.whole.test_end_to_end import LABELS, consented, sent

SAY = LABELS["uk"]
SAID = "канарка-Ґедзь у підвалі на Яблунській"
CAPTION, CONTENT, NAME = "канарка-підпис-Їжак", "kanarka-content-91c", "kanarka-name-77d.txt"
CANARIES = (SAID, CAPTION, CONTENT, NAME)
NO_MEMORY_AFTER_SECONDS = 90
ROLES = ("witness", "files", "officers")


def processes(supervisor: int) -> dict[str, int]:
    """The process numbers by role; the sandbox stands for Telegram and the phones."""
    found = {"supervisor": supervisor}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            words = (path.parent / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if parent == supervisor and b"--role" in words:
            found[words[words.index(b"--role") + 1].decode()] = int(path.parent.name)
    return found


def memory(process: int) -> Iterator[bytes]:
    """Whatever the process can write to, region by region."""
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as file:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            where, rights = line.split()[:2]
            if "w" not in rights:
                continue
            first, last = (int(number, 16) for number in where.split("-"))
            try:
                file.seek(first)
                yield file.read(last - first)
            except (OSError, ValueError):
                continue


def remembered(process: int) -> set[str]:
    """The canaries that are in a process's memory, in any shape."""
    looked_for = [(canary, shape) for canary in CANARIES for shape in shapes(canary).values()]
    return {canary for region in memory(process) for canary, shape in looked_for if shape in region}


async def writes_on(phone: Phone, until: float) -> int:
    """Somebody whose report is not sent goes on writing all the time; returns how many messages."""
    written = 0
    while time.monotonic() < until:
        await phone.write(f"Ще одне речення, {written}.")
        written += 1
        await asyncio.sleep(1)
    return written


@pytest.mark.long
@pytest.mark.skipif(
    not Path("/proc/self/mem").exists(), reason="this system does not show a process's memory"
)
async def test_ninety_seconds_after_sending_nothing_of_a_report_is_in_memory(
    tmp_path: Path,
) -> None:
    it = Installation(tmp_path)
    run = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=ROOT,
        env=it.environment,
        stdout=subprocess.DEVNULL,
    )
    it.connect()
    try:
        await it.answers()
        first, other = await Phone.new(it.http), await Phone.new(it.http)
        await consented(first, SAY)
        await consented(other, SAY)
        await first.write(SAID)
        await first.send((NAME, CONTENT.encode() * 50_000), caption=CAPTION)
        await first.until(SAY["received"].format(1))
        await first.write("/finish")
        await sent(first, SAY)
        began, before = time.monotonic(), processes(run.pid)
        assert remembered(before["witness"]) | remembered(before["files"]) == set(CANARIES), (
            "they would have been seen"
        )
        written = await writes_on(other, began + NO_MEMORY_AFTER_SECONDS)
        after = processes(run.pid)
        assert {role: remembered(after[role]) for role in (*ROLES, "supervisor")} == {
            role: set() for role in (*ROLES, "supervisor")
        }
        assert after["witness"] != before["witness"] and after["files"] != before["files"]
        assert after["officers"] == before["officers"]
        await other.until(f"Збережено: {written}")
        await other.write("/finish")
        await sent(other, SAY)
        assert count(it.database, "referrals") == 2
    finally:
        run.terminate()
        run.wait()
        it.end()
        await it.http.aclose()
