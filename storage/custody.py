"""PURE: the custody ledger's lines, hashes and proofs, without a database; anyone can check a log
with this.

An entry is one line of canonical JSON (RFC 8785, strings and integers only). Its hash is
SHA-256(0x00 ‖ line), an RFC 6962 leaf; `prev` is the hash of the entry before it in the same log.
Details stay behind `commitment` = SHA-256(nonce ‖ canonical details).
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

VERSION: Final = 1
FIRST: Final = "0" * 64
RECEIVED: Final = "exhibit received"
SUBMITTED: Final = "submitted"
ADDED: Final = "addendum received"
HANDED_OUT: Final = "package handed out"
"""The kind of entry with which something leaves the server; it wants a signed head at once."""
FIELDS: Final = ("v", "log", "n", "hour", "kind", "actor", "subject", "commitment", "prev")
_HEX: Final = re.compile(r"[0-9a-f]{64}")

Plain = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a log, and at which line, counted from 0."""

    line: int
    what: str


def canonical(values: Plain) -> bytes:
    """RFC 8785 for objects of strings and integers with ASCII names; UTF-8. Raises TypeError for
    anything else.
    """
    for name, value in values.items():
        if not name.isascii() or not isinstance(value, (str, int)) or isinstance(value, bool):
            raise TypeError(name)
    return json.dumps(
        dict(values), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def line(
    log: str, n: int, hour: int, kind: str, actor: str, subject: str, commitment: str, prev: str
) -> bytes:
    """One entry; `hour` is hours since 1970 in UTC, `n` counts from 0."""
    return canonical(
        {
            "v": VERSION,
            "log": log,
            "n": n,
            "hour": hour,
            "kind": kind,
            "actor": actor,
            "subject": subject,
            "commitment": commitment,
            "prev": prev,
        }
    )


def leaf(entry: bytes) -> str:
    """The hash of an entry, hex."""
    return hashlib.sha256(b"\x00" + entry).hexdigest()


def commitment(nonce: bytes, details: Plain) -> str:
    """Binds an entry to its details without showing them, hex."""
    return hashlib.sha256(nonce + canonical(details)).hexdigest()


def check(entries: Iterable[bytes], log: str) -> list[Fault]:
    """Every fault of one log, given all its entries in order; an empty list if it is whole.

    It cannot see entries missing at the end: for that, compare the last hash with a signed head.
    """
    faults = []
    prev, hour = FIRST, 0
    for n, entry in enumerate(entries):
        found = _check_line(entry, log, n, prev)
        faults += [Fault(n, what) for what in found]
        if not found or "prev" in " ".join(found):
            now = _hour(entry)
            if now < hour:
                faults.append(Fault(n, "is earlier than the entry before it"))
            hour = max(hour, now)
        prev = leaf(entry)
    return faults


def _check_line(entry: bytes, log: str, n: int, prev: str) -> list[str]:
    try:
        values = json.loads(entry)
    except ValueError:
        return ["is not JSON"]
    if not isinstance(values, dict) or set(values) != set(FIELDS):
        return ["has other fields than a ledger entry"]
    faults = []
    try:
        if canonical(values) != entry:
            faults.append("is not canonical")
    except TypeError:
        return ["holds something other than strings and integers"]
    expected = {"v": VERSION, "log": log, "n": n, "prev": prev}
    faults += [
        f"{name} is not {'the hash before' if name == 'prev' else value}"
        for name, value in expected.items()
        if values[name] != value
    ]
    if not isinstance(values["commitment"], str) or not _HEX.fullmatch(values["commitment"]):
        faults.append("has no commitment")
    return faults


def _hour(entry: bytes) -> int:
    hour = json.loads(entry)["hour"]
    return hour if isinstance(hour, int) else 0
