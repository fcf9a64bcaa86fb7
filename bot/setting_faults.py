"""What is wrong with the settings that were given, in words, each with the nearest right name."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.errors import Misconfigured
from bot.settings import EXAMPLES, PREFIX, SANDBOX_MARK, SECRET, Settings, example_of, on_loopback

DATABASES: Final = ("sqlite", "postgresql")
LAST_PORT: Final = 65_535


def in_sentences(wrong: ValidationError) -> Iterator[str]:
    for error in wrong.errors(include_input=False, include_url=False):
        name = str(error["loc"][0]).upper() if error["loc"] else "settings"
        example = EXAMPLES.get(name, "")
        yield f"{PREFIX}{name}: {_in_words(error)}" + (
            f"; for example {PREFIX}{name}={example}" if example else ""
        )


def _in_words(error: ErrorDetails) -> str:
    """What a value should have been, not in a library's words."""
    kind = error["type"].partition("_")[0]
    limits = error.get("ctx", {})
    words = {"ge": "at least", "gt": "more than", "le": "at most"}
    for name, how in words.items():
        if name in limits:
            return f"must be {how} {limits[name]}"
    kinds = {
        "int": "must be a whole number",
        "float": "must be a number",
        "finite": "must be a number",
        "bool": "must be 1 or 0",
    }
    return kinds.get(kind, error["msg"])


def faults_of(settings: Settings, role: str) -> Iterator[str]:
    """Everything that is wrong, not only the first of it."""
    yield from _of_tokens(settings, role)
    if role in ("", "officers"):
        yield from _of_channel(settings)
    yield from _of_telegram(settings)
    yield from _of_database(settings)
    yield from _of_officers_database(settings)
    yield from _of_keys_service(settings, role)
    yield from _of_addresses(settings)
    yield from _of_folders(settings)


def _of_tokens(settings: Settings, role: str) -> Iterator[str]:
    needed = {"witness_bot_token": ("", "witness", "files"), "officers_bot_token": ("", "officers")}
    for name, roles in needed.items():
        token = getattr(settings, name).get_secret_value()
        number, _, rest = token.partition(":")
        if role in roles and (not number.isdecimal() or not rest):
            yield example_of(name, "is missing or is no bot token")
        if (SANDBOX_MARK in token) is not (settings.mode == "sandbox") and token:
            yield example_of(name, "mixes the sandbox's own token with another")


def _of_telegram(settings: Settings) -> Iterator[str]:
    """What witnesses say and our tokens go over no network unencrypted."""
    near = on_loopback(settings.telegram_api)
    if settings.mode == "sandbox" and not near:
        yield example_of("telegram_api", "is not on loopback, and the tokens are the sandbox's")
    elif settings.mode == "practice" and not near:
        yield (
            f"{PREFIX}PRACTICE is set, and a practice installation speaks to a server on loopback "
            f"only; for example {PREFIX}TELEGRAM_API=http://127.0.0.1:8081; to go live, unset "
            f"{PREFIX}PRACTICE"
        )
    elif not _is_private(settings.telegram_api):
        yield example_of("telegram_api", "must begin with https:// (http:// on loopback only)")
    if settings.telegram_local and settings.telegram_files is None:
        yield example_of(
            "telegram_files", "is missing: where that server keeps the files it hands out"
        )


def _is_private(address: str) -> bool:
    """Whether what goes there is encrypted, or stays on this machine."""
    scheme = urlsplit(address).scheme
    return scheme == "https" or (scheme == "http" and on_loopback(address))


def _of_database(settings: Settings) -> Iterator[str]:
    if settings.database_url and not _names_a_database(settings.database_url):
        yield example_of(
            "database_url",
            "is neither sqlite:///PATH nor postgresql://USER@HOST/NAME (a password has %40 for @, "
            "%2F for /)",
        )


def _of_officers_database(settings: Settings) -> Iterator[str]:
    """A login of their own is of use only where there are logins."""
    own = settings.officers_database_url
    if own and (own.startswith("sqlite") or not _names_a_database(own)):
        yield example_of("officers_database_url", "is no address of a PostgreSQL database")


def _of_keys_service(settings: Settings, role: str) -> Iterator[str]:
    if role == "keys" and not settings.keys_listen:
        yield example_of("keys_listen", "is missing")
    if settings.key_services and settings.database.startswith("sqlite"):
        yield example_of(
            "database_url", "must be PostgreSQL's, since FIRSTHAND_KEYS_SERVICE is set"
        )
    if any(urlsplit(address).scheme != "https" for address in settings.key_services):
        yield example_of("keys_service", "is no list of https:// addresses")


def _of_addresses(settings: Settings) -> Iterator[str]:
    for name in ("health", "webhook_listen", "keys_listen"):
        address = getattr(settings, name)
        host, _, port = address.rpartition(":")
        if address and not (host and port.isdecimal() and 0 < int(port) <= LAST_PORT):
            yield example_of(name, "is no HOST:PORT")
    if settings.webhook_url and not _is_private(settings.webhook_url):
        yield example_of("webhook_url", "must begin with https:// (http:// on loopback only)")
    if settings.webhook_url and not SECRET.fullmatch(settings.webhook_secret.get_secret_value()):
        yield example_of("webhook_secret", "is missing or shorter than 32 letters and digits")


def _of_folders(settings: Settings) -> Iterator[str]:
    if settings.vault_url:
        try:
            settings.store()
        except Misconfigured as wrong:
            yield str(wrong)
    home, keys = settings.home.absolute(), settings.key_folder.absolute()
    if keys == home or home in keys.parents:
        yield example_of(
            "keys", "lies inside FIRSTHAND_HOME, so that a copy of it would carry the keys"
        )
    mirror = settings.keys_mirror and settings.keys_mirror.absolute()
    for folder in (home, keys, settings.vault_folder):
        if mirror and folder and (mirror in (folder, *folder.parents) or folder in mirror.parents):
            yield example_of("keys_mirror", "must be a folder of its own, on another disk")
            break


def _of_channel(settings: Settings) -> Iterator[str]:
    """The id of a channel, as the Bot API has it: -100 before what some clients show."""
    if not settings.officers_channel:
        yield example_of("officers_channel", "is missing")
    elif not str(settings.officers_channel).startswith("-100"):
        yield example_of("officers_channel", "is no channel's id, which begins with -100")


def _names_a_database(address: str) -> bool:
    """As the driver will read it; a password that is not escaped would be taken for the host."""
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        return False
    if parts.scheme == "sqlite":
        return not parts.netloc
    return parts.scheme in DATABASES and parts.netloc.count("@") <= 1 and port != 0
