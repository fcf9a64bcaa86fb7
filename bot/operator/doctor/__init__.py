"""What is wrong with this installation, in words, with the remedy; looks only, changes nothing."""

from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path

from bot import appeal, config
from bot.errors import Misconfigured
from bot.operator.doctor import files, keyring, records, telegram, texts, waiting
from bot.operator.doctor.finding import Finding as Finding
from bot.settings import Settings


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
    found: list[Finding] = []
    alone = _of_keys(settings, role) if role in records.ALONE else _examine(settings, role)
    for part in alone:
        try:
            found += [finding async for finding in part]
        except OSError as refused:  # what is wrong with one part hides no other
            what = (
                f"{refused.filename or type(refused).__name__} cannot be read ({refused.strerror})."
            )
            found.append(
                Finding(
                    what,
                    "chown it to the user that runs firsthand, and run this again as that user.",
                )
            )
    return found


def _of_keys(settings: Settings, role: str) -> Iterator[AsyncIterator[Finding]]:
    """Of a machine that has the shred keys, or the key of the custody log, and nothing else: no
    bot, no vault, no texts.
    """
    yield _each(files.examine(settings, role))
    yield _each(waiting.alive(settings.home))
    yield records.examine(settings, role)
    if role == "keys":
        yield keyring.examine(settings, role)


def _examine(settings: Settings, role: str) -> Iterator[AsyncIterator[Finding]]:
    yield _each(texts.examine(settings))
    yield _each(files.examine(settings, role))
    yield _each(waiting.alive(settings.home))
    if not settings.database_url and _is_missing(settings.home / "firsthand.db"):
        yield _each(_no_database())
        return
    yield records.examine(settings)
    yield keyring.examine(settings, role)
    yield telegram.examine(settings, role)


def _is_missing(path: Path) -> bool:
    """Of what may not be looked at it is not known, and whoever opens it will say so."""
    try:
        return not path.exists()
    except OSError:
        return False


def _no_database() -> Iterator[Finding]:
    remedy = (
        "If it was lost, start nothing: firsthand restore --help. If this is new, start once with: "
        "firsthand run"
    )
    yield Finding("There is no database yet.", remedy)


async def _each(found: Iterable[Finding]) -> AsyncIterator[Finding]:
    for finding in found:
        yield finding
