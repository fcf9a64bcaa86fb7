"""An officer's key file, as age-keygen and people make them; what cannot be used is said in the
words of what to do.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyrage

from bot.errors import Refused

SEALED: Final = ("age-encryption.org/v1", "-----BEGIN AGE ENCRYPTED FILE-----")
POST_QUANTUM: Final = "AGE-SECRET-KEY-PQ-1"
OTHERS: Final = (
    (
        POST_QUANTUM,
        "a post-quantum key, which referrals are not sealed to; use one of `age-keygen`",
    ),
    (
        "AGE-PLUGIN-",
        (
            "a key on a device or of a plugin; open by hand with the age program, as "
            "docs/officers.md says"
        ),
    ),
    (
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "an SSH key; referrals are sealed to keys of `age-keygen` only",
    ),
    ("-----BEGIN ", "a key of another program; referrals are sealed to keys of `age-keygen` only"),
    ("ssh-", "the public half of an SSH key; referrals are sealed to keys of `age-keygen` only"),
    ("age1", "the public line only, which opens nothing; the key begins with AGE-SECRET-KEY-1"),
)


def identities(paths: Sequence[Path]) -> list[pyrage.x25519.Identity]:
    """Age identities from key files. Raises Refused."""
    found = [identity for path in paths for identity in _of(path)]
    if not found:
        raise Refused(
            "no age identity is in the file given with --identity; it begins with AGE-SECRET-KEY-1"
        )
    return found


def _of(path: Path) -> list[pyrage.x25519.Identity]:
    text = _text(path)
    if text.startswith(SEALED):
        raise Refused(
            f"{path} is locked with a passphrase; unlock it first, on an encrypted disk: age -d -o "
            f"my.key {path.name}"
        )
    lines = [line.strip() for line in text.splitlines()]
    keys = [
        line
        for line in lines
        if line.startswith("AGE-SECRET") and not line.startswith(POST_QUANTUM)
    ]
    for start, what in OTHERS:
        if not keys and any(line.startswith(start) for line in lines):
            raise Refused(f"{path} is {what}")
    try:
        return [pyrage.x25519.Identity.from_str(key) for key in keys]
    except pyrage.IdentityError:
        raise Refused(f"{path} holds something like an age identity that is not whole") from None


def _unread(path: Path) -> str:
    try:
        locked = path.read_bytes().startswith(SEALED[0].encode())
    except OSError as failure:
        return f"{path} cannot be read ({failure.strerror})"
    if locked:
        return (
            f"{path} is locked with age; unlock it first, on an encrypted disk: age -d -o my.key "
            f"{path.name}"
        )
    return f"{path} is no text, as a key file is"


def _text(path: Path) -> str:
    """As text, also where a Windows shell wrote it: `age-keygen > officer.key` there makes UTF-16
    with a mark.
    """
    try:
        raw = path.read_bytes()
        return raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Refused(_unread(path)) from None
