"""What is wrong with this installation, in words, with the remedy; looks only, changes nothing."""

from collections.abc import AsyncIterator

from bot import appeal, config
from bot.config import Settings
from bot.doctor import files, records, telegram, texts, waiting
from bot.doctor.finding import Finding as Finding
from bot.errors import Misconfigured


async def examine() -> list[Finding]:
    """Everything that is wrong, most basic first."""
    try:
        settings = config.read()
        appeal.load(settings.appeal)
    except Misconfigured as wrong:
        remedy = "Set it, in the environment or as a file in FIRSTHAND_SECRETS, and run this again."
        return [Finding(str(wrong), remedy)]
    return [finding async for finding in _examine(settings)]


async def _examine(settings: Settings) -> AsyncIterator[Finding]:
    for finding in (*texts.examine(settings), *files.examine(settings), *waiting.alive(settings.home)):
        yield finding
    if not (settings.home / "firsthand.db").exists() and not settings.database_url:
        remedy = (
            "If it was lost, start nothing: firsthand restore --help. If this is new, start once with: firsthand run"
        )
        yield Finding("There is no database yet.", remedy)
        return
    async for finding in records.examine(settings):
        yield finding
    async for finding in telegram.examine(settings):
        yield finding
