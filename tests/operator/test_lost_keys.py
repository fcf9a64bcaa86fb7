"""The file of the shred keys is lost, or an older one is in its place: nothing is begun with it unseen."""

import shutil
from pathlib import Path

import pytest

from tests.installation import running
from tests.operator.test_backup import SAY, begun, finished, start, stop
from tests.reader import count


async def test_an_older_key_file_is_refused_until_the_operator_accepts_it(tmp_path: Path) -> None:
    async with running(tmp_path) as it:
        before = await begun(it, "said before")
        await it.settled_but_open(1)
        stop(it)
        shutil.copy(it.keys / "shred.keys", tmp_path / "older")
        start(it)
        after = await begun(it, "said after")
        await it.settled_but_open(2)
        assert "stop it first" in it.command("keys", "accept", check=False).stderr
        stop(it)

        shutil.copy(tmp_path / "older", it.keys / "shred.keys")
        it.restart("witness")
        assert it.processes["witness"].wait() == 78
        assert "is not the file that was used last" in it.log.read_text()
        accepted = it.command("keys", "accept").stdout
        assert "1 unsent reports do not open with it and are let go; 1 chats are told" in accepted
        start(it)
        await before.write("said again")
        await before.until("Kept: 2")
        await finished(before)
        await after.write("/start")
        await after.until("There was a fault on our side")
        assert count(it.database, "referrals") == 1
        await after.press(SAY["language"])
        await after.write("/delete")


async def test_keys_that_agree_with_their_mirror_are_not_given_up_for_another_database(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, FIRSTHAND_KEYS_MIRROR=str(tmp_path / "mirror")) as it:
        if not str(it.database).endswith(".db"):
            pytest.skip("the database is no file of this machine")
        await finished(await begun(it, "said before"))
        await it.settled()
        stop(it)
        shutil.copytree(it.home, tmp_path / "of before")
        start(it)
        phone = await begun(it, "said since")
        await it.settled_but_open(1)
        stop(it)
        environment = {
            **it.environment,
            "FIRSTHAND_DATABASE_URL": f"sqlite:///{tmp_path / 'of before' / 'firsthand.db'}",
        }
        refused = it.by_hand(["keys", "accept"], environment)
        assert (
            refused.returncode == 1
            and "FIRSTHAND_DATABASE_URL names the database that was used last" in refused.stderr
        )
        start(it)
        await phone.write("said again")
        await phone.until("Kept: 2")


async def test_no_role_starts_with_the_keys_of_another_installation(tmp_path: Path) -> None:
    async with running(tmp_path) as it:
        stop(it)
        for name in ("facts.key", "master.key"):
            kept = (it.keys / name).read_bytes()
            (it.keys / name).write_bytes(b"x" * 32)
            for role in ("witness", "files", *(("officers",) if name == "facts.key" else ())):
                it.restart(role)
                assert it.processes[role].wait() == 78, (name, role)
            (it.keys / name).write_bytes(kept)
        start(it)


async def test_lost_keys_are_not_made_new_while_reports_are_open(tmp_path: Path) -> None:
    async with running(tmp_path) as it:
        unsent = await begun(it, "said, not sent")
        await it.settled_but_open(1)
        stop(it)
        (it.keys / "shred.keys").unlink()
        it.restart("witness")
        assert it.processes["witness"].wait() == 78
        it.prepare()
        it.restart("witness")
        assert it.processes["witness"].wait() == 78, "those that prepare made are no better"
        assert "1 unsent reports do not open" in it.command("keys", "accept").stdout
        start(it)
        await unsent.write("/start")
        await unsent.until("There was a fault on our side")
        await unsent.press(SAY["language"])
        await unsent.write("/delete")


async def test_without_the_file_nothing_is_restored_accepted_or_mirrored_where_a_service_has_it(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, "sandbox") as it:
        it.environment |= {
            "FIRSTHAND_KEYS_SERVICE": "https://127.0.0.1:9", "FIRSTHAND_DATABASE_URL": "postgresql://a@127.0.0.1:9/a",
            "FIRSTHAND_KEYS_MIRROR": str(tmp_path / "mirror"),
        }  # fmt: skip
        (tmp_path / "backup").mkdir()
        for command in (("keys", "accept"), ("mirror",)):
            refused = it.command(*command, check=False)
            assert (
                refused.returncode == 78 and "where the keys process has its file" in refused.stderr
            )
        assert not (tmp_path / "mirror").exists()


async def test_an_older_file_is_not_written_over_the_mirror_of_the_true_one(tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    async with running(tmp_path, FIRSTHAND_KEYS_MIRROR=str(mirror)) as it:
        before = await begun(it, "said before")
        await it.settled_but_open(1)
        stop(it)
        shutil.copy(it.keys / "shred.keys", tmp_path / "older")
        start(it)
        await begun(it, "said after")
        await it.settled_but_open(2)
        stop(it)
        newest = (mirror / "shred.keys").read_bytes()
        shutil.copy(tmp_path / "older", it.keys / "shred.keys")
        it.command("officer", "list")
        it.command("vault", "copy", f"file://{tmp_path / 'elsewhere'}")
        it.restart("witness")
        assert it.processes["witness"].wait() == 78
        refused = it.command("keys", "accept", check=False)
        assert "the mirror has the shred keys that were used last" in refused.stderr
        assert (mirror / "shred.keys").read_bytes() == newest
        shutil.copy(mirror / "shred.keys", it.keys / "shred.keys")
        start(it)
        await before.write("said again")
        await before.until("Kept: 2")


async def test_lost_keys_whose_mirror_is_not_mounted_are_not_accepted_anew(tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    async with running(tmp_path, FIRSTHAND_KEYS_MIRROR=str(mirror)) as it:
        await begun(it, "said before")
        await it.settled_but_open(1)
        stop(it)
        mirror.rename(tmp_path / "unplugged")
        mirror.mkdir()
        (it.keys / "shred.keys").unlink()
        for command in (("keys", "accept"), ("vault", "copy", f"file://{tmp_path / 'elsewhere'}")):
            it.command(*command, check=False)
        assert not (it.keys / "shred.keys").exists() and list(mirror.iterdir()) == []
        assert (
            "see that the disk of FIRSTHAND_KEYS_MIRROR is mounted"
            in it.command("keys", "accept", check=False).stderr
        )


async def test_a_start_without_the_disk_of_the_database_destroys_no_unsent_report(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as it:
        if not str(it.database).endswith(".db"):
            pytest.skip("the database is no file of this machine")
        phone = await begun(it, "said before")
        await it.settled_but_open(1)
        stop(it)
        keys, away = (it.keys / "shred.keys").read_bytes(), tmp_path / "unmounted"
        away.mkdir()
        for file in it.home.glob("firsthand.db*"):
            file.rename(away / file.name)
        it.restart("witness")
        assert it.processes["witness"].wait() == 78
        refused = it.command("prepare", check=False)
        assert refused.returncode == 78 and "see that its disk is mounted" in refused.stderr
        assert (it.keys / "shred.keys").read_bytes() == keys
        for command in (
            ("held", "list"),
            ("referral", "list"),
            ("vault", "copy", (tmp_path / "v").as_uri()),
        ):
            assert "there is no installation in" in it.command(*command, check=False).stderr
        elsewhere = {
            **it.environment,
            "FIRSTHAND_DATABASE_URL": f"sqlite:///{tmp_path / 'none.db'}",
        }
        assert "there is no installation in" in it.by_hand(["referral", "list"], elsewhere).stderr
        assert not list(it.home.glob("firsthand.db*")) and not (tmp_path / "none.db").exists()
        for file in away.iterdir():
            file.rename(it.home / file.name)
        start(it)
        await phone.write("said again")
        await phone.until("Kept: 2")
