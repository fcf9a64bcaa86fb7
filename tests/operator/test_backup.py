"""Data destroyed and restored, with and without the mirror of the keys; and what is refused on the way."""

import json
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests import postgres, seaweed
from tests.installation import PYTHON, ROOT, Installation, running
from tests.people import Phone
from tests.reader import count, referral, rows
from tests.whole.test_end_to_end import LABELS, consented, package, sent

SAY = LABELS["en"]
PHOTO = b"a photo" * 50_000
BOTS = ("custody", "witness", "files", "officers")


async def begun(it: Installation, words: str) -> Phone:
    """A report with words and a photo, not sent."""
    phone = await Phone.new(it.http)
    await consented(phone, SAY)
    await phone.write(words)
    await phone.send(("a.jpg", PHOTO + words.encode()), kind="photo")
    await phone.until("Received: 1")
    return phone


async def finished(phone: Phone) -> str:
    await phone.write("/finish")
    return await sent(phone, SAY)


async def hidden(it: Installation) -> None:
    """A report with return words whose chat is cut."""
    phone = await Phone.new(it.http)
    await consented(phone, SAY, "Yes, show me five words")
    await phone.write("said before hiding")
    await phone.until("Kept: 1")
    await phone.write("/hide")


def stop(it: Installation) -> None:
    for role in BOTS:
        it.processes[role].terminate()
        it.processes[role].wait()


def start(it: Installation) -> None:
    for role in BOTS:
        it.restart(role)


def destroy(it: Installation, *, keys: bool = True) -> None:
    """The machine's disk is gone: database, vault, and the shred keys; what the operator keeps elsewhere is not."""
    lose_database(it)
    shutil.rmtree(it.vault)
    if keys:
        (it.keys / "shred.keys").unlink()


def lose_database(it: Installation) -> None:
    """An empty one stands in its place, as before a restore."""
    if isinstance(it.database, str):
        postgres.drop(it.database)
        postgres.create(postgres.name(it.database))
    else:
        for leftover in it.database.parent.glob("firsthand.db*"):
            leftover.unlink()


def kinds(it: Installation, log: str) -> list[str]:
    lines = rows(it.database, "SELECT line FROM ledger WHERE log = ? ORDER BY n", log)
    return [json.loads(line)["kind"] for (line,) in lines]


def words_in(story: object) -> Sequence[str]:
    return [
        part
        for part in json.dumps(story, ensure_ascii=False).split('"')
        if part.startswith(("said ", "said,"))
    ]


@pytest.mark.long
async def test_a_lost_machine_is_restored_with_the_mirror_of_its_keys(tmp_path: Path) -> None:
    to, mirror = tmp_path / "backup", tmp_path / "mirror"
    async with running(tmp_path, FIRSTHAND_KEYS_MIRROR=str(mirror)) as it:
        reference = await finished(await begun(it, "said and sent"))
        going_on, goes_later = (
            await begun(it, "said, not sent"),
            await begun(it, "said, sent later"),
        )
        await it.settled_but_open(2)
        first = it.command("backup", str(to))
        assert "3 of them new" in first.stdout
        await finished(goes_later)
        await going_on.write("said after the backup")
        await going_on.until("Kept: 2")
        await it.settled_but_open(1)
        assert (mirror / "shred.keys").read_bytes() == (it.keys / "shred.keys").read_bytes()
        before = tmp_path / "before"
        before.mkdir()
        it.command("referral", "package", reference, "--by", "Kestrel", "--to", str(before))
        key = it.command("key", "--log").stdout.strip()
        own = ("-i", str(it.identity), "--key", key)
        it.command("open", str(before), *own, "--to", str(before / "out"))
        signed = int((it.keys / "custody.signed").read_text("ascii").split()[0])

        stop(it)
        destroy(it)
        done = it.command("restore", str(to))
        assert "The shred keys are put back from their mirror." in done.stdout
        assert (
            "1 referrals are back, and 1 reports that witnesses have not sent yet." in done.stdout
        )
        assert (
            "1 unsent reports did not come back" in done.stdout
            and "1 chats are told" in done.stdout
        )
        start(it)

        story = referral(it.database, reference, it.identity, tmp_path)
        assert words_in(story) == ["said and sent"]
        tar = await package(it, reference, tmp_path)
        opened = it.command(
            "open", str(tar), "-i", str(it.identity), "--to", str(tmp_path / "out"), check=False
        )
        assert opened.returncode == 0, opened.stderr
        assert kinds(it, reference)[-3:] == ["restored", "claimed", "package handed out"]
        # what was signed after the backup is lost: the log goes on without it, and says so
        assert int((it.keys / "custody.signed").read_text("ascii").split()[0]) != signed
        lost = it.command("open", str(tar), *own, "--to", str(before / "out"), check=False)
        assert lost.returncode == 3 and "the server was restored from a backup" in lost.stderr
        it.command("verify", str(tmp_path / "out"), "--key", key)
        assert "restored" in kinds(it, "installation")

        await going_on.write("said again")
        await going_on.until("Kept: 2")
        again = await finished(going_on)
        assert words_in(referral(it.database, again, it.identity, tmp_path)) == [
            "said, not sent",
            "said again",
        ]
        await goes_later.write("/start")
        told = (await goes_later.until("There was a fault on our side"))["text"]
        assert "З нашого боку стався збій" in told and "У нас произошёл сбой" in told
        await goes_later.press(SAY["language"])
        await goes_later.write("/delete")


async def test_without_the_mirror_referrals_come_back_and_unsent_reports_do_not(
    tmp_path: Path,
) -> None:
    to = tmp_path / "backup"
    async with running(tmp_path) as it:
        reference = await finished(await begun(it, "said and sent"))
        unsent = await begun(it, "said, not sent")
        await hidden(it)
        await it.settled_but_open(2)
        it.command("backup", str(to))
        stop(it)
        destroy(it)
        refused = it.command("restore", str(to), check=False)
        assert refused.returncode == 1 and "none of the 2 unsent reports" in refused.stderr
        assert not (it.keys / "shred.keys").exists() and not count(it.database, "referrals")
        done = it.command("restore", str(to), "--lose-unsent")
        assert (
            "1 referrals are back, and 0 reports that witnesses have not sent yet." in done.stdout
        )
        assert (
            "1 chats are told when they write next; of 1 hidden ones nobody knows the chat"
            in done.stdout
        )
        assert "FIRSTHAND_KEYS_MIRROR is not set" in done.stdout
        tables = ("conversations", "answers", "shown", "exhibits", "messages")
        assert [count(it.database, table) for table in tables] == [0] * 5
        start(it)
        assert words_in(referral(it.database, reference, it.identity, tmp_path)) == [
            "said and sent"
        ]
        await unsent.write("anything")
        await unsent.until("There was a fault on our side")
        await unsent.press(SAY["language"])
        await unsent.until(SAY["safe"])
        assert (
            sum("There was a fault on our side" in m.get("text", "") for m in await unsent.look())
            == 1
        )


async def test_a_restore_holds_messages_back_until_the_operator_decides(tmp_path: Path) -> None:
    to, mirror = tmp_path / "backup", tmp_path / "mirror"
    async with running(tmp_path, FIRSTHAND_KEYS_MIRROR=str(mirror)) as it:
        phone = await begun(it, "said")
        await it.settled_but_open(1)
        await it.http.put("/faults", json={"offline": True})
        it.kill("officers")
        await it.http.put("/faults", json={"429": 1})
        await phone.write("said while nothing goes out")
        await it.until_rows("outbox", 1)
        it.command("backup", str(to))
        stop(it)
        destroy(it)
        assert "1 messages to witnesses are held" in it.command("restore", str(to)).stdout
        await it.http.put("/faults", json={})
        start(it)
        assert it.command("held", "list").stdout == "1 messages to 1 chats are held.\n"
        assert (
            "1 messages to witnesses are held since a restore"
            in it.command("doctor", check=False).stdout
        )
        assert not any("Kept: 2" in m.get("text", "") for m in await phone.look())
        assert it.command("held", "send").stdout == "1 messages are on their way again.\n"
        await phone.until("Kept: 2")


async def test_backups_grow_by_what_is_new_and_forget_what_is_old(tmp_path: Path) -> None:
    to = tmp_path / "backup"
    async with running(tmp_path) as it:
        await finished(await begun(it, "said 1"))
        erased = await begun(it, "said 2")
        await it.settled_but_open(1)
        assert "2 objects, 2 of them new" in it.command("backup", str(to)).stdout
        await erased.write("/delete")
        await erased.press("Erase everything")
        await it.settled()
        await finished(await begun(it, "said 3"))
        await it.settled()
        second = it.command("backup", str(to), "--check")
        assert "2 objects, 1 of them new" in second.stdout
        third = it.command("backup", str(to), "--keep", "1")
        assert "2 old snapshots are forgotten, and 1 objects that only they had." in third.stdout
        (left,) = [folder for folder in to.iterdir() if (folder / "manifest.json").exists()]
        checked = subprocess.run(
            ["sha256sum", "-c", str(left / "objects.sha256")], cwd=to / "vault", check=False
        )
        assert checked.returncode == 0
        assert kinds(it, "installation").count("backup made") == 3


async def test_a_restore_that_was_stopped_is_not_begun_anew(tmp_path: Path) -> None:
    to, mirror = tmp_path / "backup", tmp_path / "mirror"
    async with running(tmp_path, FIRSTHAND_KEYS_MIRROR=str(mirror)) as it:
        phone = await begun(it, "said before")
        await it.settled_but_open(1)
        it.command("backup", str(to))
        stop(it)
        destroy(it)
        missing = next(path for path in (to / "vault").rglob("*") if path.is_file())
        kept = missing.read_bytes()
        missing.unlink()
        assert it.command("restore", str(to), check=False).returncode == 3
        it.restart("witness")
        assert it.processes["witness"].wait() == 78
        assert (
            "a restore was not finished; run firsthand restore again"
            in it.command("prepare", check=False).stderr
        )
        missing.write_bytes(kept)
        assert "1 reports that witnesses have not sent yet" in it.command("restore", str(to)).stdout
        start(it)
        await phone.write("said after")
        await phone.until("Kept: 2")


async def test_two_installations_do_not_share_a_folder_of_backups(tmp_path: Path) -> None:
    to = tmp_path / "backup"
    async with (
        running(tmp_path / "one", "sandbox") as one,
        running(tmp_path / "two", "sandbox") as two,
    ):
        one.command("backup", str(to))
        refused = two.command("backup", str(to), "--keep", "1", check=False)
        assert (
            refused.returncode == 1 and "another installation's backups lie there" in refused.stderr
        )
        shutil.copy(one.keys / "installation.pem", two.keys / "installation.pem")
        wrong = two.command("backup", str(tmp_path / "other"), check=False)
        assert wrong.returncode == 78 and "installation.pem is not the one" in wrong.stderr
        assert len([folder for folder in to.iterdir() if (folder / "manifest.json").exists()]) == 1


async def test_a_file_of_an_unsent_report_that_is_gone_is_said(tmp_path: Path) -> None:
    async with running(tmp_path) as it:
        await begun(it, "said")
        await it.settled_but_open(1)
        (file,) = [path for path in it.vault.rglob("*") if path.is_file()]
        file.unlink()
        refused = it.command("backup", str(tmp_path / "backup"), check=False)
        assert (
            refused.returncode == 3
            and "0 of referrals are missing, and 1 of unsent reports" in refused.stderr
        )
        assert (
            "1 files of unsent reports are not in the vault"
            in it.command("doctor", check=False).stdout
        )


async def test_a_backup_of_a_damaged_vault_says_so_and_forgets_nothing(tmp_path: Path) -> None:
    to = tmp_path / "backup"
    async with running(tmp_path) as it:
        for n in range(2):
            await finished(await begun(it, f"said {n}"))
        await it.settled()
        it.command("backup", str(to))
        one, two = [path for path in it.vault.rglob("*") if path.is_file()]
        one.write_bytes(one.read_bytes()[:-1])
        two.unlink()
        for _ in range(2):
            second = it.command("backup", str(to), "--keep", "1", check=False)
            assert second.returncode == 3
            assert (
                "1 objects are not what their records say, 1 of referrals are missing"
                in second.stderr
            )
        stop(it)
        destroy(it)
        it.command("restore", str(to))
        start(it)
        assert "nothing is wrong" in it.command("doctor", check=False).stdout


async def test_a_snapshot_that_cannot_be_read_stops_no_other_and_nothing_is_forgotten(
    tmp_path: Path,
) -> None:
    to = tmp_path / "backup"
    async with running(tmp_path) as it:
        await finished(await begun(it, "said"))
        await it.settled()
        it.command("backup", str(to))
        (first,) = [folder for folder in to.iterdir() if (folder / "manifest.json").exists()]
        whole = (first / "manifest.json").read_text()
        (first / "manifest.json").write_text(whole[:40])
        for _ in range(2):
            said = it.command("backup", str(to), "--keep", "1").stdout
            assert f"Nothing is forgotten: {first.name} cannot be read" in said
        (first / "manifest.json").write_text(whole)
        assert (
            "3 old snapshots are forgotten" in it.command("backup", str(to), "--keep", "1").stdout
        )


async def test_a_restore_into_a_bucket_holds_the_files_of_referrals_and_no_others(
    tmp_path: Path,
) -> None:
    to, bucket = tmp_path / "backup", seaweed.bucket()
    async with running(tmp_path, FIRSTHAND_KEYS_MIRROR=str(tmp_path / "mirror")) as it:
        await finished(await begun(it, "said and sent"))
        unsent = await begun(it, "said, not sent")
        await it.settled_but_open(1)
        it.command("backup", str(to))
        stop(it)
        destroy(it)
        it.environment.update(seaweed.settings(bucket))
        it.command("restore", str(to))
        start(it)
        await unsent.write("/delete")
        await unsent.press("Erase everything")
        await it.settled()
        left = seaweed.client().list_object_versions(Bucket=bucket)["Versions"]
        ((filed,),) = rows(it.database, "SELECT object FROM pieces WHERE object IS NOT NULL")
        assert [version["Key"] for version in left] == [f"sealed/{filed}"]


async def test_lost_keys_with_a_mirror_that_is_not_mounted_are_asked_for_and_not_made_new(
    tmp_path: Path,
) -> None:
    to, mirror = tmp_path / "backup", tmp_path / "mirror"
    async with running(tmp_path, FIRSTHAND_KEYS_MIRROR=str(mirror)) as it:
        unsent = await begun(it, "said, not sent")
        await it.settled_but_open(1)
        it.command("backup", str(to))
        stop(it)
        mirror.rename(tmp_path / "unplugged")
        (it.keys / "shred.keys").unlink()
        run = it.command("run", check=False)
        assert (
            run.returncode == 78
            and "see that the disk of FIRSTHAND_KEYS_MIRROR is mounted" in run.stderr
        )
        destroy(it, keys=False)
        again = it.command("restore", str(to), check=False)
        assert again.returncode == 1 and "see that its disk is mounted" in again.stderr
        assert not (it.keys / "shred.keys").exists() and not mirror.exists()
        (tmp_path / "unplugged").rename(mirror)
        it.command("restore", str(to))
        start(it)
        await unsent.write("said again")
        await unsent.until("Kept: 2")


async def test_what_a_restore_refuses(tmp_path: Path) -> None:
    to, moved = tmp_path / "backup", tmp_path / "moved"
    async with running(tmp_path) as it:
        await finished(await begun(it, "said"))
        await it.settled()
        assert "there is no finished backup" in it.command("restore", str(to), check=False).stderr
        it.command("backup", str(to))
        assert (
            "firsthand is running on these keys"
            in it.command("restore", str(to), check=False).stderr
        )
        stop(it)
        assert "this database is in use" in it.command("restore", str(to), check=False).stderr
        destroy(it)

        def refused(says: str, code: int, *more: str) -> None:
            done = it.command("restore", str(moved), *more, check=False)
            assert (done.returncode, says in done.stderr) == (code, True), done.stderr
            assert not count(it.database, "referrals") if database_there() else True
            shutil.rmtree(moved)
            shutil.copytree(to, moved)

        def database_there() -> bool:
            if isinstance(it.database, Path):
                return it.database.exists() and it.database.stat().st_size > 4096
            return bool(rows(it.database, "SELECT 1 FROM pg_tables WHERE tablename = 'referrals'"))

        shutil.copytree(to, moved)
        (snapshot,) = [folder for folder in moved.iterdir() if (folder / "manifest.json").exists()]
        refused("there is no nothing in", 1, "--snapshot", "nothing")
        with (snapshot / "database.sqlite").open("r+b") as file:
            file.seek(-1, 2)
            file.write(b"\x01")
        refused("database.sqlite is not what the manifest says", 3)
        manifest = snapshot / "manifest.json"
        manifest.write_text(manifest.read_text().replace('"v": 1', '"v": 2'))
        refused("was not signed with the installation key", 3)
        next(path for path in (moved / "vault").rglob("*") if path.is_file()).unlink()
        refused("0 objects of this backup are not what they were and 1 are missing", 3)
        shutil.copytree(it.keys, tmp_path / "kept")
        (it.keys / "facts.key").write_bytes(b"x" * 32)
        refused("facts.key is not the one this", 78)
        (it.keys / "facts.key").unlink()
        refused("facts.key must be in", 78)
        shutil.copy(tmp_path / "kept" / "facts.key", it.keys)
        it.command("restore", str(moved))
        assert count(it.database, "referrals") == 1


async def test_a_backup_or_restore_that_is_killed_is_simply_run_again(tmp_path: Path) -> None:
    to = tmp_path / "backup"
    async with running(tmp_path) as it:
        for n in range(3):
            await finished(await begun(it, f"said {n}"))
        await it.settled()
        for seconds in (0.6, 0.9, 1.2):
            killed(it, seconds, "backup", str(to))
        it.command("backup", str(to))
        assert not list(to.glob("*.unfinished"))
        stop(it)
        destroy(it)
        for seconds in (0.8, 1.1, 1.4):
            killed(it, seconds, "restore", str(to))
        last = it.command("restore", str(to), check=False)
        assert last.returncode == 0 or "this database is in use" in last.stderr, last.stderr
        start(it)
        assert count(it.database, "referrals") == 3
        assert "nothing is wrong" in it.command("doctor", check=False).stdout


def killed(it: Installation, seconds: float, *command: str) -> None:
    process = subprocess.Popen(
        [PYTHON, "-m", "bot", *command],
        cwd=ROOT,
        env=it.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate()


@pytest.mark.skipif(not postgres.ASKED, reason="needs both kinds of database")
async def test_an_installation_moves_from_sqlite_to_postgresql_by_backup_and_restore(
    tmp_path: Path,
) -> None:
    to = tmp_path / "backup"
    sqlite = f"sqlite:///{tmp_path / 'small.db'}"
    async with running(tmp_path, FIRSTHAND_DATABASE_URL=sqlite) as it:
        reference = await finished(await begun(it, "said and sent"))
        going_on = await begun(it, "said, not sent")
        await it.settled_but_open(1)
        stop(it)
        it.command("backup", str(to))
        it.environment["FIRSTHAND_DATABASE_URL"] = postgres.one_for(tmp_path)
        done = it.command("restore", str(to))
        assert (
            "1 referrals are back, and 1 reports that witnesses have not sent yet." in done.stdout
        )
        start(it)
        assert words_in(referral(it.database, reference, it.identity, tmp_path)) == [
            "said and sent"
        ]
        await going_on.write("said on the new one")
        await going_on.until("Kept: 2")
        await finished(going_on)


async def test_a_backup_is_made_apart_from_everything_that_it_is_for(tmp_path: Path) -> None:
    mirror = tmp_path / "second" / "keys"
    vault = (tmp_path / "disk" / "vault").as_uri()
    async with running(
        tmp_path, FIRSTHAND_VAULT_URL=vault, FIRSTHAND_KEYS_MIRROR=str(mirror)
    ) as it:
        await it.settled()
        it.command("backup", str(tmp_path / "good"))
        for to, says in (
            (tmp_path / "disk", "holds the vault"),
            (tmp_path / "disk" / "vault" / "backups", "lies in the vault"),
            (it.keys, "lies in the folder of the keys"),
            (it.keys / "b", "lies in the folder of the keys"),
            (mirror, "lies in the mirror of the keys"),
            (mirror.parent, "holds the mirror of the keys"),
            (it.home / "b", "lies in FIRSTHAND_HOME"),
            (tmp_path, "holds "),
            (tmp_path / "good" / "in", "lies in the backups of"),
        ):
            refused = it.command("backup", str(to), check=False)
            assert refused.returncode == 1 and says in refused.stderr, to
            assert not (to / "vault").exists() or to.name == "disk"


async def test_a_snapshot_of_a_time_to_come_is_not_taken_for_the_newest(tmp_path: Path) -> None:
    to = tmp_path / "backup"
    async with running(tmp_path) as it:
        stop(it)
        it.environment["FIRSTHAND_DRILL"] = "ahead=63072000"
        it.command("backup", str(to))
        del it.environment["FIRSTHAND_DRILL"]
        start(it)
        await finished(await begun(it, "said after"))
        await it.settled()
        stop(it)
        it.command("backup", str(to))
        lose_database(it)
        done = it.command("restore", str(to)).stdout
        assert "is of a time to come" in done and "1 referrals are back" in done
