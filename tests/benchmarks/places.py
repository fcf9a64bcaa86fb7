"""How long a witness's words take to become settlements to choose from, and a point its name."""

import gc
import resource
import statistics
import time

from storage.gazetteer.search import PLACES, Gazetteer
from tests.benchmarks.figures import Figure
from tests.storage.test_gazetteer import SAID

ROUNDS = 20
MISSPELT = (
    "Краматарск",
    "Маріюполь",
    "Бердянкс",
    "Северодонецьк",
    "Бородянко",
    "Vasylkiw",
    "Новоолександривка",
)


async def main() -> list[Figure]:
    """Each phrase of the tests and some misspelt names, many times; the baseline compares every name there is."""
    gc.collect()
    gc.freeze()  # as timeit: the collector's pauses over the bench's own heap are not the search's
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    gazetteer = Gazetteer()
    phrases = [said for said, _ in SAID] + list(MISSPELT)
    took = [
        _milliseconds(lambda p=phrase: gazetteer.find(p))
        for _ in range(ROUNDS)
        for phrase in phrases
    ]
    near = [
        _milliseconds(lambda n=n: gazetteer.near(50_000_000 + n * 1000, 30_000_000))
        for n in range(200)
    ]
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    naive = [_milliseconds(lambda p=phrase: _naive(gazetteer, p)) for phrase in phrases]
    print(
        f"   {len(took)} searches: median {statistics.median(took):.2f} ms, p99 {_p99(took):.2f} ms, longest "
        f"{max(took):.2f} ms; points: median {statistics.median(near):.2f} ms, p99 {_p99(near):.2f} ms\n"
        f"   {PLACES.stat().st_size / 1e6:.1f} MB on disk, {grown / 1024:.1f} MB more memory\n"
        f"   Baseline, all names read and compared: median {statistics.median(naive):.1f} ms; "
        f"ratio {statistics.median(naive) / statistics.median(took):.0f}",
        flush=True,
    )
    value = f"median {statistics.median(took):.2f} ms, p99 {_p99(took):.2f} ms"
    return [Figure("finding a place", value, statistics.median(naive) / statistics.median(took))]


def _naive(gazetteer: Gazetteer, phrase: str) -> list[str]:
    names = gazetteer._database.execute("SELECT name FROM places")
    wanted = phrase.casefold()
    return [name for (name,) in names if name.casefold() in wanted]


def _milliseconds(do: object) -> float:
    began = time.perf_counter()
    do()  # type: ignore[operator]
    return (time.perf_counter() - began) * 1000


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]
