"""Lifting the legal hold of a referral's files: two supervisors say so, each from their own
account.

The server's own key to the bucket cannot lift a hold if the bucket's owner set it up so: the
command is run with the owner's key, and asks the ledger first.
"""

from collections.abc import Callable

from bot.clock import clock
from bot.errors import Refused, Tampered
from bot.officers.lifting import LIFTED, lifting
from bot.operator.copy_vault import why_refused
from bot.settings import Settings
from storage import custody, keys, ledger, referrals
from storage.database import Database
from storage.ledger import Entry
from storage.store import Full, Missing, StoreAway


async def lift(settings: Settings, reference: str, say: Callable[[str], None]) -> None:
    """Lift it from every file of this referral. Raises Refused, Tampered."""
    facts = keys.load(settings.key_folder, "facts", make=False)
    database, store = Database(settings.database), settings.store()
    try:
        async with database.reading() as connection:
            referral = await referrals.get(connection, reference, facts)
            if referral is None:
                raise Refused(f"there is no referral {reference}")
            lines = await ledger.lines(connection, reference)
            objects = [p.object for p in await referrals.pieces(connection, reference) if p.object]
        if custody.check(lines, reference):
            raise Tampered(
                f"the custody log of {reference} is not whole; keep this machine as it is"
            )
        two = lifting(lines, int(clock()))
        if not two.agreed:
            raise Refused(
                "two supervisors must say so first, each in their own chat with the officers' "
                f"bot: /lift {reference}"
            )
        for name in objects:
            await store.lift(name)
        async with database.writing() as connection:
            entry = Entry(
                LIFTED, "the operator", reference, {"asked": two.asked, "agreed": two.agreed}
            )
            key = referral.account_recipient
            await ledger.append(
                connection, reference, [entry], hour=int(clock()) // 3600, recipient=key
            )
    except (StoreAway, Full, Missing) as refused:
        why = "a file is missing" if isinstance(refused, Missing) else why_refused(refused)
        remedy = (
            "run it again, with the key of the bucket's owner in FIRSTHAND_VAULT_KEY and _SECRET"
        )
        raise Refused(f"stopped: {why}; {remedy}") from None
    finally:
        await database.close()
    say(
        f"{reference}: {len(objects)} files are no longer held. Nothing was removed. What is "
        "retained stays so."
    )
