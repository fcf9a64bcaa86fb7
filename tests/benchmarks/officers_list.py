"""The officers' list at 1,000, 10,000 and 100,000 referrals, of which 300 wait; the baseline is the smallest."""

import secrets
import tempfile
import time
from pathlib import Path

from sqlalchemy import insert

from bot.referral import reference
from storage import keys, referrals
from storage import tables as t
from storage.keys import Box
from tests import prepared
from tests.benchmarks.figures import Figure

COUNTS = (1_000, 10_000, 100_000)
WAITING = 300
FACTS = {
    "version": 1,
    "language": "uk",
    "incidents": 1,
    "exhibits": 2,
    "voices": 0,
    "danger": False,
}


async def main() -> list[Figure]:
    found: list[Figure] = []
    first: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        facts = keys.load(Path(folder), "facts", make=True)
        for count in COUNTS:
            database = prepared.database(Path(folder) / f"{count}.db")
            async with database.writing() as connection:
                rows = [
                    _referral(facts, number, waiting=number >= count - WAITING)
                    for number in range(count)
                ]
                for at in range(0, count, 1000):
                    await connection.execute(insert(t.referrals), rows[at : at + 1000])
            for what, query in (("queue", {"status": "new"}), ("newest fifty", {"most": 50})):
                best = 1e9
                for _ in range(7):
                    began = time.perf_counter()
                    async with database.reading() as connection:
                        await referrals.every(connection, facts, **query)
                    best = min(best, (time.perf_counter() - began) * 1000)
                ratio = first.setdefault(what, best) / best
                name = f"officers' {what} at {count:,} referrals"
                found.append(
                    Figure(
                        name, f"{best:.1f} ms", ratio if count > COUNTS[0] else 0, "< 50 ms, flat"
                    )
                )
                print(f"   {name}: {best:.1f} ms", flush=True)
            await prepared.over(database)
    return found


def _referral(facts: Box, number: int, *, waiting: bool) -> dict[str, object]:
    ref = reference.written(secrets.randbits(40))
    return {
        "reference": ref, "appeal": "bench", "status": "new" if waiting else "closed", "hour": number,
        "facts": referrals.seal_facts(FACTS, facts, ref, "age1"), "account_recipient": "age1", "identity_recipient": "age1",
    }  # fmt: skip
