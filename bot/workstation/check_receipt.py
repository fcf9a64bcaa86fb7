"""A witness's receipt beside a dossier, on an officer's machine."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import Refused, Tampered
from bot.referral import signed_receipt
from bot.referral.times import readable_hour
from bot.workstation import verify_dossier


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found, in sentences, and which files of the receipt are not in the dossier."""

    found: Sequence[str]
    missing: Sequence[str]


def check(paper: Path, dossier: Path, key: str) -> Checked:
    """Compare the dossier, every file of it, with what the receipt says was received.

    Raises Refused where something is not there, Tampered where they disagree.
    """
    raw, referral = _read(paper, dossier)
    own = str(referral.get("installation_key", ""))
    if not key and not own:
        raise Refused(
            "the dossier names no key of an installation; give the published one with --key"
        )
    if key and own and key != own:
        raise Tampered("the dossier is of another installation than the published key")
    said = signed_receipt.check(paper.read_text("utf-8"), key or own)
    signed_receipt.compare(said, raw)
    rows = verify_dossier.dossier(dossier)
    missing = [
        name for name in rows.missing if "/" not in name
    ]  # what was added later is in no receipt
    signer = "the published key" if key else "the key in the dossier"
    whole = int(said["files"]) - len(missing)
    return Checked(
        (
            f"the receipt of {said['reference']} is signed by {signer}",
            (
                f"{whole} files and the report are, byte for byte, what was received on "
                f"{readable_hour(said['hour'])}"
            ),
        ),
        missing,
    )


def _read(paper: Path, dossier: Path) -> tuple[bytes, dict[str, Any]]:
    try:
        paper.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise Refused(
            f"{paper} cannot be read as text: save the witness's whole message as a file"
        ) from None
    try:
        raw = (dossier / "data" / "referral.json").read_bytes()
    except OSError:
        raise Refused(
            f"{dossier} is no opened dossier: give the folder that firsthand open wrote"
        ) from None
    return raw, json.loads(raw)
