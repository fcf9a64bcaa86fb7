"""Configuration, read once: environment, or files of the same names in FIRSTHAND_SECRETS; secrets
have no repr.
"""

import os
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import SettingsError

from bot.errors import Misconfigured
from bot.setting_faults import faults_of, in_sentences
from bot.setting_names import (
    files_that_are_none,
    idle_settings,
    is_known,
    names_given,
    silent_sandbox,
    unknown_setting,
)
from bot.settings import PREFIX, Settings


def read(role: str = "") -> Settings:
    """The settings of this process; a role needs its own bot's token only. Raises Misconfigured."""
    secrets = os.environ.get("FIRSTHAND_SECRETS")
    if secrets and not Path(secrets).is_dir():
        raise Misconfigured(
            f"FIRSTHAND_SECRETS: {secrets} is no folder; for example "
            "FIRSTHAND_SECRETS=/etc/firsthand/secrets"
        )
    found = [
        unknown_setting(name)
        for name in sorted(os.environ)
        if name.upper().startswith(PREFIX) and not is_known(name)
    ]
    if secrets:
        found += [
            f"FIRSTHAND_SECRETS: in {secrets}, {unknown_setting(name)}"
            for name in files_that_are_none(Path(secrets))
        ]
    try:
        of_files = {"_secrets_dir": secrets} if secrets else {}
        settings = Settings(**of_files)  # type: ignore[arg-type]
    except ValidationError as wrong:
        raise Misconfigured("\n".join([*found, *in_sentences(wrong)])) from None
    except SettingsError:
        raise Misconfigured(f"FIRSTHAND_SECRETS: the files in {secrets} cannot be read") from None
    if role == "officers" and settings.officers_database_url:
        own = {"database_url": settings.officers_database_url}
        settings = settings.model_copy(update=own)  # a login of its own
    given = names_given(secrets)
    found = [
        *found,
        *silent_sandbox(given, role),
        *faults_of(settings, role),
        *idle_settings(settings, given),
    ]
    if found:
        raise Misconfigured("\n".join(found))
    return settings
