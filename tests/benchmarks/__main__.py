"""`make bench`: everything, or what is named; `--remember` keeps the ratios that later runs are compared with.

Prints a table and exits with 1 where a ratio fell by more than a fifth. `FIRSTHAND_TEST_POSTGRES=1` runs it on PostgreSQL.
"""

import asyncio
import sys

from bot.process.together import rarely_collect
from tests.benchmarks import (
    fairness,
    figures,
    growth,
    in_process,
    latency,
    officers_list,
    opening,
    over_http,
    places,
    sealing,
    start_up,
    surge,
    syncs,
    uploads,
)

BENCHES = {
    "in-process": in_process.main,
    "latency": latency.main,
    "over-http": over_http.main,
    "fairness": fairness.main,
    "surge": surge.main,
    "syncs": syncs.main,
    "sealing": sealing.main,
    "opening": opening.main,
    "uploads": uploads.main,
    "officers-list": officers_list.main,
    "places": places.main,
    "growth": growth.main,
    "start-up": start_up.main,
}


def main() -> int:
    named = [name for name in sys.argv[1:] if not name.startswith("--")]
    if unknown := set(named) - set(BENCHES):
        sys.exit(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    found = []
    rarely_collect()  # as every role does when it begins
    for name in named or BENCHES:
        print(f"── {name}", flush=True)
        found += asyncio.run(BENCHES[name]())
    print("\n" + figures.table(found))
    if "--remember" in sys.argv:
        figures.remember(found)
    for line in (worse := figures.fallen(found)):
        print(f"fell by more than a fifth: {line}", file=sys.stderr)
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
