"""Checking packages and dossiers without opening anything that is sealed: each row says what was
checked, and what was not and why.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from bot.errors import Refused, Tampered
from bot.referral import head as heads
from bot.workstation import pieces, signed
from bot.workstation.damage import named
from bot.workstation.open_package import check_log
from bot.workstation.pieces import Pieces
from bot.workstation.signed import Signed
from bot.workstation.sums import Sums
from bot.workstation.verify_dossier import Rows, dossier

Say = Callable[[str], None]
LOOKS_LIKE: Final = ("bagit.txt", "manifest-sha256.txt", "data/custody.jsonl", "data/referral.json")
"""By any of these a folder is a dossier, so that none is passed over for what it lacks."""


@dataclass(slots=True)
class Verified:
    """What became of all that was checked. `wrong`: by name, what disagrees with its record."""

    checked: int = 0
    old: int = 0
    """Of earlier releases, which signed nothing."""
    partly: int = 0
    """Of which something was not checked, said with the reason."""
    missing: list[str] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    posted: tuple[str, ...] = ()
    absent: list[str] = field(default_factory=list)
    """Of what was asked for, what is not there or is none, in words."""
    heads: dict[tuple[str, int], tuple[str, bytes]] = field(default_factory=dict)
    """By origin and size: where a head was seen first, and its root."""


def verify(paths: Sequence[Path], say: Say, key: str = "", posted: Sequence[str] = ()) -> Verified:
    """Check packages, dossiers, and folders of either; one that is wrong stops no other.

    `key`: the published public key of the custody log. `posted`: heads from the officers' channel.
    """
    result = Verified(posted=tuple(posted))
    for path in paths:
        for name, check in _in(path, result, key):
            result.checked += 1
            try:
                rows = check()
                _compare_heads(name, rows.proof, result)
                _compare_posted(rows, result.posted)
            except (Refused, Tampered) as wrong:
                result.wrong[name] = str(wrong)
                say(f"{name}: Stop: {wrong}")
                continue
            _tell(name, rows, result, say)
    return result


def _tell(name: str, rows: Rows, result: Verified, say: Say) -> None:
    say(f"{name}:")
    if rows.proof is None:
        say(f"    ✗ {signed.OLD_KIND}")
        result.old += 1
    for row in rows.checked:
        say(f"    ✓ {row}")
    for row in rows.apart:
        say(f"    – {row}")
    for row in rows.not_checked:
        say(f"    – not checked: {row}")
    result.partly += bool(rows.not_checked)
    result.missing += [f"{name}: {piece}" for piece in rows.missing]


Check = Callable[[], Rows]


def _in(path: Path, result: Verified, key: str) -> Iterator[tuple[str, Check]]:
    """What lies there, each by its name with what checks it."""
    if _is_dossier(path):
        yield path.name, partial(dossier, path, key)
        return
    bags = sorted(p for p in (path.iterdir() if path.is_dir() else ()) if _is_dossier(p))
    yield from ((one.name, partial(dossier, one, key)) for one in bags)
    if not bags or any(p.suffix == ".tar" for p in path.iterdir()):
        try:
            found = pieces.gather([path])
        except Refused as why:
            result.absent.append(str(why))
            return
        result.wrong |= found.broken
        result.absent += found.absent.values()
        result.checked += len(found.broken)
        for each in found.packages:
            yield each.file.name, partial(_package, each, key)


def _is_dossier(path: Path) -> bool:
    hidden = path.name.startswith(".")  # what a command that was killed has left
    return not hidden and any((path / name).exists() for name in LOOKS_LIKE)


def _package(package: Pieces, key: str) -> Rows:
    with named(package.file.name):
        sums = Sums(package)
        sums.check_left()
        log, proof = check_log(package, key)
    there = len(sums.said) - len(sums.missing)
    rows = Rows(proof=proof, missing=sums.missing)
    rows.checked.append(f"{there} pieces are what SHA256SUMS says, and there is no other")
    rows.checked.append(f"{len(log.lines)} custody lines are whole, each has its opening")
    if proof:
        rows.checked.append(proof.said)
    rows.apart.append("not checked: what is sealed; open it, and verify the dossier")
    return rows


def _compare_heads(name: str, proof: Signed | None, result: Verified) -> None:
    """Two heads of one log and one size must be the same: else somebody was shown another
    history.
    """
    for head in (proof.head, *proof.continues) if proof else ():
        first, root = result.heads.setdefault((head.origin, head.size), (name, head.root))
        if root != head.root:
            raise Tampered(
                f"its custody log was signed with another history than that of {first}: two heads "
                f"of {head.size} entries differ. Keep both, and tell the officer in charge"
            )


def _compare_posted(rows: Rows, posted: Sequence[str]) -> None:
    """The head, or one that it continues, is the one that stands in the channel. Raises
    Tampered.
    """
    if rows.proof is None:
        return
    known = {one.size: one for one in (rows.proof.head, *rows.proof.continues)}
    for note in posted:
        head = heads.read(note, rows.proof.public)
        mine = known.get(head.size)
        if head.origin != rows.proof.head.origin or (mine and mine.root != head.root):
            raise Tampered(
                f"the head of {head.size} entries in the officers' channel tells another history"
            )
        if mine:
            rows.checked.append(f"it continues the head of {head.size} entries in the channel")
        else:
            rows.not_checked.append(
                f"the head of {head.size} entries in the channel: nothing here leads to it; of the "
                "channel's heads the last 24 before a hand-out can be compared"
            )
