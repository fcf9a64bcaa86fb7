"""`make bench`: everything, or what is named: sealing, in-process, over-http, places, surge, fairness."""

import asyncio
import sys

from tests.benchmarks import fairness, in_process, over_http, places, sealing, surge

BENCHES = {
    "sealing": sealing.main,
    "in-process": in_process.main,
    "over-http": over_http.main,
    "places": places.main,
    "surge": surge.main,
    "fairness": fairness.main,
}


def main() -> None:
    for name in sys.argv[1:] or BENCHES:
        print(f"── {name}", flush=True)
        asyncio.run(BENCHES[name]())


if __name__ == "__main__":
    main()
