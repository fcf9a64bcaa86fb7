"""Opening the pieces of a package into the data of a dossier; nothing is compared here."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import pyrage

from bot.errors import Tampered
from bot.referral.digests import APART
from bot.workstation import report_key
from bot.workstation.documents import LEAVES
from bot.workstation.exhibits import Exhibits
from bot.workstation.pieces import Pieces

IDENTITY: Final = f"{APART}.age"
Key: TypeAlias = pyrage.x25519.Identity


@dataclass(frozen=True, slots=True)
class Unsealing:
    """Of one package into the folder `data`. Raises Tampered, naming the piece."""

    pieces: Pieces
    data: Path
    exhibits: Exhibits

    def report(self, key: Key) -> dict[str, Any]:
        """What was sent; returns what referral.json says."""
        return self._documents("", key, self.data)

    def addendum(self, name: str, report: Key) -> None:
        """What was added as a1, a2 …, below its own name; its key opens with the report's."""
        within = f"addenda/{name}/"
        text = opened(self.pieces, f"{within}key.age", report).decode("ascii", "replace").strip()
        try:
            key = Key.from_str(text)
        except pyrage.IdentityError:
            raise Tampered(f"{within}key.age holds no key") from None
        folder = self.data / "addenda" / name
        folder.mkdir(parents=True)
        added = self._documents(within, key, folder)
        self.exhibits.said(f"{name}, added {added['submitted']}, opened")

    def identity(self, mine: list[Key]) -> None:
        """The identity part, for those to whom it is sealed; for others it stays out."""
        key = report_key.sealed_to(self.pieces, "identity-keys", mine)
        if key is not None:
            (self.data / APART).write_bytes(opened(self.pieces, IDENTITY, key))

    def _documents(self, within: str, key: Key, folder: Path) -> dict[str, Any]:
        for part in ("referral.json", "transcript.txt", LEAVES):
            path = f"{within}{part}.age"
            if part != LEAVES or path in self.pieces:
                (folder / part).write_bytes(opened(self.pieces, path, key))
        referral: dict[str, Any] = json.loads((folder / "referral.json").read_bytes())
        self.exhibits.open(within, referral, key, folder)
        for each in set_aside(referral):
            (folder / "set_aside").mkdir(exist_ok=True)
            body = opened(self.pieces, f"{within}set_aside/{each['id']}.json.age", key)
            if hashlib.sha256(body).hexdigest() != each["sha256"]:
                raise Tampered(
                    f"{within}set_aside/{each['id']}.json is not, byte for byte, what was kept"
                )
            (folder / "set_aside" / f"{each['id']}.json").write_bytes(body)
        return referral


def set_aside(referral: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What could not be read and was kept as a piece of its own. Before 0.2 it stands in
    referral.json.
    """
    yield from (each for each in referral.get("set_aside", ()) if "id" in each)


def opened(pieces: Pieces, path: str, key: Key) -> bytes:
    """One sealed piece. Raises Tampered."""
    sealed = pieces.read(path)
    try:
        return bytes(pyrage.decrypt(sealed, [key]))
    except (pyrage.DecryptError, OSError) as failure:  # the second: damaged behind its header
        raise Tampered(f"{path} does not open: {type(failure).__name__}") from None


def openings(pieces: Pieces, report: Key) -> list[dict[str, Any]]:
    """The details of every custody line, each from the piece that has its number. Raises
    Tampered.
    """
    found = [json.loads(opened(pieces, path, report)) for path in pieces.names("custody")]
    for n, body in enumerate(found):
        if body["n"] != n:
            raise Tampered(f"custody/{n:04}.age is the opening of another line")
    return found


def expected(referral: dict[str, Any], within: str = "") -> Iterator[str]:
    """The pieces that a report, or an addition, has by what its referral.json says."""
    yield from (f"{within}{part}.age" for part in ("referral.json", "transcript.txt"))
    if "software" in referral:
        yield f"{within}{LEAVES}.age"
    yield f"{within}key.age" if within else IDENTITY
    yield from (f"{within}exhibits/{exhibit['id']}.age" for exhibit in referral["exhibits"])
    yield from (f"{within}set_aside/{each['id']}.json.age" for each in set_aside(referral))
    for part, names in (("keys", "recipients"), ("identity-keys", "identity_recipients")):
        yield from (f"{part}/{fingerprint}.age" for fingerprint in referral.get(names, ()))
