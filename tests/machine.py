"""Says in one line what this machine lacks for the tests; `.ci/run` installs it."""

import shutil
import sys

NEEDED = {"age": "age", "chromium": "chromium"}


def main() -> None:
    missing = [package for command, package in NEEDED.items() if shutil.which(command) is None]
    if missing:
        print(f"The tests need {' and '.join(missing)}: apt-get install {' '.join(missing)}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
