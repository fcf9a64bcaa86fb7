#!/usr/bin/env bash
# pyrage 1.4.0: whose fault it is that a file does not open.
#
# decrypt_io reads from one Python file and writes to another. Where the one that it reads from raises OSError (a disk that
# gives out, a network drive that is gone), what arrives is pyrage.DecryptError, the class of a wrong key or a changed file,
# with the error's text inside its own; __cause__ and __context__ are empty and there is no errno. Where the one that it
# writes to raises OSError (a full disk), the very same OSError arrives. So "except DecryptError: this file was tampered
# with" says so of a good file on a bad disk, and whoever catches OSError for the disk sees one side of it only.
# encrypt_io is the same the other way about: a source that fails is EncryptError.
#
# The file is valid, the key is the right one, and both objects are files as io.BytesIO makes them.
#
# Seen: "read fails: DecryptError, errno None, cause None", "write fails: OSError, errno 28, the same object",
# "encrypt, read fails: EncryptError, errno None, cause None".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyrage==1.4.0
cat > "$folder/try.py" <<'PYTHON'
import errno
import io
import sys
from collections.abc import Callable
from importlib.metadata import version

import pyrage

EIO, FULL = OSError(errno.EIO, "Input/output error"), OSError(errno.ENOSPC, "No space left on device")


class BadSource(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        raise EIO


class FullTarget(io.BytesIO):
    def write(self, chunk: object) -> int:
        raise FULL


def outcome(run: Callable[[], object]) -> str:
    try:
        run()
    except Exception as failure:
        said = f"{type(failure).__name__}, errno {getattr(failure, 'errno', None)}"
        return f"{said}, the same object" if failure is FULL else f"{said}, cause {failure.__cause__ or failure.__context__}"
    return "opens"


identity = pyrage.x25519.Identity.generate()
mine, theirs = [identity], [identity.to_public()]
sealed = pyrage.encrypt(bytes(300_000), theirs)
print("pyrage", version("pyrage"))
seen = {
    "as it is": outcome(lambda: pyrage.decrypt_io(io.BytesIO(sealed), io.BytesIO(), mine)),
    "read fails": outcome(lambda: pyrage.decrypt_io(BadSource(sealed), io.BytesIO(), mine)),
    "write fails": outcome(lambda: pyrage.decrypt_io(io.BytesIO(sealed), FullTarget(), mine)),
    "encrypt, read fails": outcome(lambda: pyrage.encrypt_io(BadSource(b"x"), io.BytesIO(), theirs)),
}
for what, how in seen.items():
    print(f"{what}: {how}")
sys.exit(
    seen
    != {
        "as it is": "opens",
        "read fails": "DecryptError, errno None, cause None",
        "write fails": "OSError, errno 28, the same object",
        "encrypt, read fails": "EncryptError, errno None, cause None",
    }
)
PYTHON
"$folder/venv/bin/python" "$folder/try.py"
