"""The independent reader: its own SQL, the age program and plain files; none of the product's code."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.drills.witness import Told
from tests.installation import ROOT, Installation
from tests.reader import decrypt, referral, rows

VERIFIER = ROOT / "bot" / "workstation" / "bag_verifier.py"
PROVED = 5
"""Of so many referrals a package is looked at: each is a start of three programs."""


@dataclass
class Verdict:
    """What a drill found: of the lists each must be empty; what is shown twice after a crash is counted."""

    reports: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    unproved: list[str] = field(default_factory=list)
    """Referrals of which the package, opened with the log's key, is not one that the log signed."""
    cards_twice: int = 0
    """Of referrals that have a card twice, since the process died between sending it and noting its id."""
    shown_twice: int = 0
    out_of_order: int = 0
    """Of accounts that do not hold their words in the order they were written."""

    @property
    def sound(self) -> bool:
        return not (self.lost or self.doubled or self.changed or self.cards or self.unproved)


async def judge(it: Installation, told: Sequence[Told], scratch: Path) -> Verdict:
    """Compare what witnesses said and were told with what is stored, byte by byte."""
    found = Verdict(reports=len(told))
    filed = [reference for (reference,) in rows(it.database, "SELECT reference FROM referrals")]
    given = [one.reference for one in told]
    found.doubled += [
        f"filed without a receipt: {reference}" for reference in set(filed) - set(given)
    ]
    found.doubled += [
        f"one number twice: {reference}" for reference, n in Counter(given).items() if n > 1
    ]
    found.lost += [
        f"a number without a referral: {reference}" for reference in set(given) - set(filed)
    ]
    for one in told:
        if one.reference in filed:
            await _compare(it, one, scratch, found)
    cards = Counter(card for card in await _cards(it) if card)
    found.cards += [f"no card: {reference}" for reference in filed if not cards[reference]]
    found.cards_twice = sum(n > 1 for n in cards.values())
    found.unproved += [
        why for reference in filed[:PROVED] if (why := _unproved(it, reference, scratch))
    ]
    return found


def _unproved(it: Installation, reference: str, scratch: Path) -> str:
    """Why a package, handed out now, does not prove itself to a script that knows nothing of us; "" where it does."""
    key = it.command("key", "--log").stdout.strip()
    tar, out = scratch / f"{reference}.tar", scratch / "dossiers"
    handed = it.command(
        "referral", "package", reference, "--by", "Wren", "--to", str(scratch), check=False
    )
    identity = ("-i", str(it.specialist_identity))
    opened = it.command("open", str(tar), *identity, "--to", str(out), "--key", key, check=False)
    script = [sys.executable, "-I", str(VERIFIER), str(out / reference), "--key", key]
    said = subprocess.run(script, capture_output=True, text=True, check=False)
    proved = said.returncode in (0, 4) and "NOT CHECKED  who made this" not in said.stdout
    return "" if proved else f"{reference}: {handed.stderr}{opened.stderr}{said.stdout}"


async def _compare(it: Installation, told: Told, scratch: Path, found: Verdict) -> None:
    story = referral(it.database, told.reference, it.identity, scratch)
    kept = Counter(strings(story))
    found.out_of_order += _out_of_order(story, told.texts)
    for text in told.texts:
        found.acknowledged += 1
        if not kept[text]:
            found.lost.append(f"{told.reference}: words")
        if kept[text] > 1:
            found.doubled.append(f"{told.reference}: words {kept[text]} times")
    exhibits = Counter(_exhibits(it, told.reference, scratch))
    for content, copies in Counter(told.files).items():
        found.acknowledged += copies
        if exhibits[content] < copies:
            found.lost.append(f"{told.reference}: a file of {len(content)} bytes")
    extra = sum(exhibits.values()) - len(told.files)
    if extra > 0:
        found.doubled.append(f"{told.reference}: {extra} files more than were sent")
    said = Counter(
        m.get("text", "") for kind, m in told.phone.history if kind == "new" and Phone_bot(m)
    )
    found.shown_twice += sum(n - 1 for text, n in said.items() if text and n > 1)


def _out_of_order(story: Any, texts: Sequence[str]) -> bool:
    told = [
        texts.index(text) for text in strings(story["incidents"][0]["account"]) if text in texts
    ]
    return told != sorted(told)


def Phone_bot(message: dict[str, Any]) -> bool:  # noqa: N802
    return bool(message.get("from", {}).get("is_bot"))


def _exhibits(it: Installation, reference: str, scratch: Path) -> Iterator[bytes]:
    """Every exhibit of a referral, opened by hand as docs/officers.md says."""
    key = scratch / f"{reference}.key"
    query = "SELECT object FROM pieces WHERE referral = ? AND object IS NOT NULL"
    for (name,) in rows(it.database, query, reference):
        plain = decrypt(it.object(name), key)
        assert plain is not None, f"{reference}: an exhibit does not open"
        yield plain


async def _cards(it: Installation) -> list[str]:
    """The references on the cards that are in the channel now."""
    return [
        m["text"].split()[1] for m in await it.channel().look() if m["text"].startswith("Referral ")
    ]


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inside in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from strings(inside)
