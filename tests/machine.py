"""What the tests need of the machine beside Python's packages: the age program and a browser.

`make test` runs this first. What is missing is installed with apt where that is allowed; a browser is else Playwright's
own. What cannot be had is said in one sentence: the tests that need it are skipped, or, for age, done with the library
that officers' machines have. In CI nothing may be missing.
"""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

PACKAGES: Final = {"age": "age", "chromium": "chromium"}
"""Commands, and Debian's packages that bring them."""
OWN: Final = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""
"""In a process of its own: most who ask are in an event loop."""
APT: Final = {"DEBIAN_FRONTEND": "noninteractive"}


def main() -> None:
    """Bring what is missing, and say what could not be had."""
    if packages := [
        package for command, package in PACKAGES.items() if shutil.which(command) is None
    ]:
        _by_apt(packages)
    if not browser():
        _by_playwright()
    lacking = [
        what for what, there in (("age", program("age")), ("a browser", browser())) if not there
    ]
    if lacking:
        print(
            f"Not to be had here: {' and '.join(lacking)}; tests that need them are skipped.",
            file=sys.stderr,
        )
        sys.exit("CI" in os.environ)


def program(name: str) -> str:
    """Where this program is; "" if it is not here."""
    return shutil.which(name) or ""


@functools.cache
def browser() -> str:
    """Where a Chromium is: the machine's, or Playwright's own; "" if there is none."""
    if found := program("chromium"):
        return found
    asked = subprocess.run([sys.executable, "-c", OWN], capture_output=True, text=True, check=False)
    own = asked.stdout.strip()
    return own if own and Path(own).is_file() else ""


def needed_browser() -> str:
    """For a test that looks at a page: skipped where there is none."""
    return browser() or pytest.skip("no browser is here; `make test` says so")


def needed_age() -> str:
    """For a test that opens with the plain program: skipped where it is not here."""
    return program("age") or pytest.skip("the age program is not here; `make test` says so")


def _by_apt(packages: list[str]) -> None:
    if os.geteuid() or not shutil.which("apt-get"):
        return
    print(f"Installing {' and '.join(packages)} with apt, for the tests (once)", flush=True)
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages]):
        done = subprocess.run(command, env={**os.environ, **APT}, capture_output=True, check=False)
        if done.returncode:
            print(
                f"  apt could not: {done.stderr.decode(errors='replace').strip().splitlines()[-1:]}",
                file=sys.stderr,
            )
            return


def _by_playwright() -> None:
    print("Getting Playwright's own browser, for the tests (once)", flush=True)
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=300)
    except subprocess.TimeoutExpired:
        return
    if not done.returncode:
        browser.cache_clear()


if __name__ == "__main__":
    main()
