"""Whole short reports a second over HTTP through the real libraries, 8 at once, against a naive bot in the same run.

Both run against the same sandbox with its limits off; the naive one keeps nothing sealed and no order of commits. What each
process uses of the processor a report stands apart: the sandbox and the phones are ours, and no part of the product.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from httpx_aiohttp import HttpxAiohttpClient

from tests.benchmarks.figures import Figure
from tests.installation import ROOT, Installation, running
from tests.people import Phone
from tests.whole.test_end_to_end import LABELS, consented, told

REPORTS = 48
AT_ONCE = 8
SAY = LABELS["en"]


async def main() -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="firsthand-bench-"))
    async with running(folder, "sandbox") as it:
        await (
            it.http.aclose()
        )  # also where an older tree's phones still weigh as much as the product
        it.http = HttpxAiohttpClient(base_url=f"http://127.0.0.1:{it.port}", timeout=60)
        naive = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.naive_bot", str(folder / "naive.db")],
            cwd=ROOT, env=it.environment,
        )  # fmt: skip
        baseline, _ = await _measure(it, _naive_report)
        naive.terminate()
        naive.wait()
        for role in ("witness", "files", "officers"):
            it.restart(role)
        await _report(it)  # while the processes start
        waits = sorted(
            [await _card(it) for _ in range(2)]
        )  # before the channel's 20 a minute are used up
        used = _used(it)
        rate, updates = await _measure(it, _report)
        each = {name: (now - used[name]) / (REPORTS + 1) for name, now in _used(it).items()}
        filed = it.command("referral", "list", "--most", "1000").stdout.count("\n")
    print(
        f"   {rate:.1f} reports/s, {rate * updates:.0f} updates/s of people and bot together; {filed} of "
        f"{REPORTS + 4} filed. From receipt to card: {waits[0]:.2f} s, "
        f"at most {waits[-1]:.2f} s.\n   Baseline, aiogram's FSM with one ORM commit an answer, unsealed: "
        f"{baseline:.1f} reports/s; ratio {rate / baseline:.2f}\n   CPU a report: "
        + ", ".join(f"{name} {seconds * 1000:.0f} ms" for name, seconds in each.items()),
        flush=True,
    )
    return [
        Figure(
            "whole reports a second over HTTP, 8 at once", f"{rate:.1f}", rate / baseline, "≥ 10"
        ),
        Figure("updates a second over HTTP", f"{rate * updates:.0f}", wanted="≥ 400 answers"),
        Figure("from receipt to card", f"{waits[0]:.2f} s"),
        Figure("CPU a report over HTTP, the witness process", f"{each['witness'] * 1000:.0f} ms"),
    ]


def _used(it: Installation) -> dict[str, float]:
    """Seconds of the processor that each process has used by now, and this one, which is the phones."""
    fields = {
        role: Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        for role, process in it.processes.items()
    }
    ticks = {role: int(each[11]) + int(each[12]) for role, each in fields.items()}
    a_second = os.sysconf("SC_CLK_TCK")
    return {role: n / a_second for role, n in ticks.items()} | {"phones": time.process_time()}


async def _measure(it: Installation, report: object) -> tuple[float, float]:
    """Reports a second, and updates a report; one report first, while the processes start."""
    run = report  # a coroutine function of the installation
    await run(it)  # type: ignore[operator]
    places = asyncio.Semaphore(AT_ONCE)

    async def one() -> None:
        async with places:
            await run(it)  # type: ignore[operator]

    calls = (await it.http.get("/calls")).json()["next"]
    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(REPORTS)))
    took = time.perf_counter() - began
    made = (await it.http.get("/calls")).json()["next"] - calls
    return REPORTS / took, made / REPORTS


async def _card(it: Installation) -> float:
    """Seconds from the receipt on the phone to the card in the channel."""
    reference = await _report(it)
    began = time.perf_counter()
    await it.channel().until(reference)
    return time.perf_counter() - began


async def _report(it: Installation) -> str:
    phone = await Phone.new(it.http)
    await consented(phone, SAY)
    await phone.write("I saw it.")
    await phone.until("Kept")
    return await told(phone, SAY)


async def _naive_report(it: Installation) -> None:
    phone = await Phone.new(it.http)
    await phone.write("/start")
    for number in range(1, 12):
        await phone.press("Next", on=f"Question {number}", patience=60)
    await phone.until("Reference")
