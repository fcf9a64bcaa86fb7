"""Sealed files: whether the vault holds what the records say, under the rules it should have."""

from collections.abc import AsyncIterator

from sqlalchemy import select

from bot.operator.doctor.finding import STOP, Finding
from storage import tables as t
from storage.database import Database
from storage.store import Store


async def examine_rules(store: Store) -> AsyncIterator[Finding]:
    """What a bucket itself does with objects must suit evidence that may still be erased before it
    is sent.
    """
    found = await store.rules()
    if found.default_retention:
        remedy = (
            "Take the default retention off the bucket: it would keep what witnesses erase. Holds "
            "are set by us."
        )
        yield Finding("The vault's bucket locks every new object.", remedy)
    if not found.versioned:
        yield Finding("The vault's bucket keeps no versions.", "Turn versioning on.")
    if not found.lockable:
        remedy = "Make a bucket with object lock and move there: firsthand vault copy --help"
        yield Finding(
            "The vault's bucket cannot lock objects: whoever has its key can remove evidence.",
            remedy,
        )


async def examine_vault(database: Database, store: Store) -> AsyncIterator[Finding]:
    """What a referral names must be there, in its size; the digests are checked when a package is
    opened.

    Of what unsent reports name that which is missing and named still, so that nobody erased it
    meanwhile. No transaction is open while the vault is asked: a bucket takes its time for each.
    """
    filed, unsent = await _named(database)
    sizes = [(await store.size(name), size) for name, size in filed.items()]
    missing = {name for name in unsent if await store.size(name) is None}
    if missing:
        missing &= (await _named(database))[1]
    if lost := sum(there is None for there, _ in sizes):
        yield Finding(f"{lost} exhibits of referrals are not in the vault.", STOP)
    if odd := sum(there not in (None, size) for there, size in sizes):
        yield Finding(f"{odd} exhibits of referrals have another size than they had.", STOP)
    if missing:
        yield Finding(f"{len(missing)} files of unsent reports are not in the vault.", STOP)


async def _named(database: Database) -> tuple[dict[str, int], set[str]]:
    """The objects of referrals, with their sizes in bytes, and those of unsent reports."""
    p, e = t.pieces.c, t.exhibits.c
    async with database.reading() as connection:
        filed = await connection.execute(select(p.object, p.size).where(p.object.is_not(None)))
        unsent = await connection.execute(select(e.object).where(e.object.is_not(None)))
        return {str(row.object): int(row.size) for row in filed}, {
            str(name) for name in unsent.scalars()
        }
