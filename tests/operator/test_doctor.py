"""Every fault that doctor knows, made in an installation of its own, and found; the sound one has none."""

import asyncio
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.appeal import EXAMPLE
from bot.errors import Misconfigured
from bot.keyring import tls
from bot.language import languages
from bot.operator import doctor
from bot.operator.doctor import files, records, telegram
from bot.settings import SANDBOX_TOKENS
from storage import age
from tests import postgres
from tests.installation import ROLES, Installation
from tests.people import Phone
from tests.reader import change, rows
from tests.whole.test_end_to_end import LABELS, consented, sent

Patch = pytest.MonkeyPatch
FIRST, SECOND, NONE = "1:x", "2:y", "abc"


@dataclass
class Place:
    """A copy of an installation whose sandbox runs; `patch` sets its environment."""

    it: Installation
    home: Path
    keys: Path
    patch: Patch
    database: Path | str

    def env(self, **values: str) -> None:
        for name, value in values.items():
            self.patch.setenv(f"FIRSTHAND_{name}", value)

    def sql(self, *statements: str) -> None:
        for statement in statements:
            change(self.database, statement)

    def appeal(self, *changes: tuple[str, str]) -> None:
        text = EXAMPLE.read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (self.home / "appeal.toml").write_text(text, "utf-8")
        self.env(APPEAL=str(self.home / "appeal.toml"))

    def live(self) -> None:
        """The same installation as if its tokens were real."""
        self.env(WITNESS_BOT_TOKEN=FIRST, OFFICERS_BOT_TOKEN=SECOND, OFFICERS_CHANNEL="-1005")
        self.env(TELEGRAM_API=f"http://127.0.0.1:{self.it.port}")
        self.sql("UPDATE installation SET practice = false")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One that is in order and has a referral with a photo."""
    it = Installation(tmp_path_factory.mktemp("sound"))
    it.start(*ROLES)
    asyncio.run(_one_report(it))
    for role in ("witness", "files", "officers", "custody"):  # nothing of it changes any more
        it.kill(role)
    yield it
    it.end()


async def _one_report(it: Installation) -> None:
    it.connect()
    await it.answers()
    phone = await Phone.new(it.http)
    await consented(phone, LABELS["en"])
    await phone.write("I saw it.")
    await phone.send(("a.jpg", b"x" * 1000), kind="photo")
    await phone.until("Received: 1")
    await phone.press("Finish", on="Received: 1")
    await sent(phone, LABELS["en"])
    await it.settled()
    await it.http.aclose()


@pytest.fixture
def place(sound: Installation, tmp_path: Path, monkeypatch: Patch) -> Place:
    home, keys = tmp_path / "home", tmp_path / "keys"
    shutil.copytree(sound.home, home)
    shutil.rmtree(
        home / "status"
    )  # its processes were killed: their signs grow old while the tests run
    shutil.copytree(sound.keys, keys)
    for folder in (home, keys):
        folder.chmod(0o700)
    database: Path | str = home / "firsthand.db"
    if isinstance(sound.database, str):
        database = postgres.create(postgres.named(tmp_path), template=postgres.name(sound.database))
        monkeypatch.setenv("FIRSTHAND_DATABASE_URL", database)
    found = Place(sound, home, keys, monkeypatch, database)
    found.env(HOME=str(home), KEYS=str(keys), SANDBOX_PORT=str(sound.port))
    return found


LOW = "pieces WHERE object IS NOT NULL"


def vault_object(place: Place) -> Path:
    ((name,), *_) = rows(place.database, f"SELECT object FROM {LOW}")
    return next(p for p in (place.home / "vault").rglob("*") if p.name == name)


def without(name: str) -> Callable[[Place], object]:
    return lambda place: (place.keys / name).unlink()


def sql(*statements: str) -> Callable[[Place], object]:
    return lambda place: place.sql(*statements)


def gap(place: Place) -> None:
    folder = place.home / "locales"
    shutil.copytree(languages.LOCALES, folder)
    path = folder / "ru" / "LC_MESSAGES" / "witness.po"
    path.write_text(path.read_text("utf-8").replace('msgstr "Да"', 'msgstr ""', 1), "utf-8")
    place.patch.setattr(languages, "LOCALES", folder)
    languages._texts.cache_clear()


def sign(place: Place, *, role: str = "witness", at: float = 0, behind: int = 0) -> None:
    (place.home / "status").mkdir(exist_ok=True)
    told = {"role": role, "at": at or time.time(), "behind": behind}
    (place.home / "status" / f"{role}.json").write_text(json.dumps(told))


def behind(place: Place) -> None:
    mirror = place.home.parent / "second-disk"
    mirror.mkdir()
    (mirror / "shred.keys").write_bytes(b"x")
    (mirror / "mirror-of").write_text("whose")
    place.env(KEYS_MIRROR=str(mirror))


def elsewhere(place: Place) -> None:
    place.env(
        WITNESS_BOT_TOKEN=SANDBOX_TOKENS["witness"], OFFICERS_BOT_TOKEN=SANDBOX_TOKENS["officers"]
    )
    place.env(OFFICERS_CHANNEL="-1005", TELEGRAM_API="https://api.telegram.org")


def pending(place: Place) -> None:
    recipient, _ = age.new_identity()
    place.sql(
        "INSERT INTO recipients (fingerprint, recipient, kind, state)"
        f" VALUES ('{age.fingerprint(recipient)}', '{recipient}', 'x25519', 'pending')"
    )


def unread(place: Place) -> None:
    (place.keys / "master.key").unlink()
    (place.keys / "master.key").mkdir()


def odd_secret(place: Place) -> None:
    folder = place.home.parent / "secrets"
    folder.mkdir()
    (folder / "firsthand_witness-bot-token").write_text("1:a")
    place.env(SECRETS=str(folder))


def no_database(place: Place) -> None:
    place.patch.delenv("FIRSTHAND_DATABASE_URL", raising=False)
    (place.home / "firsthand.db").unlink(missing_ok=True)


def forged(place: Place) -> None:
    """A custody line that somebody changed, past the triggers."""
    if isinstance(place.database, str):
        place.sql("ALTER TABLE ledger DISABLE TRIGGER ALL")
    else:
        place.sql("DROP TRIGGER ledger_no_UPDATE")
    ((found,),) = rows(place.database, "SELECT line FROM ledger ORDER BY id LIMIT 1")
    line = {**json.loads(found), "actor": "nobody"}
    new = json.dumps(line, sort_keys=True, separators=(",", ":"))
    change(
        place.database, "UPDATE ledger SET line = ? WHERE id = (SELECT min(id) FROM ledger)", new
    )


FAULTS: dict[str, tuple[Callable[[Place], object], str]] = {
    "a token that is none": (lambda p: p.env(WITNESS_BOT_TOKEN=NONE, OFFICERS_BOT_TOKEN=SECOND), "is no bot token"),
    "no channel": (lambda p: p.env(WITNESS_BOT_TOKEN=FIRST, OFFICERS_BOT_TOKEN=SECOND), "FIRSTHAND_OFFICERS_CHANNEL is missing"),
    "the sandbox's tokens elsewhere": (elsewhere, "is not on loopback"),
    "a vault that is neither": (lambda p: p.env(VAULT_URL="https://bucket"), "is neither file:///PATH nor s3://"),
    "a bucket without its key": (lambda p: p.env(VAULT_URL="s3://bucket"), "needs its key and secret"),
    "a bucket that is away": (
        lambda p: p.env(VAULT_URL="s3://bucket?endpoint=http://127.0.0.1:9", VAULT_KEY="k", VAULT_SECRET="s"),  # noqa: S106,
        "The vault cannot be used (",
    ),
    "a mirror that is behind": (behind, "is not the same as they are"),
    "a mirror inside what is backed up": (lambda p: p.env(KEYS_MIRROR=str(p.home / "mirror")), "a folder of its own"),
    "another's master key": (lambda p: (p.keys / "master.key").write_bytes(b"x" * 32), "master.key is not the one"),
    "keys inside the home": (lambda p: p.env(KEYS=str(p.home / "keys")), "lies inside FIRSTHAND_HOME"),
    "a port that is none": (lambda p: p.env(SANDBOX_PORT="99999"), "FIRSTHAND_SANDBOX_PORT"),
    "no appeal": (lambda p: p.env(APPEAL="/nowhere.toml"), "nowhere.toml cannot be read"),
    "an appeal without a text": (lambda p: p.appeal(('en = "within', 'xx = "within')), "says nothing for 'within.en'"),
    "an appeal in no language": (lambda p: p.appeal(('["uk", "ru", "en"]', '["xx"]')), "offers no language"),
    "a language with a gap": (gap, "ru is not offered: 1 of its texts are missing"),
    "live with the example": (Place.live, "The appeal is the shipped example."),
    "live with unread texts": (Place.live, "No person has reviewed the texts in Ukrainian."),
    "live with unchecked facts": (Place.live, "Nobody has checked the facts in the appeal's help_lines"),
    "live with an identity": (Place.live, "holds a private age key; a server must have none"),
    "no home": (lambda p: shutil.rmtree(p.home), "FIRSTHAND_HOME"),
    "an open home": (lambda p: p.home.chmod(0o755), "can be read by others"),
    "open keys": (lambda p: p.keys.chmod(0o750), "FIRSTHAND_KEYS"),
    "an open vault": (lambda p: (p.home / "vault").chmod(0o755), "The vault"),
    "no key folder": (lambda p: shutil.rmtree(p.keys), "FIRSTHAND_KEYS"),
    "no master key": (without("master.key"), "The key file master.key is missing."),
    "no facts key": (without("facts.key"), "The key file facts.key is missing."),
    "no shred keys": (without("shred.keys"), "The key file shred.keys is missing."),
    "no installation key": (without("installation.pem"), "The key file installation.pem is missing."),
    "an open key": (lambda p: (p.keys / "facts.key").chmod(0o644), "facts.key can be read by others"),
    "a short master key": (lambda p: (p.keys / "master.key").write_bytes(b"x"), "master.key is damaged"),
    "a key that cannot be read": (unread, "The key file master.key cannot be read."),
    "short shred keys": (lambda p: (p.keys / "shred.keys").write_bytes(b"x"), "shred.keys is damaged"),
    "a broken installation key": (lambda p: (p.keys / "installation.pem").write_text("x"), "receipts cannot be signed"),
    "a full disk": (lambda p: p.patch.setattr(files, "LEAST_FREE", 10**18), "are free on the disk"),
    "no gazetteer": (lambda p: p.patch.setattr(files, "PLACES", p.home / "none"), "The gazetteer is missing"),
    "no database": (no_database, "There is no database yet."),
    "a database that is none": (lambda p: p.env(DATABASE_URL=f"sqlite:///{p.keys / 'master.key'}"), "cannot be used"),
    "an address that is none": (lambda p: p.env(DATABASE_URL="mysql://somewhere"), "FIRSTHAND_DATABASE_URL"),
    "a password with a sign in it": (lambda p: p.env(DATABASE_URL="postgresql://a:hid@den:9@127.0.0.1:9/a"), "has %40 for @"),
    "a port that is a word": (lambda p: p.env(DATABASE_URL="postgresql://a:hidden@127.0.0.1:word/a"), "FIRSTHAND_DATABASE_URL"),
    "a port beyond the last": (lambda p: p.env(HEALTH="127.0.0.1:99999"), "FIRSTHAND_HEALTH"),
    "a secret that sets nothing": (odd_secret, "firsthand_witness-bot-token is no setting"),
    "a referral of another facts key": (sql("UPDATE referrals SET facts = substr(facts, 2)"), "1 referrals do not open with facts.key"),
    "a server that is away": (lambda p: p.env(DATABASE_URL="postgresql://a:hidden@127.0.0.1:9/a"), "cannot be used"),
    "an older schema": (sql("UPDATE alembic_version SET version_num = '0000'"), "has another schema"),
    "somebody else's database": (sql("UPDATE installation SET practice = false"), "belongs to a live installation"),
    "one recipient": (sql("DELETE FROM recipients WHERE officer IS NULL", "DELETE FROM recipients WHERE officer = (SELECT max(id) FROM officers)"), "1 recipient is active"),
    "no team identity": (sql("UPDATE recipients SET kind = 'officer', officer = (SELECT min(id) FROM officers)"), "No offline team identity"),
    "an unanswered challenge": (pending, "1 recipients have not answered"),
    "nobody enrolled": (sql("UPDATE officers SET state = 'removed'"), "No officer is enrolled."),
    "no specialist": (sql("UPDATE officers SET state = 'removed' WHERE role = 'specialist'"), "Nobody who is enrolled can open referrals of a special category; only the team's offline key does."),
    "an unconfirmed specialist": (sql("UPDATE officers SET state = 'waiting' WHERE role = 'specialist'"), "can open referrals of a special category;"),
    "no supervisor's key": (sql("DELETE FROM recipients WHERE officer = (SELECT id FROM officers WHERE role = 'supervisor')"), "Nobody who is enrolled can open names and contacts;"),
    "no supervisor": (sql("UPDATE officers SET role = 'officer'"), "No supervisor is enrolled"),
    "somebody who waits": (sql("INSERT INTO officers (call_sign, role, state) VALUES ('Heron', 'officer', 'waiting')"),
                           "1 officers wait to be confirmed"),
    "an old invite": (sql("INSERT INTO officers (call_sign, role, state, invite_until) VALUES ('H', 'officer', 'invited', 1)"),
                      "1 invites were not used in time"),
    "a forged custody line": (forged, "The custody log"),
    "late work": (sql("INSERT INTO work (kind, due, held_until, tries) VALUES ('wait', 1, 0, 0)"), "more than an hour late"),
    "a message that waits": (
        sql("INSERT INTO outbox (channel, slot, body, since, held) VALUES ('telegram', 1, '', 1, false)"),
        "1 messages to witnesses wait, the oldest for",
    ),
    "a message that is held": (
        sql("INSERT INTO outbox (channel, slot, body, since, held) VALUES ('telegram', 1, '', 1, true)"),
        "1 messages to witnesses are held since a restore",
    ),
    "a file that waits": (
        sql("INSERT INTO work (kind, due, held_until, tries, since) VALUES ('fetch', 9999999999, 0, 0, 1)"),
        "1 files are on their way, the oldest for",
    ),
    "a process that is stuck": (lambda p: sign(p, at=1), "The witness process has given no sign of life for"),
    "a process that never came": (lambda p: sign(p, role="supervisor"), "The officers process is not running, though"),
    "updates that wait": (lambda p: sign(p, behind=7300), "has been waiting to be stored for 2 hours"),
    "poison": (sql("INSERT INTO quarantine (why, hour) VALUES ('ValueError', 1)"), "1 messages were set aside"),
    "posts that fail": (sql("INSERT INTO posts (kind, due, tries) VALUES ('card', 1, 9)"), "1 posts to the officers have failed"),
    "a lost exhibit": (lambda p: vault_object(p).unlink(), "1 exhibits of referrals are not in the vault."),
    "a cut exhibit": (lambda p: vault_object(p).write_bytes(b"x"), "another size than they had"),
    "no Telegram": (lambda p: p.env(SANDBOX_PORT="9"), "Nothing answers at http://127.0.0.1:9."),
    "nothing decided": (Place.live, "nobody has decided keep_versions: write under [decided.keep_versions]"),
    "an unknown token": (Place.live, "does not know the token in FIRSTHAND_WITNESS_BOT_TOKEN"),
    "a wrong clock": (lambda p: p.patch.setattr(telegram, "clock", lambda: 1.0), "This machine's clock is"),
    "one token for both": (lambda p: p.env(WITNESS_BOT_TOKEN=FIRST, OFFICERS_BOT_TOKEN=FIRST, OFFICERS_CHANNEL="-1005",
                                           TELEGRAM_API=f"http://127.0.0.1:{p.it.port}"), "Both bots have the same token."),
}  # fmt: skip


@pytest.mark.usefixtures("place")
async def test_a_sound_installation_has_nothing_wrong() -> None:
    assert await doctor.examine() == []


def alone(place: Place, role: str) -> None:
    """As on a machine that runs this role and nothing else."""
    for path in place.keys.glob("*.*"):
        if path.name not in files.HELD[role]:
            path.unlink()
    if role == "keys":
        place.env(
            KEYS_LISTEN="127.0.0.1:9", SANDBOX_PORT="9", VAULT_URL=(place.home / "nowhere").as_uri()
        )
        tls.make(place.keys / "tls", ["localhost"])


@pytest.mark.parametrize("role", [role for role in files.HELD if role])
async def test_a_machine_of_one_role_is_asked_for_no_more_than_that_needs(
    role: str, place: Place
) -> None:
    alone(place, role)
    assert await doctor.examine(role) == []
    for name in set(files.HELD[""]) - set(files.HELD[role]):
        shutil.copy(place.it.keys / name, place.keys)
        assert f"{name} is not for a machine of {role}" in "".join(
            found.what for found in await doctor.examine(role)
        )
        (place.keys / name).unlink()


async def test_an_older_file_of_the_shred_keys_is_told_from_the_one_used_last(place: Place) -> None:
    alone(place, "keys")
    path = place.keys / "shred.keys"
    path.write_bytes(os.urandom(path.stat().st_size))
    for role in ("keys", ""):
        assert any(
            "is not the file that was used last" in found.what
            for found in await doctor.examine(role)
        )
    with pytest.raises(Misconfigured, match="roles are witness"):
        await doctor.examine("sandbox")


@pytest.mark.parametrize("name", FAULTS)
async def test_doctor_finds(name: str, place: Place) -> None:
    make, says = FAULTS[name]
    make(place)
    found = await doctor.examine()
    languages._texts.cache_clear()
    assert any(says in finding.what for finding in found), [finding.what for finding in found]
    assert all(finding.remedy for finding in found)


@pytest.mark.skipif(not postgres.ASKED, reason="on SQLite there is one clock")
async def test_doctor_finds_that_the_database_has_another_time(place: Place) -> None:
    place.patch.setattr(records, "clock", lambda: 1.0)
    assert any(
        "are 1" in found.what and "seconds apart" in found.what for found in await doctor.examine()
    )


def test_it_knows_thirty_and_more() -> None:
    assert len(FAULTS) >= 30


async def test_doctor_finds_what_is_wrong_at_telegram(place: Place) -> None:
    """A bot without rights, and one whose updates go elsewhere: made in the sandbox, and taken back."""
    place.it.connect()
    http = place.it.http
    await http.put("/rights", json={"post": False})
    hook = f"/bot{SANDBOX_TOKENS['officers']}/setWebhook"
    await http.post(hook, json={"url": "https://elsewhere.example/x"})
    found = [finding.what for finding in await doctor.examine()]
    await http.post(hook, json={"url": ""})
    await http.put("/rights", json={"post": True})
    assert any("may not post in its channel" in what for what in found), found
    assert any("officers bot has a webhook elsewhere" in what for what in found), found
