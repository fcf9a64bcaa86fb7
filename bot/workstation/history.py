"""A package beside the dossiers of the same referral that lie there already: it must go on from
each of them.
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path

from bot.errors import Refused, Tampered
from bot.referral.package import CUSTODY, HEAD
from bot.workstation.custody import Log

RESTORED = "restored"


def check(log: Log, to: Path, reference: str, *, is_signed: bool) -> None:
    """Refuse what is older than a dossier in the folder `to` (Refused), or tells another history
    (Tampered), and say which.
    """
    for dossier in dossiers_of(to, reference):
        name, there = dossier.name, _lines(dossier)
        if (dossier / HEAD).is_file() and not is_signed:
            raise Tampered(
                f"its custody log is not signed, and that of {name} is: it is of an earlier state, "
                "or made by somebody else"
            )
        same = takewhile(lambda pair: pair[0] == pair[1], zip(log.lines, there, strict=False))
        common = sum(1 for _ in same)
        if common == len(there):
            continue
        if common == len(log.lines):
            raise Refused(
                f"it is older than {name}, which lies there: it has {common} custody lines, that "
                f"one {len(there)}. Read that one; to look at this one, give another folder with "
                "--to"
            )
        raise Tampered(_another(log, name, common))


def _another(log: Log, name: str, line: int) -> str:
    """Where two histories part."""
    if log.entries[line]["kind"] == RESTORED:
        return (
            f"from custody line {line} on it does not continue {name}: the server was restored "
            "from a backup, and the log says so. Keep both: ask the operator what was lost, and "
            "open this one with --to another folder"
        )
    return (
        f"its custody line {line} is another than that of {name}, which lies there: the log was "
        "written anew"
    )


def dossiers_of(to: Path, reference: str) -> Iterator[Path]:
    """The dossiers of a referral: REFERENCE, and later states as REFERENCE-2 …"""
    for folder in sorted(to.iterdir()) if to.is_dir() else ():
        known, _, number = folder.name.removeprefix(reference).partition("-")
        ours = (
            folder.name.startswith(reference) and not known and (not number or number.isdecimal())
        )
        if ours and (folder / "data" / CUSTODY).is_file():
            yield folder


def _lines(dossier: Path) -> Sequence[bytes]:
    return (dossier / "data" / CUSTODY).read_bytes().split(b"\n")[:-1]
