"""Settings that were given and are none, or set nothing: whoever set them believes that they do."""

import os
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from bot.settings import PREFIX, Settings, example_of

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


ALONE: Final = ("custody", "keys")
"""Roles that speak to nobody, and have no token."""


def silent_sandbox(given: set[str], role: str) -> Iterator[str]:
    """Whoever gives secrets, or names their channel, wants no sandbox; the owner of the keys alone
    has no token.
    """
    if {"witness_bot_token", "officers_bot_token", "keys_listen"} & given or role in ALONE:
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
