"""A witness's receipt beside a dossier, on an officer's machine."""

import json
from pathlib import Path

from bot.errors import Refused, Tampered
from bot.referral import signed_receipt
from bot.referral.times import hour


def check(paper: Path, dossier: Path, key: str) -> list[str]:
    """What was found, in sentences. Raises Refused where something is not there, Tampered where
    they disagree.
    """
    try:
        text = paper.read_text("utf-8")
        referral = (dossier / "data" / "referral.json").read_bytes()
    except (OSError, UnicodeDecodeError) as failure:
        raise Refused(f"cannot be read: {failure}") from None
    own = str(json.loads(referral).get("installation_key", ""))
    if not key and not own:
        raise Refused(
            "the dossier names no key of an installation; give the published one with --key"
        )
    if key and own and key != own:
        raise Tampered("the dossier is of another installation than the published key")
    said = signed_receipt.check(text, key or own)
    signed_receipt.compare(said, referral)
    return [
        (
            f"✓ the receipt of {said['reference']} is signed by "
            f"{'the published key' if key else 'the key in the dossier'}"
        ),
        f"✓ {said['files']} files and the report are what was received on {hour(said['hour'])}",
    ]
