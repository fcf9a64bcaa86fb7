"""The database as it is opened at a start: what is wrong is said with its setting's name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from bot.errors import Misconfigured, Refused
from bot.logs import where_raised
from bot.settings import Settings
from storage import schema
from storage.connection import DatabaseAway
from storage.database import Database, NotMade

DATABASE: Final = "FIRSTHAND_DATABASE_URL"
NOT_LET_IN: Final = (
    "InvalidPasswordError",
    "InvalidAuthorizationSpecificationError",
    "InvalidCatalogNameError",
)
"""What does not pass by itself, so that starting again and again is in vain."""


@asynccontextmanager
async def opened_database(settings: Settings) -> AsyncIterator[Database]:
    """The database; what is wrong with it is said with its setting's name."""
    try:
        database = Database(settings.database)
    except ValueError as wrong:
        raise Misconfigured(f"{DATABASE}: {wrong}") from None
    try:
        yield database
    except schema.WrongInstallation:
        raise wrong_database(settings) from None
    except schema.NewerSchema:
        raise Misconfigured(
            f"{DATABASE}: this database was used by a newer release; run that one"
        ) from None
    except DatabaseAway as failure:
        if str(failure) in NOT_LET_IN:
            raise Misconfigured(
                f"{DATABASE}: the database lets nobody in with this address ({failure})"
            ) from None
        raise Refused(
            f"{DATABASE}: the database does not answer ({failure}); when it does, start again"
        ) from None
    except (SQLAlchemyError, NotMade) as failure:
        raise _unusable(settings, failure) from None
    finally:
        await database.close()


def _unusable(settings: Settings, failure: Exception) -> Exception:
    """Why, by who must act: a full disk passes once there is room, an unset address is not
    wrong.
    """
    if "disk is full" in str(failure):
        return Refused(f"the disk of {settings.home} is full: make room there, and run this again")
    if settings.database_url:
        return Misconfigured(
            f"{DATABASE}: the database cannot be used ({where_raised(failure)}): see that it is "
            "there, that the address names it, and that it can be written"
        )
    file = settings.home / "firsthand.db"
    if not file.exists():
        return Misconfigured(
            f"FIRSTHAND_HOME: there is no installation in {settings.home}; run: firsthand prepare"
        )
    return Misconfigured(
        f"FIRSTHAND_HOME: {file} cannot be used ({where_raised(failure)}): see that it and its "
        "folder belong to the user that runs firsthand, and can be written"
    )


def wrong_database(settings: Settings) -> Misconfigured:
    other = "live" if settings.is_practice else "practice"
    return Misconfigured(f"{DATABASE}: this database belongs to a {other} installation")
