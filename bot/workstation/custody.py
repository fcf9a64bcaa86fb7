"""A custody log on an officer's machine: its lines, their openings, their course, and the signed
head over them.

What *must* be there is asked for, not what is there checked: each line has its opening, a report
was submitted once, each addition has its line, and a package ends with the line that hands it out.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.errors import Tampered
from bot.referral import package
from storage import custody
from storage.custody import ADDED, HANDED_OUT, RECEIVED, SUBMITTED

BEGUN: Final = "begun"
_EXHIBIT: Final = re.compile(r"(?:(a[1-9]\d{0,3})/)?(x\d{1,6})")
_NONCE: Final = re.compile(r"[0-9a-f]{64}")
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Log:
    """The lines of one referral's log as they were hashed, and what each says."""

    lines: tuple[bytes, ...]
    entries: tuple[Json, ...]

    def subjects(self, kind: str) -> list[str]:
        """Of the lines of a kind, in order."""
        return [str(entry["subject"]) for entry in self.entries if entry["kind"] == kind]

    @property
    def last(self) -> Json:
        return self.entries[-1]


def read_log(raw: bytes, reference: str) -> Log:
    """Raises Tampered, naming the line, unless the lines are a whole log of this referral."""
    lines = raw.split(b"\n")
    if lines.pop() != b"" or not lines:
        raise Tampered("the custody log is cut off, or has no lines")
    if faults := custody.check(lines, reference):
        raise Tampered(f"custody line {faults[0].line} {faults[0].what}")
    return Log(tuple(lines), tuple(json.loads(line) for line in lines))


def check_openings(log: Log, bodies: Iterable[Json]) -> list[Json]:
    """The details of every line, in order. Raises Tampered unless each line has one opening, and it
    is what the line is bound to.
    """
    found: dict[int, Json] = {}
    for body in bodies:
        n, nonce, details = body["n"], body["nonce"], body["details"]
        if type(n) is not int or n in found or not 0 <= n < len(log.lines):
            raise Tampered(f"an opening says that it is of custody line {n}")
        if not _NONCE.fullmatch(nonce) or not isinstance(details, dict):
            raise Tampered(f"the opening of custody line {n} is none")
        if custody.commitment(bytes.fromhex(nonce), details) != log.entries[n]["commitment"]:
            raise Tampered(f"the details of custody line {n} are not those it is bound to")
        found[n] = details
    if missing := [n for n in range(len(log.lines)) if n not in found]:
        raise Tampered(f"the opening of custody line {missing[0]} is missing")
    return [found[n] for n in range(len(log.lines))]


def check_course(log: Log, *, signed: bool) -> None:
    """Whether the log tells what the log of a referral tells. Raises Tampered.

    `signed`: by a release that signs; then it ends with the hand-out of what it lies in.
    """
    kinds = [str(entry["kind"]) for entry in log.entries]
    if kinds.count(SUBMITTED) != 1:
        raise Tampered(f"the custody log says {kinds.count(SUBMITTED)} times that it was submitted")
    sent = kinds.index(SUBMITTED)
    if kinds[0] != BEGUN or set(kinds[1:sent]) - {RECEIVED}:
        raise Tampered("the custody log does not begin as that of a report does")
    if log.entries[sent]["actor"] != "intake":
        raise Tampered("the custody log says that somebody else than the intake received it")
    _check_received(log, sent)
    if signed and kinds[-1] != HANDED_OUT:
        raise Tampered("the custody log does not end with the hand-out of this package")


def _check_received(log: Log, sent: int) -> None:
    """Files stand before the report, or the addition, that they came with; additions are counted
    without a gap.
    """
    added, seen = 0, set()
    for n, entry in enumerate(log.entries):
        subject = str(entry["subject"])
        if entry["kind"] == RECEIVED:
            found = _EXHIBIT.fullmatch(subject)
            expected = None if n < sent else f"a{added + 1}"
            if not found or found[1] != expected or subject in seen:
                raise Tampered(f"custody line {n} is of a file that cannot be there")
            seen.add(subject)
        elif entry["kind"] == ADDED:
            added += 1
            if n < sent or subject != f"a{added}":
                raise Tampered(f"custody line {n} is of an addition that cannot be there")


def check_end(details: Sequence[Json], sums: Mapping[str, str] | None) -> None:
    """Of a signed log, that its last line handed out these pieces; of one without a head, where
    `sums` is None, that no release wrote it that signs. Raises Tampered.
    """
    if sums is None:
        refuse_unsigned(details)
    else:
        check_hand_out(details, sums)


def check_hand_out(details: Sequence[Json], sums: Mapping[str, str]) -> None:
    """Whether the last line of a signed log binds these pieces: all of them, and no other. Raises
    Tampered.

    `details`: of every line of the log. `sums`: by path the SHA-256 (hex) of each sealed piece.
    """
    said = (details[-1].get("pieces_sha256"), details[-1].get("pieces"))
    if said != (package.pieces_digest(sums), sum(package.is_bound(path) for path in sums)):
        raise Tampered("the pieces are not those that the custody log says were handed out")


def refuse_unsigned(details: Sequence[Json]) -> None:
    """A log without a head is one of an earlier release, and says nothing that only later ones say.
    Raises Tampered.
    """
    if any("leaves_root" in one or "pieces_sha256" in one for one in details):
        raise Tampered("the signed head was taken out: this release signs every custody log")


def sealed_path(exhibit: str) -> str:
    """Where an exhibit of the log (x1, a1/x2) lies in a package."""
    addendum, _, name = exhibit.rpartition("/")
    return f"addenda/{addendum}/exhibits/{name}.age" if addendum else f"exhibits/{name}.age"
