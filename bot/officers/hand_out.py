"""Handing out: the line in the custody log that says what left the server, and to whom.

1. The line binds every sealed piece of the referral as it is at that moment. What is added later
   leaves with a line of its own.
2. The package is written once a signed head has that line (bot/custody/signing.py); until then it
   waits.
"""

from bot.referral.package import pieces_digest
from storage import ledger, referrals
from storage.connection import Connection
from storage.custody import HANDED_OUT
from storage.ledger import Entry
from storage.records import Referral


async def enter(
    connection: Connection,
    referral: Referral,
    actor: str,
    details: dict[str, str | int],
    *,
    hour: int,
) -> tuple[int, str]:
    """Enter a hand-out by `actor`; returns the number of its line, and the digest of the pieces
    that it binds.
    """
    log = referral.reference
    await ledger.lock(connection, log)  # so that no addition comes between the pieces and the line
    sums = {p.path: p.sealed_sha256 for p in await referrals.pieces(connection, log)}
    digest = pieces_digest(sums)
    entry = Entry(HANDED_OUT, actor, log, {**details, "pieces": len(sums), "pieces_sha256": digest})
    line = await ledger.append(
        connection, log, [entry], hour=hour, recipient=referral.account_recipient
    )
    return line, digest
