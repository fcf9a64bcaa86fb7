"""Moving the vault to another store, while everything runs or in between."""

from collections.abc import Callable

from bot.clock import clock
from bot.errors import Misconfigured, Refused, Tampered
from bot.operator.installation import require_installation
from bot.operator.progress import Progress
from bot.settings import Settings
from storage import copying, key_owner, leases
from storage.connection import Connection
from storage.copying import Copied
from storage.database import Database
from storage.key_file import is_owned
from storage.store import Full, StoreAway


async def copy_vault(
    settings: Settings, to: str, say: Callable[[str], None], *, check: bool
) -> None:
    """Copy the vault to the store at `to`. Raises Misconfigured, Tampered; what was copied by then
    stays copied.
    """
    if to.rstrip("/") == settings.vault.rstrip("/"):
        raise Misconfigured(f"{to} is where the vault is now")
    await require_installation(settings)
    source, target = settings.store(), settings.store(to)
    database = Database(settings.database)
    try:
        async with database.reading() as connection:
            names = await copying.kept(connection)
            running = await _running(settings, connection)
    finally:
        await database.close()
    if running:
        later = [name for name, wanted in names.items() if not wanted.filed]
        names = {name: wanted for name, wanted in names.items() if wanted.filed}
        say(
            f"firsthand is running: {len(later)} files of unsent reports, which may be erased, "
            "wait for the last run."
        )
    progress = Progress(len(names), "objects", say)
    try:
        done = await copying.copy(
            source,
            target,
            names,
            check=check,
            told=lambda d: progress.at(d.copied + d.there, d.bytes),
        )
    except (StoreAway, Full) as refused:
        raise Refused(
            f"the copy stopped: {why_refused(refused)}; what was copied stays, run it again"
        ) from None
    report(done, say)


async def _running(settings: Settings, connection: Connection) -> bool:
    """Whether anybody owns the shred keys."""
    if not settings.holds_shred_keys:
        return await leases.is_held(connection, key_owner.LEASE, now=int(clock()))
    return is_owned(settings.shred_keys)


def why_refused(refused: StoreAway | Full) -> str:
    """Why a store takes nothing, in words."""
    return (
        "there is no room left; make some"
        if isinstance(refused, Full)
        else f"the store does not answer ({refused})"
    )


def report(done: Copied, say: Callable[[str], None]) -> None:
    """What was done, in words. Raises Tampered."""
    say(
        f"{done.copied} objects copied ({done.bytes / 1e6:.1f} MB) and read back, {done.there} "
        "were there already."
    )
    if done.wrong or done.gone:
        names = ", ".join([*done.wrong, *done.gone][:5])
        raise Tampered(
            f"{len(done.wrong)} objects are not what their records say, {len(done.gone)} of "
            f"referrals are missing ({names}); keep this machine as it is, and tell the officer in "
            "charge"
        )
