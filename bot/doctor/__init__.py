"""What is wrong with this installation, in words, with the remedy; looks only, changes nothing."""

from collections.abc import AsyncIterator

from bot import appeal, config
from bot.config import Settings
from bot.doctor import files, keyring, records, telegram, texts, waiting
from bot.doctor.finding import Finding as Finding
from bot.errors import Misconfigured


async def examine(role: str = "") -> list[Finding]:
    """Everything that is wrong, most basic first; with a role, on a machine that runs nothing else.

    Raises Misconfigured for a role that there is not.
    """
    if role not in files.HELD:
        roles = ", ".join(name for name in files.HELD if name)
        raise Misconfigured(f"--role {role}: roles are {roles}; for example --role keys")
    try:
        settings = config.read(role)
        appeal.load(settings.appeal)
    except Misconfigured as wrong:
        remedy = "Set it, in the environment or as a file in FIRSTHAND_SECRETS, and run this again."
        return [Finding(str(wrong), remedy)]
    return [finding async for finding in (_of_keys(settings) if role == "keys" else _examine(settings, role))]


async def _of_keys(settings: Settings) -> AsyncIterator[Finding]:
    """Of a machine that has the shred keys and nothing else: no bot, no vault, no texts."""
    for finding in (*files.examine(settings, "keys"), *waiting.alive(settings.home)):
        yield finding
    async for finding in records.examine(settings, "keys"):
        yield finding
    async for finding in keyring.examine(settings):
        yield finding


async def _examine(settings: Settings, role: str) -> AsyncIterator[Finding]:
    for finding in (*texts.examine(settings), *files.examine(settings, role), *waiting.alive(settings.home)):
        yield finding
    if not (settings.home / "firsthand.db").exists() and not settings.database_url:
        remedy = (
            "If it was lost, start nothing: firsthand restore --help. If this is new, start once with: firsthand run"
        )
        yield Finding("There is no database yet.", remedy)
        return
    async for finding in records.examine(settings):
        yield finding
    async for finding in keyring.examine(settings):
        yield finding
    async for finding in telegram.examine(settings, role):
        yield finding
