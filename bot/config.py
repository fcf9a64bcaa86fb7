"""Configuration, read once: environment, or files of the same names in FIRSTHAND_SECRETS; secrets
have no repr.
"""

import os
import re
from collections.abc import Iterator
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from bot.appeal import EXAMPLE
from bot.errors import Misconfigured
from storage.store import Store
from storage.stores import open_store

PREFIX: Final = "FIRSTHAND_"
TELEGRAM: Final = "https://api.telegram.org"
BOTS: Final = ("witness", "files", "officers")
"""The roles that every installation runs; one that serves its keys to others has `keys`, too."""
SANDBOX_MARK: Final = "SANDBOX"
SANDBOX_TOKENS: Final = {
    "witness": f"1000001:{SANDBOX_MARK}-witness-only-on-loopback",
    "officers": f"1000002:{SANDBOX_MARK}-officers-only-on-loopback",
}
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
SANDBOX_CHANNEL: Final = -1001000000001
EXAMPLES: Final = {
    "WITNESS_BOT_TOKEN": "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11",
    "OFFICERS_BOT_TOKEN": "234567:ABC-DEF1234ghIkl-zyx57W2v1u123ew11",
    "OFFICERS_CHANNEL": "-1001234567890",
    "TELEGRAM_API": TELEGRAM,
    "TELEGRAM_FILES": "/var/lib/telegram-bot-api",
    "HOME": "/var/lib/firsthand",
    "KEYS": "/etc/firsthand/keys",
    "KEYS_MIRROR": "/mnt/second-disk/firsthand-keys",
    "KEYS_SERVICE": "https://keys-a.internal:8470,https://keys-b.internal:8470",
    "KEYS_LISTEN": "10.0.0.5:8470",
    "KEYS_TLS": "/etc/firsthand/tls",
    "DATABASE_URL": "postgresql://firsthand@/firsthand",
    "VAULT_URL": (
        "file:///var/lib/firsthand/vault, or "
        "s3://firsthand?endpoint=https://s3.example.org&region=eu"
    ),
    "APPEAL": "/etc/firsthand/appeal.toml",
    "PRACTICE": "1",
    "HEALTH": "127.0.0.1:9464",
    "WEBHOOK_URL": "https://witness.example.org/telegram",
    "WEBHOOK_SECRET": "64 letters and digits; for example from: openssl rand -hex 32",
    "WEBHOOK_LISTEN": "127.0.0.1:8443",
    "SANDBOX_PORT": "8088",
}

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{32,256}")

Mode = Literal["sandbox", "practice", "live"]


class Settings(BaseSettings):
    """`sandbox`: no token was given, we bring our own Telegram. `practice`: another double on
    loopback. Else `live`.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, hide_input_in_errors=True, extra="ignore"
    )

    home: Path = Path("data")
    keys: Path = Path()
    keys_mirror: Path | None = None
    keys_service: str = ""
    keys_listen: str = ""
    keys_tls: Path | None = None
    database_url: str = ""
    vault_url: str = ""
    vault_key: SecretStr = SecretStr("")
    vault_secret: SecretStr = SecretStr("")
    vault_retention_days: int = Field(default=0, ge=0)
    telegram_api: str = TELEGRAM
    telegram_local: bool = False
    telegram_files: Path | None = None
    witness_bot_token: SecretStr = SecretStr("")
    officers_bot_token: SecretStr = SecretStr("")
    officers_channel: int = 0
    appeal: Path = EXAMPLE
    practice: bool = False
    health: str = ""
    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
    webhook_listen: str = "127.0.0.1:8443"
    sandbox_port: int = Field(default=8088, ge=1, le=65_535)
    sandbox_limits: bool = True
    send_overall: float = 30.0
    send_chat: float = 1.0

    @model_validator(mode="before")
    @classmethod
    def _without_tokens_the_sandbox(cls, given: dict[str, object]) -> dict[str, object]:
        if given.get("witness_bot_token") or given.get("officers_bot_token"):
            return given
        port, home = (
            given.get("sandbox_port", 8088),
            Path(str(given.get("home") or Path("data") / "sandbox")),
        )
        return {
            "home": home,
            "telegram_files": home / "telegram-files" / "handed-out",
            **given,
            "witness_bot_token": SANDBOX_TOKENS["witness"],
            "officers_bot_token": SANDBOX_TOKENS["officers"],
            "officers_channel": SANDBOX_CHANNEL,
            "telegram_api": f"http://127.0.0.1:{port}",
            "practice": True,
        }

    @property
    def mode(self) -> Mode:
        if SANDBOX_MARK in self.witness_bot_token.get_secret_value():
            return "sandbox"
        return "practice" if self.practice else "live"

    @property
    def is_practice(self) -> bool:
        return self.mode != "live"

    @property
    def key_folder(self) -> Path:
        """Beside the home, never under it, so that a copy of the home carries no key."""
        return (
            self.keys
            if self.keys != Path()
            else self.home.absolute().parent / f"{self.home.name}-keys"
        )

    @property
    def shred_keys(self) -> Path:
        return self.key_folder / "shred.keys"

    @property
    def key_services(self) -> list[str]:
        """Where the shred keys are asked for; none where they lie on this machine."""
        return [address.strip() for address in self.keys_service.split(",") if address.strip()]

    @property
    def holds_shred_keys(self) -> bool:
        """Whether their file is this machine's."""
        return not self.key_services or bool(self.keys_listen)

    @property
    def tls_folder(self) -> Path:
        return self.keys_tls or self.key_folder / "tls"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.home.absolute() / 'firsthand.db'}"

    @property
    def vault(self) -> str:
        return self.vault_url or (self.home.absolute() / "vault").as_uri()

    @property
    def vault_folder(self) -> Path | None:
        """Where the vault lies, if it is a folder of this machine."""
        parts = urlsplit(self.vault)
        return Path(unquote(parts.path)) if parts.scheme == "file" else None

    def store(self, url: str = "") -> Store:
        """The vault's objects, or those of another vault's address. Raises Misconfigured."""
        key, secret = self.vault_key.get_secret_value(), self.vault_secret.get_secret_value()
        try:
            return open_store(
                url or self.vault, key=key, secret=secret, retention_days=self.vault_retention_days
            )
        except ValueError as wrong:
            raise Misconfigured(_example("vault_url", str(wrong))) from None


DATABASES: Final = ("sqlite", "postgresql")
LAST_PORT: Final = 65_535


def read(role: str = "") -> Settings:
    """The settings of this process; a role needs its own bot's token only. Raises Misconfigured."""
    secrets = os.environ.get("FIRSTHAND_SECRETS")
    if secrets and not Path(secrets).is_dir():
        raise Misconfigured(
            f"FIRSTHAND_SECRETS: {secrets} is no folder; for example "
            f"FIRSTHAND_SECRETS=/etc/firsthand/secrets"
        )
    found = [
        _unknown(name)
        for name in sorted(os.environ)
        if name.upper().startswith(PREFIX) and not _known(name)
    ]
    if secrets:
        found += [
            f"FIRSTHAND_SECRETS: in {secrets}, {_unknown(name)}"
            for name in _no_settings(Path(secrets))
        ]
    try:
        of_files = {"_secrets_dir": secrets} if secrets else {}
        settings = Settings(**of_files)  # type: ignore[arg-type]
    except ValidationError as wrong:
        raise Misconfigured("\n".join([*found, *_wrong(wrong)])) from None
    except SettingsError:
        raise Misconfigured(f"FIRSTHAND_SECRETS: the files in {secrets} cannot be read") from None
    given = _given(secrets)
    found = [
        *found,
        *_silent_sandbox(given, role),
        *_check(settings, role),
        *_idle(settings, given),
    ]
    if found:
        raise Misconfigured("\n".join(found))
    return settings


def _known(name: str) -> bool:
    return name.upper().removeprefix(PREFIX) in {
        *(field.upper() for field in Settings.model_fields),
        *BESIDE,
    }


def _unknown(name: str) -> str:
    """A name that sets nothing, such as one with a slip in it: what was meant would be left as it
    is, unseen.
    """
    fields = [field.upper() for field in Settings.model_fields]
    spelt = re.sub("[^A-Z]+", "_", name.upper().removeprefix("FIRSTHAND").strip("-_. "))
    close = get_close_matches(spelt, fields, 1)
    return f"{name} is no setting" + (
        f"; {PREFIX}{close[0]} is one" if close else "; docs/operating.md lists them"
    )


def _no_settings(secrets: Path) -> list[str]:
    """Files that are meant for a setting and set none: one with a dash in its name, or without the
    prefix.
    """
    names = sorted(path.name for path in secrets.iterdir())
    meant = [
        name
        for name in names
        if name.casefold().startswith("firsthand") or _bare(name) in Settings.model_fields
    ]
    return [name for name in meant if not name.upper().startswith(PREFIX) or not _known(name)]


def _bare(name: str) -> str:
    """As a setting is named without the prefix."""
    return re.sub("[^a-z]+", "_", name.casefold())


def _given(secrets: str | None) -> set[str]:
    """The settings that somebody set, wherever."""
    files = [path.name for path in Path(secrets).iterdir()] if secrets else []
    set_here = [name for name in os.environ if os.environ[name].strip()]
    names = [name.upper() for name in (*set_here, *files)]
    return {name.removeprefix(PREFIX).lower() for name in names if name.startswith(PREFIX)}


def _idle(settings: Settings, given: set[str]) -> Iterator[str]:
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


def _silent_sandbox(given: set[str], role: str) -> Iterator[str]:
    """Whoever gives secrets, or names their channel, wants no sandbox; the owner of the keys alone
    has no token.
    """
    if {"witness_bot_token", "officers_bot_token", "keys_listen"} & given or role == "keys":
        return
    for name in ("secrets", "officers_channel"):
        if name in given:
            yield _example(
                "witness_bot_token",
                f"is missing, though {PREFIX}{name.upper()} is set; for the sandbox, unset that",
            )
            return
    for name in ("witness_bot_token", "officers_bot_token"):
        if os.environ.get(name.upper()):
            yield f"{name.upper()} is no setting; {PREFIX}{name.upper()} is one"


def _wrong(wrong: ValidationError) -> Iterator[str]:
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
    if "ge" in limits or "le" in limits:
        return (
            f"must be {'at least' if 'ge' in limits else 'at most'} "
            f"{limits.get('ge', limits.get('le'))}"
        )
    words = {"int": "must be a whole number", "float": "must be a number", "bool": "must be 1 or 0"}
    return words.get(kind, error["msg"])


def _check(settings: Settings, role: str) -> Iterator[str]:
    """Everything that is wrong, not only the first of it."""
    needed = {"witness_bot_token": ("", "witness", "files"), "officers_bot_token": ("", "officers")}
    for name, roles in needed.items():
        token = getattr(settings, name).get_secret_value()
        number, _, rest = token.partition(":")
        if role in roles and (not number.isdecimal() or not rest):
            yield _example(name, "is missing or is no bot token")
        if (SANDBOX_MARK in token) is not (settings.mode == "sandbox") and token:
            yield _example(name, "mixes the sandbox's own token with another")
    if settings.mode == "sandbox" and not on_loopback(settings.telegram_api):
        yield _example("telegram_api", "is not on loopback, and the tokens are the sandbox's")
    if not settings.officers_channel and role in ("", "officers"):
        yield _example("officers_channel", "is missing")
    if settings.mode == "practice" and not on_loopback(settings.telegram_api):
        yield _example(
            "practice", "is set, and a practice installation speaks to a server on loopback only"
        )
    if settings.database_url and not _names_a_database(settings.database_url):
        what = (
            "is neither sqlite:///PATH nor postgresql://USER@HOST/NAME (a password has %40 for @, "
            "%2F for /)"
        )
        yield _example("database_url", what)
    if settings.telegram_local and settings.telegram_files is None:
        yield _example(
            "telegram_files", "is missing: where that server keeps the files it hands out"
        )
    if role == "keys" and not settings.keys_listen:
        yield _example("keys_listen", "is missing")
    if settings.key_services and settings.database.startswith("sqlite"):
        yield _example("database_url", "must be PostgreSQL's, since FIRSTHAND_KEYS_SERVICE is set")
    if any(urlsplit(address).scheme != "https" for address in settings.key_services):
        yield _example("keys_service", "is no list of https:// addresses")
    for name in ("health", "webhook_listen", "keys_listen"):
        address = getattr(settings, name)
        host, _, port = address.rpartition(":")
        if address and not (host and port.isdecimal() and 0 < int(port) <= LAST_PORT):
            yield _example(name, "is no HOST:PORT")
    if settings.webhook_url and not _SECRET.fullmatch(settings.webhook_secret.get_secret_value()):
        yield _example("webhook_secret", "is missing or shorter than 32 letters and digits")
    if settings.vault_url:
        try:
            settings.store()
        except Misconfigured as wrong:
            yield str(wrong)
    home, keys = settings.home.absolute(), settings.key_folder.absolute()
    if keys == home or home in keys.parents:
        yield _example(
            "keys", "lies inside FIRSTHAND_HOME, so that a copy of it would carry the keys"
        )
    mirror, apart = (
        settings.keys_mirror and settings.keys_mirror.absolute(),
        (home, keys, settings.vault_folder),
    )
    if mirror and any(
        f is not None and (f == mirror or f in mirror.parents or mirror in f.parents) for f in apart
    ):
        yield _example("keys_mirror", "must be a folder of its own, on another disk")


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


def _example(name: str, what: str) -> str:
    upper = name.upper()
    return f"{PREFIX}{upper} {what}; for example {PREFIX}{upper}={EXAMPLES[upper]}"


def on_loopback(url: str) -> bool:
    """Whether an address can only be this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
