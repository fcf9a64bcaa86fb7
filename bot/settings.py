"""Settings, and what follows from them; secrets have no repr."""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.appeal import EXAMPLE
from bot.errors import Misconfigured
from storage.store import Store
from storage.stores import open_store

TELEGRAM: Final = "https://api.telegram.org"
PREFIX: Final = "FIRSTHAND_"
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
    "OFFICERS_DATABASE_URL": "postgresql://firsthand_officers@/firsthand",
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
BOTS: Final = ("witness", "files", "officers")
RUN: Final = ("custody", *BOTS)
"""The roles that every installation runs; one that serves its keys to others has `keys`, too."""
SANDBOX_MARK: Final = "SANDBOX"
SANDBOX_TOKENS: Final = {
    "witness": f"1000001:{SANDBOX_MARK}-witness-only-on-loopback",
    "officers": f"1000002:{SANDBOX_MARK}-officers-only-on-loopback",
}
SANDBOX_CHANNEL: Final = -1001000000001
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{32,256}")
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
    officers_database_url: str = ""
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
    send_overall: float = Field(default=30.0, gt=0, allow_inf_nan=False)
    send_chat: float = Field(default=1.0, gt=0, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_unset(cls, given: dict[str, object]) -> dict[str, object]:
        return {name: value for name, value in given.items() if value != ""}

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
    def lock_folder(self) -> Path:
        """Where this machine's processes keep each other out: beside the database, where that is a
        file.
        """
        file = urlsplit(self.database).path if self.database.startswith("sqlite") else ""
        return (Path(file[1:]).parent if file else self.home) / "leases"

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
            raise Misconfigured(example_of("vault_url", str(wrong))) from None


def on_loopback(url: str) -> bool:
    """Whether an address can only be this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def example_of(name: str, what: str) -> str:
    upper = name.upper()
    return f"{PREFIX}{upper} {what}; for example {PREFIX}{upper}={EXAMPLES[upper]}"
