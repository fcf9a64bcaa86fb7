#!/usr/bin/env bash
# pyrage 1.4.0: encrypt_file and decrypt_file stop every other thread until the file is done.
#
# They are given two paths, and all the work happens in Rust: one puts them into a thread, as one does with hashlib or zlib, and
# expects the others to go on. But they keep the interpreter's lock to the end, so that asyncio.to_thread(pyrage.decrypt_file,
# ...) stops the event loop it was meant to spare: of 100 MB for about half a second, of 2 GB for ten. encrypt(bytes) and
# decrypt(bytes) are the same. decrypt_io, which goes through Python's files 8192 bytes at a time and looks like the slow way,
# takes no longer and lets the others run, since each call back into Python gives up the lock now and then.
#
# A thread that sleeps a millisecond at a time notes how long it was not let on. Shares of the call's own duration are compared,
# so that the machine's speed does not matter.
#
# Seen, of 100 MB: "encrypt_file: another thread waited 1.00 of it", "decrypt_file: 1.00", "decrypt_io: 0.05, pieces of 8192".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyrage==1.4.0
cat > "$folder/try.py" <<'PYTHON'
import os
import sys
import threading
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pyrage

SIZE = 100_000_000


class Target:
    """A file that only says how large the pieces were."""

    largest = 0

    def write(self, piece: bytes) -> int:
        Target.largest = max(Target.largest, len(piece))
        return len(piece)

    def flush(self) -> None:
        pass


def longest_wait(call: Callable[[], object]) -> float:
    """For what part of the call another thread was not let on at a stretch."""
    ended, waits = threading.Event(), [0.0]

    def watch() -> None:
        last = time.perf_counter()
        while not ended.is_set():
            time.sleep(0.001)
            now = time.perf_counter()
            waits.append(now - last)
            last = now

    watching = threading.Thread(target=watch)
    watching.start()
    time.sleep(0.05)
    began = time.perf_counter()
    call()
    took = time.perf_counter() - began
    ended.set()
    watching.join()
    return max(waits) / took


folder = Path(sys.argv[1])
identity = pyrage.x25519.Identity.generate()
recipients = [identity.to_public()]
plain, sealed, opened = (str(folder / name) for name in ("plain", "sealed", "opened"))
Path(plain).write_bytes(os.urandom(SIZE))

found = {
    "encrypt_file": longest_wait(lambda: pyrage.encrypt_file(plain, sealed, recipients)),
    "decrypt_file": longest_wait(lambda: pyrage.decrypt_file(sealed, opened, [identity])),
}
assert Path(plain).read_bytes() == Path(opened).read_bytes()
with open(sealed, "rb") as source:
    found["decrypt_io"] = longest_wait(lambda: pyrage.decrypt_io(source, Target(), [identity]))

print("pyrage", version("pyrage"), "Python", sys.version.split()[0])
for name, share in found.items():
    print(f"{name}: another thread waited {share:.2f} of it")
print("pieces of", Target.largest)
assert found["encrypt_file"] > 0.8 and found["decrypt_file"] > 0.8, "they give up the lock now"
assert found["decrypt_io"] < 0.5, "it keeps the lock now"
assert Target.largest == 8192
PYTHON
"$folder/venv/bin/python" "$folder/try.py" "$folder"
