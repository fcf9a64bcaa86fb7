"""The custody role: the signature under the custody log, with as little beside it as can be."""

from bot.clock import clock
from bot.custody.signing import LEASE, signing_of
from bot.process import heartbeat
from bot.process.leasing import run_while_leased
from bot.process.together import run_together
from bot.settings import Settings
from storage.database import Database
from storage.leases import Lease


async def custody(settings: Settings) -> None:
    """The signature under the custody log. Has its key, and no other."""
    database = Database(settings.database)
    try:
        signing = await signing_of(database, settings.key_folder, clock)
        lease = Lease(database, LEASE, settings.lock_folder)
        await run_together(
            lambda: run_while_leased(lease, clock, signing.serve),
            lambda: heartbeat.beat(settings.home, "custody"),
        )
    finally:
        await database.close()
