"""What is wrong with the settings that were given, in words, each with the nearest right name."""

import os
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.errors import Misconfigured
from bot.settings import EXAMPLES, PREFIX, SANDBOX_MARK, SECRET, Settings, example_of, on_loopback

BESIDE: Final = (
    "SECRETS",
    "SUPERVISED",
    "RENEW",
    "HANDOVER",
    "DRILL",
    "TEST_POSTGRES",
    "TEST_RUN",
    "SCREENSHOTS",
    "ROBOT",
    "UPLOADS",
)
"""No settings: where secrets are, what a supervisor tells its children, and names of drills and
tests.
"""
DATABASES: Final = ("sqlite", "postgresql")
LAST_PORT: Final = 65_535


def is_known(name: str) -> bool:
    return name.upper().removeprefix(PREFIX) in {
        *(field.upper() for field in Settings.model_fields),
        *BESIDE,
    }


def unknown_setting(name: str) -> str:
    """A name that sets nothing, such as one with a slip in it: what was meant would be left as it
    is, unseen.
    """
    fields = [field.upper() for field in Settings.model_fields]
    spelt = re.sub("[^A-Z]+", "_", name.upper().removeprefix("FIRSTHAND").strip("-_. "))
    close = get_close_matches(spelt, fields, 1)
    return f"{name} is no setting" + (
        f"; {PREFIX}{close[0]} is one" if close else "; docs/operating.md lists them"
    )


def files_that_are_none(secrets: Path) -> list[str]:
    """Files that are meant for a setting and set none: one with a dash in its name, or without the
    prefix.
    """
    names = sorted(path.name for path in secrets.iterdir())
    meant = [
        name
        for name in names
        if name.casefold().startswith("firsthand") or _bare(name) in Settings.model_fields
    ]
    return [name for name in meant if not name.upper().startswith(PREFIX) or not is_known(name)]


def _bare(name: str) -> str:
    """As a setting is named without the prefix."""
    return re.sub("[^a-z]+", "_", name.casefold())


def names_given(secrets: str | None) -> set[str]:
    """The settings that somebody set, wherever."""
    files = [path.name for path in Path(secrets).iterdir()] if secrets else []
    set_here = [name for name in os.environ if os.environ[name].strip()]
    names = [name.upper() for name in (*set_here, *files)]
    return {name.removeprefix(PREFIX).lower() for name in names if name.startswith(PREFIX)}


def idle_settings(settings: Settings, given: set[str]) -> Iterator[str]:
    """What was set and sets nothing as things stand: whoever set it believes that it does."""
    elsewhere = bool(settings.key_services) and not settings.keys_listen
    service = settings.key_services or settings.keys_listen
    for names, idle, where in (
        (("keys_mirror",), elsewhere, "where the keys process has its file"),
        (("keys_tls",), not service, "with FIRSTHAND_KEYS_SERVICE or FIRSTHAND_KEYS_LISTEN"),
        (
            ("webhook_secret", "webhook_listen"),
            not settings.webhook_url,
            "with FIRSTHAND_WEBHOOK_URL",
        ),
        (("telegram_files",), not settings.telegram_local, "with FIRSTHAND_TELEGRAM_LOCAL=1"),
    ):
        if idle:
            yield from (
                f"{PREFIX}{name.upper()} is set, and counts only {where}"
                for name in names
                if name in given
            )


def silent_sandbox(given: set[str], role: str) -> Iterator[str]:
    """Whoever gives secrets, or names their channel, wants no sandbox; the owner of the keys alone
    has no token.
    """
    if {"witness_bot_token", "officers_bot_token", "keys_listen"} & given or role == "keys":
        return
    for name in ("secrets", "officers_channel"):
        if name in given:
            yield example_of(
                "witness_bot_token",
                f"is missing, though {PREFIX}{name.upper()} is set; for the sandbox, unset that",
            )
            return
    for name in ("witness_bot_token", "officers_bot_token"):
        if os.environ.get(name.upper()):
            yield f"{name.upper()} is no setting; {PREFIX}{name.upper()} is one"


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
    needed = {"witness_bot_token": ("", "witness", "files"), "officers_bot_token": ("", "officers")}
    for name, roles in needed.items():
        token = getattr(settings, name).get_secret_value()
        number, _, rest = token.partition(":")
        if role in roles and (not number.isdecimal() or not rest):
            yield example_of(name, "is missing or is no bot token")
        if (SANDBOX_MARK in token) is not (settings.mode == "sandbox") and token:
            yield example_of(name, "mixes the sandbox's own token with another")
    if settings.mode == "sandbox" and not on_loopback(settings.telegram_api):
        yield example_of("telegram_api", "is not on loopback, and the tokens are the sandbox's")
    if role in ("", "officers"):
        yield from _of_channel(settings)
    yield from _in_clear_text(settings)
    if settings.mode == "practice" and not on_loopback(settings.telegram_api):
        yield (
            f"{PREFIX}PRACTICE is set, and a practice installation speaks to a server on loopback "
            f"only; for example {PREFIX}TELEGRAM_API=http://127.0.0.1:8081; to go live, unset "
            f"{PREFIX}PRACTICE"
        )
    if settings.database_url and not _names_a_database(settings.database_url):
        what = (
            "is neither sqlite:///PATH nor postgresql://USER@HOST/NAME (a password has %40 for @, "
            "%2F for /)"
        )
        yield example_of("database_url", what)
    if settings.telegram_local and settings.telegram_files is None:
        yield example_of(
            "telegram_files", "is missing: where that server keeps the files it hands out"
        )
    if role == "keys" and not settings.keys_listen:
        yield example_of("keys_listen", "is missing")
    if settings.key_services and settings.database.startswith("sqlite"):
        yield example_of(
            "database_url", "must be PostgreSQL's, since FIRSTHAND_KEYS_SERVICE is set"
        )
    if any(urlsplit(address).scheme != "https" for address in settings.key_services):
        yield example_of("keys_service", "is no list of https:// addresses")
    for name in ("health", "webhook_listen", "keys_listen"):
        address = getattr(settings, name)
        host, _, port = address.rpartition(":")
        if address and not (host and port.isdecimal() and 0 < int(port) <= LAST_PORT):
            yield example_of(name, "is no HOST:PORT")
    if settings.webhook_url and not SECRET.fullmatch(settings.webhook_secret.get_secret_value()):
        yield example_of("webhook_secret", "is missing or shorter than 32 letters and digits")
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
    mirror, apart = (
        settings.keys_mirror and settings.keys_mirror.absolute(),
        (home, keys, settings.vault_folder),
    )
    if mirror and any(
        f is not None and (f == mirror or f in mirror.parents or mirror in f.parents) for f in apart
    ):
        yield example_of("keys_mirror", "must be a folder of its own, on another disk")


def _of_channel(settings: Settings) -> Iterator[str]:
    """The id of a channel, as the Bot API has it: -100 before what some clients show."""
    if not settings.officers_channel:
        yield example_of("officers_channel", "is missing")
    elif not str(settings.officers_channel).startswith("-100"):
        yield example_of("officers_channel", "is no channel's id, which begins with -100")


def _in_clear_text(settings: Settings) -> Iterator[str]:
    """What witnesses say and our tokens go over no network unencrypted."""
    telegram = urlsplit(settings.telegram_api)
    if telegram.scheme != "https" and not (
        telegram.scheme == "http" and on_loopback(settings.telegram_api)
    ):
        yield example_of("telegram_api", "must begin with https:// (http:// on loopback only)")
    if settings.webhook_url and urlsplit(settings.webhook_url).scheme != "https":
        yield example_of("webhook_url", "must begin with https://")


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
