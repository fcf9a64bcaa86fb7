"""A child of the supervisor has its own role's secrets, and no other's."""

import os
from pathlib import Path

import pytest

from bot import config
from bot.supervisor import _environment

SECRETS = {
    "FIRSTHAND_WITNESS_BOT_TOKEN": "1:witness",
    "FIRSTHAND_OFFICERS_BOT_TOKEN": "2:officers",
    "FIRSTHAND_WEBHOOK_SECRET": "w" * 40,
    "FIRSTHAND_VAULT_KEY": "vault-key",
    "FIRSTHAND_VAULT_SECRET": "vault-secret",
}
BESIDE = {
    "FIRSTHAND_OFFICERS_CHANNEL": "-1001234567890",
    "FIRSTHAND_WEBHOOK_URL": "https://witness.example.org/telegram",
    "FIRSTHAND_VAULT_URL": "s3://firsthand?endpoint=https://s3.example.org&region=eu",
    "FIRSTHAND_TELEGRAM_API": "https://api.telegram.org",
}
ITS_OWN = {
    "witness": {"1:witness", "w" * 40, "vault-key", "vault-secret"},
    "files": {"1:witness", "vault-key", "vault-secret"},
    "officers": {"2:officers", "vault-key", "vault-secret"},
    "custody": set(),
    "keys": set(),
}


@pytest.mark.parametrize("role", ITS_OWN)
def test_a_role_is_given_its_own_secrets_and_reads_its_settings_all_the_same(
    role: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (SECRETS | BESIDE).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("FIRSTHAND_HOME", str(tmp_path / "home"))
    if role == "keys":
        monkeypatch.setenv("FIRSTHAND_KEYS_LISTEN", "127.0.0.1:8470")
    given = _environment(None, role)
    assert set(given.values()) & set(SECRETS.values()) == ITS_OWN[role]
    for name in [name for name in os.environ if name not in given]:
        monkeypatch.delenv(name)
    settings = config.read(role)
    assert settings.home == tmp_path / "home"
    assert settings.mode == ("sandbox" if role in ("custody", "keys") else "live")
