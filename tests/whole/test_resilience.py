"""What goes wrong outside: Telegram's refusals, a full disk, poison, a second press of Hide, an unsafe start."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.custody.signing import KEY_ENTRY
from storage import age
from tests import appeals
from tests.installation import ROOT, Installation, running
from tests.people import Phone
from tests.reader import away, count, decrypt, piece, referral, rows
from tests.whole.test_end_to_end import LABELS, consented, sent, told

SAY = LABELS["en"]


async def test_hide_clears_the_chat_and_a_second_press_begins_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as it:
        phone = await Phone.new(it.http)
        await consented(phone, SAY)
        await phone.write("They came at night.")
        await phone.send(("a.jpg", os.urandom(5000)), kind="photo")
        await phone.until("Received: 1")
        hide = next(m for m in reversed(await phone.look()) if "reply_markup" in m)
        data = hide["reply_markup"]["inline_keyboard"][-1][0]["callback_data"]
        body = {"message_id": hide["message_id"], "data": data}
        path = f"/people/{phone.person}/witness/press?forge=1"
        await it.http.post(path, json=body)
        await it.http.post(path, json=body)
        await it.settled()
        await phone.look()
        assert phone.messages == {}
        assert count(it.database, "objects") == 0
        kinds = [
            json.loads(line)["kind"] for (line,) in rows(it.database, "SELECT line FROM ledger")
        ]
        assert [kind for kind in kinds if kind != KEY_ENTRY] == ["a draft was erased"]
        await it.http.post(path, json=body)
        await asyncio.sleep(1)
        assert await phone.look() == [] and not count(it.database, "conversations")
        await phone.write("/start")
        assert "Choose a language" in (await phone.until("999"))["text"]


async def test_after_the_receipt_one_press_clears_the_chat(tmp_path: Path) -> None:
    async with running(tmp_path) as it:
        phone, other = await Phone.new(it.http), await Phone.new(it.http)
        await consented(phone, SAY)
        await consented(other, SAY)
        await phone.write("They came at night.")
        await phone.write("/finish")
        await sent(phone, SAY)
        await it.http.get("/channel")
        await phone.press("Clear this chat")

        async def cleared() -> bool:
            await phone.look()
            return phone.messages == {}

        await it.until(cleared)
        await other.look()
        assert any(
            "Tell us in your own words" in m.get("text", "") for m in other.messages.values()
        )


async def test_what_was_older_than_two_days_becomes_a_dot(tmp_path: Path) -> None:
    async with running(tmp_path) as it:
        phone = await Phone.new(it.http)
        await consented(phone, SAY)
        await it.http.put("/clock", json={"ahead": 49 * 3600})
        await phone.write("They came at night.")
        await phone.until("Kept: 1")
        await phone.write("/hide")
        await it.settled()
        assert {m["text"] for m in await phone.look()} == {"·"}


async def test_a_blocked_bot_lets_its_messages_go_and_keeps_the_report(tmp_path: Path) -> None:
    async with running(tmp_path, "sandbox", "witness") as it:
        phone = await Phone.new(it.http)
        await consented(phone, SAY)
        it.kill("witness")
        await phone.write("I saw it.")
        await phone.block()
        it.restart("witness")
        await it.until_rows("answers", 4)
        await it.delivered()
        assert count(it.database, "conversations") == 1
        await it.http.post(f"/people/{phone.person}/witness/unblock", json={})
        await phone.write("/start")
        assert "You stopped at" in (await phone.until("not sent yet"))["text"]


async def test_an_outage_of_23_hours_is_caught_up_in_order(tmp_path: Path) -> None:
    async with running(tmp_path) as it:
        phone = await Phone.new(it.http)
        await consented(phone, LABELS["en"])
        await it.delivered()
        it.kill("witness")
        it.kill("files")
        texts = [f"message {n}" for n in range(40)]
        for n, text in enumerate(texts):
            await phone.write(text)
            if not n % 10:
                await phone.send((f"{n}.bin", f"file {n}".encode()), kind="document")
        await it.http.put("/clock", json={"ahead": 23 * 3600})
        for role in ("witness", "files"):
            it.restart(role, FIRSTHAND_DRILL=f"ahead={23 * 3600}")
        await phone.until("Kept: 40")
        await phone.until("Received: 4")
        await phone.write("/finish")
        reference = await sent(phone, LABELS["en"])
        story = referral(it.database, reference, it.identity, tmp_path)
        account = [part["text"] for part in story["incidents"][0]["account"] if "text" in part]
        assert account == texts and len(story["exhibits"]) == 4


@pytest.mark.parametrize(
    "fault", [{"429": 0.4}, {"5xx": 0.4}, {"duplicate": 1, "reorder": True}, {"cut": 0.5}]
)
@pytest.mark.long
async def test_a_report_arrives_through_a_telegram_that_fails(
    fault: dict[str, float], tmp_path: Path
) -> None:
    photo = os.urandom(200_000)
    async with running(tmp_path) as it:
        phone = await Phone.new(it.http)
        await consented(phone, SAY)
        await it.http.put("/faults", json=fault)
        for number in range(3):
            await phone.write(f"message {number}")
        await phone.send(("a.jpg", photo), kind="photo")
        await phone.until("Kept: 3 messages")
        await phone.until("Received: 1")
        await it.http.put("/faults", json={})
        reference = await told(phone, SAY)
        await it.settled()
        story = referral(it.database, reference, it.identity, tmp_path)
        assert sorted(p["text"] for p in story["incidents"][0]["account"]) == [
            f"message {n}" for n in range(3)
        ]
        assert [e["size"] for e in story["exhibits"]] == [len(photo)]
        assert count(it.database, "referrals") == 1


async def test_an_update_nobody_can_read_is_kept_said_and_sent_with_the_report(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as it:
        phone = await Phone.new(it.http)
        await consented(phone, SAY)
        await phone.write("Before.")
        origin = {"type": "a kind of tomorrow", "date": 1}
        await it.http.post(
            f"/people/{phone.person}/witness/forward", json={"text": "kanarka", "origin": origin}
        )
        await phone.until("could not be made out")
        ((number,),) = rows(it.database, "SELECT id FROM quarantine")
        listed = it.command("quarantine", "list").stdout
        assert "ValidationError" in listed and "kanarka" not in listed
        assert it.command("quarantine", "retry", "999", check=False).returncode == 1
        assert it.command("quarantine", "retry", str(number)).stdout.startswith("1 asked for")
        await asyncio.sleep(1)
        assert (
            "ValidationError" in it.command("quarantine", "list").stdout
        )  # it cannot be read today either
        await phone.write("After.")
        await phone.until("Kept: 2 messages")
        reference = await told(phone, SAY)
        story = referral(it.database, reference, it.identity, tmp_path)
        aside = piece(it.database, reference, "set_aside/s1.json.age", it.identity, tmp_path)
        assert b"kanarka" in aside and [each["id"] for each in story["set_aside"]] == ["s1"]
        assert "kanarka" not in it.log.read_text()
        assert [p["text"] for p in story["incidents"][0]["account"]] == ["Before.", "After."]


@pytest.mark.long
async def test_a_database_that_is_away_for_a_while_loses_nothing(tmp_path: Path) -> None:
    async with running(tmp_path, "sandbox", "witness") as it:
        phone = await Phone.new(it.http)
        await consented(phone, SAY)
        await it.delivered()
        with away(it.database):
            await phone.write("Written while the database was away.")
            await asyncio.sleep(13)
        await phone.until("Kept: 1 message")
        assert it.processes["witness"].poll() is None


FULL = """
import asyncio, os, resource, signal, sys
from pathlib import Path
from storage import age, schema
from storage.database import Database
from storage.folder import Folder
from storage.store import Full
from storage.vault import Vault

async def main():
    folder = Path(sys.argv[1])
    database = Database(f"sqlite:///{folder / 'v.db'}")
    await schema.prepare(database, practice=True)
    vault = Vault(Folder(folder / "vault"), database)
    recipient, _ = age.new_identity()
    async def chunks():
        for _ in range(8):
            yield os.urandom(1_000_000)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, resource.RLIM_INFINITY))
    try:
        await vault.put(chunks(), recipient, hour=1)
    except Full:
        print("full", [p for p in (folder / "vault").rglob("*") if p.is_file()])
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    stored = await vault.put(chunks(), recipient, hour=1)
    print("then", stored.size)
    print("collected", await vault.collect(100))
asyncio.run(main())
"""


def test_a_full_disk_keeps_nothing_of_the_file_and_the_next_try_works(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == ["full []", "then 8000000", "collected 2"], done.stderr


LIVE = {
    "FIRSTHAND_WITNESS_BOT_TOKEN": "1:x", "FIRSTHAND_OFFICERS_BOT_TOKEN": "2:y", "FIRSTHAND_OFFICERS_CHANNEL": "-1005",
    "FIRSTHAND_TELEGRAM_API": "http://127.0.0.1:9",
}  # fmt: skip


READY = "import asyncio; from bot import config; from bot.operator.installation import check_ready; asyncio.run(check_ready(config.read()))"


@pytest.mark.long
def test_a_live_start_refuses_what_would_endanger_somebody(tmp_path: Path) -> None:
    live = Installation(tmp_path, **LIVE)
    for role in ((), ("--role", "witness")):
        refused = live.command("run", *role, check=False)
        assert refused.returncode == 78 and "the example appeal" in refused.stderr
    appeal = tmp_path / "appeal.toml"
    text = appeals.own()
    appeal.write_text(text, "utf-8")
    live = Installation(tmp_path, **LIVE, FIRSTHAND_APPEAL=str(appeal))
    undecided = live.command("run", check=False)
    assert undecided.returncode == 78 and undecided.stderr.count("nobody has decided") == 2
    text = text.replace('by = ""', 'by = "A. Example"').replace('on = ""', "on = 2026-11-28")
    appeal.write_text(
        appeals.own(draft_days="14")
        .replace("30", "14")
        .replace("value = 14", "value = 30")
        .replace('by = ""', 'by = "A. Example"')
        .replace('on = ""', "on = 2026-11-28"),
        "utf-8",
    )
    otherwise = live.command("run", check=False).stderr
    assert "draft_days is 14, and what was decided by A. Example on 2026-11-28 is 30" in otherwise
    appeal.write_text(text, "utf-8")
    live.command("prepare")
    assert "have answered their challenge: 0." in live.command("run", check=False).stderr
    for name in ("team", "other"):
        recipient, identity = age.new_identity()
        challenge = tmp_path / f"{name}.age"
        live.command("recipient", "add", recipient, "--team", "--challenge", str(challenge))
        key = tmp_path / f"{name}.key"
        key.write_text(identity)
        code = decrypt(challenge.read_bytes(), key) or b""
        live.command("recipient", "answer", age.fingerprint(recipient), code.decode())
    (live.home / "forgotten.txt").write_text(f"# key\n{identity}\n")
    assert "holds an age identity" in live.command("run", check=False).stderr
    (live.home / "forgotten.txt").unlink()
    for _ in range(2):
        subprocess.run([sys.executable, "-c", READY], cwd=ROOT, env=live.environment, check=True)
    noted = [
        json.loads(line)
        for (line,) in rows(live.database, "SELECT line FROM ledger WHERE log = 'installation'")
    ]
    assert [(n["actor"], n["subject"]) for n in noted if n["kind"] == "decided"] == [
        ("operator", "draft_days 30, said to be decided by A. Example on 2026-11-28"),
        ("operator", "keep_versions false, said to be decided by A. Example on 2026-11-28"),
    ]  # fmt: skip
    practice = Installation(tmp_path)
    assert "belongs to a live installation" in practice.command("run", check=False).stderr
    other = {**LIVE, "FIRSTHAND_PRACTICE": "1"}
    assert "belongs to a live" in Installation(tmp_path, **other).command("run", check=False).stderr


async def test_a_practice_installation_works_with_any_server_on_loopback_and_any_token(
    tmp_path: Path,
) -> None:
    from bot.settings import SANDBOX_TOKENS  # noqa: PLC0415

    async with running(tmp_path, "sandbox") as it:
        tokens = {
            name: token.replace("SANDBOX", "SOMETHING") for name, token in SANDBOX_TOKENS.items()
        }
        assert (await it.http.get(f"/bot{tokens['witness']}/getMe")).status_code == 401
        settings = {
            "FIRSTHAND_PRACTICE": "1", "FIRSTHAND_OFFICERS_CHANNEL": "-1001",
            "FIRSTHAND_WITNESS_BOT_TOKEN": tokens["witness"], "FIRSTHAND_OFFICERS_BOT_TOKEN": tokens["officers"],
            "FIRSTHAND_TELEGRAM_API": str(it.http.base_url),
        }  # fmt: skip
        double = Installation(tmp_path / "double", **settings)
        found = double.command("doctor", check=False)
        assert "Start once with: firsthand run" in found.stdout
        double.prepare()
        found = double.command("doctor", check=False)
        assert "Telegram does not know the token in FIRSTHAND_WITNESS_BOT_TOKEN" in found.stdout


async def test_doctor_says_what_is_wrong_with_the_remedy(tmp_path: Path) -> None:
    async with running(tmp_path) as it:
        assert "nothing is wrong" in it.command("doctor").stdout
        (it.keys / "facts.key").chmod(0o644)
        phone = await Phone.new(it.http)
        await consented(phone, SAY)
        it.command("officer", "remove", "Kestrel")
        found = it.command("doctor", check=False)
        assert found.returncode == 1
        for says in (
            "facts.key can be read by others",
            "chmod 600",
            "Nobody who is enrolled can open names and contacts;",
            "No supervisor is enrolled",
        ):
            assert says in found.stdout


@pytest.mark.parametrize("name", ["master.key", "facts.key", "installation.pem"])
def test_a_damaged_key_is_named_and_nothing_is_started_again_for_it(
    name: str, tmp_path: Path
) -> None:
    it = Installation(tmp_path)
    it.command("prepare")
    whole = (it.keys / name).read_bytes()
    (it.keys / name).write_bytes(whole[:20])
    refused = it.command("run", check=False)
    assert refused.returncode == 78 and f"{it.keys / name} is not whole" in refused.stderr
    (it.keys / name).write_bytes(whole)
    it.command("prepare")


def test_nobody_is_enrolled_in_a_mistaken_folder_and_a_key_keeps_its_holder(tmp_path: Path) -> None:
    it = Installation(tmp_path)
    recipient, identity = age.new_identity()
    for command in (["officer", "invite", "Heron"], ["recipient", "add", recipient, "--team"]):
        refused = it.command(*command, check=False)
        assert refused.returncode == 1 and "firsthand prepare makes one" in refused.stderr
    assert not (it.home / "firsthand.db").exists()
    assert "sandbox installation in" in it.command("prepare").stderr
    it.command("officer", "invite", "Heron")
    asked = ["recipient", "add", recipient, "--challenge"]
    it.command(*asked, str(tmp_path / "team.age"), "--team")
    refused = it.command(*asked, str(tmp_path / "c.age"), "--officer", "Heron", check=False)
    assert "this key is entered for team already" in refused.stderr
    private = it.command("recipient", "add", identity, "--team", check=False)
    assert "that is the private half" in private.stderr
    unknown = it.command("recipient", "answer", "0" * 32, "code", check=False)
    assert "no key of that fingerprint was entered" in unknown.stderr
    listed = it.command("recipient", "list")
    assert f"(the sandbox installation in {it.home}" in listed.stderr
