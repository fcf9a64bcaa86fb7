"""An installation whose vault is a bucket of a real object store."""

import shutil
from pathlib import Path

from tests import seaweed
from tests.installation import Installation, running
from tests.officers.test_officers import enrolled, ledger, nothing_more
from tests.people import Phone
from tests.reader import rows
from tests.whole.test_end_to_end import LABELS, consented, package, sent

SAY = LABELS["en"]
PHOTO = b"a photo" * 100_000
OBJECT = "SELECT object FROM pieces WHERE object IS NOT NULL"


async def reported(it: Installation) -> str:
    """A report with a photo; its number."""
    phone = await Phone.new(it.http)
    await consented(phone, SAY)
    await phone.write("I saw it.")
    await phone.send(("a.jpg", PHOTO), kind="photo")
    await phone.until("Received: 1")
    await phone.write("/finish")
    return await sent(phone, SAY)


def locked(bucket: str, name: str) -> str:
    return str(
        seaweed.client().get_object_legal_hold(Bucket=bucket, Key=f"sealed/{name}")["LegalHold"][
            "Status"
        ]
    )


async def test_a_report_lies_in_the_bucket_held_and_its_package_opens(tmp_path: Path) -> None:
    bucket = seaweed.bucket()
    async with running(tmp_path, **seaweed.settings(bucket)) as it:
        reference = await reported(it)
        await it.settled()
        ((name,),) = rows(it.database, OBJECT)
        assert locked(bucket, name) == "ON" and not it.vault.exists()
        tar = await package(it, reference, tmp_path)
        opened = it.command(
            "open", str(tar), "-i", str(it.identity), "--to", str(tmp_path / "out"), check=False
        )
        assert opened.returncode == 0, opened.stderr
        assert PHOTO in [path.read_bytes() for path in (tmp_path / "out").rglob("x1*")]
        assert it.command("doctor", check=False).stdout.count("vault") == 0
        log = it.log.read_text()
        assert not any(word in log for word in (seaweed.KEY, seaweed.SECRET, bucket, "127.0.0.1"))


async def test_a_hold_is_lifted_when_two_supervisors_say_so_and_not_before(tmp_path: Path) -> None:
    bucket = seaweed.bucket()
    async with running(tmp_path, **seaweed.settings(bucket)) as it:
        kestrel, (heron, _) = it.officer(), await enrolled(it, "Heron", "supervisor")
        egret, _ = await enrolled(it, "Egret", "officer")
        reference = await reported(it)
        await it.settled()
        ((name,),) = rows(it.database, OBJECT)
        was = await egret.look()
        await egret.write(f"/lift {reference}")
        await kestrel.write(f"/lift {reference}")
        await kestrel.until(f"Asked about {reference}: Heron.")
        asks = await heron.until(f"Kestrel asks that the files of {reference} be no longer kept")
        press = f"/people/{kestrel.person}/officers/press?forge=1"
        await it.http.post(press, json={"message_id": asks["message_id"], "data": f"l:{reference}"})
        await kestrel.until("Nobody else has asked")
        refused = it.command("referral", "lift", reference, check=False)
        assert refused.returncode == 1 and "two supervisors must say so first" in refused.stderr
        assert locked(bucket, name) == "ON"
        await heron.press("I agree", on=reference)
        for one in (kestrel, heron):
            await one.until(f"Two of you agree about {reference}")
        assert "1 files are no longer held" in it.command("referral", "lift", reference).stdout
        assert locked(bucket, name) == "OFF"
        again = it.command("referral", "lift", reference, check=False)
        assert again.returncode == 1, "what they said was said once"
        assert [kind for kind, _ in ledger(it, reference)][-3:] == [
            "lifting of the hold asked", "lifting of the hold agreed", "hold lifted",
        ]  # fmt: skip
        assert await nothing_more(egret) == was, "an officer gets silence"


async def test_a_bucket_that_refuses_keeps_the_file_on_its_way_until_it_is_open_again(
    tmp_path: Path,
) -> None:
    wrong = {**seaweed.settings(seaweed.bucket()), "FIRSTHAND_VAULT_SECRET": "wrong"}
    async with running(tmp_path, **wrong) as it:
        phone = await Phone.new(it.http)
        await consented(phone, SAY)
        await phone.send(("a.jpg", PHOTO), kind="photo")
        await phone.until("On its way")
        said = it.command("doctor", check=False)
        assert "The vault cannot be used (" in said.stdout and "FIRSTHAND_VAULT_URL" in said.stdout
        for role in ("files", "witness"):
            it.kill(role)
            it.restart(role, FIRSTHAND_VAULT_SECRET=seaweed.SECRET, FIRSTHAND_DRILL="ahead=60")
        await phone.until("Received: 1")


async def test_a_vault_moves_to_a_bucket_and_back_checked_object_by_object(tmp_path: Path) -> None:
    bucket = seaweed.bucket()
    keys = {k: v for k, v in seaweed.settings(bucket).items() if not k.endswith("URL")}
    async with running(tmp_path, **keys) as it:
        references = [await reported(it) for _ in range(2)]
        await it.settled()
        first = it.command("vault", "copy", seaweed.address(bucket))
        assert "2 objects copied (1.4 MB) and read back, 0 were there already." in first.stdout
        ((name,), _) = rows(it.database, OBJECT)
        assert locked(bucket, name) == "ON"
        again = it.command("vault", "copy", seaweed.address(bucket), "--check")
        assert "0 objects copied (0.0 MB) and read back, 2 were there already." in again.stdout

        shutil.rmtree(it.vault)
        it.environment["FIRSTHAND_VAULT_URL"] = seaweed.address(bucket)
        for role in ("files", "officers"):
            it.kill(role)
            it.restart(role)
        tar = await package(it, references[0], tmp_path)
        opened = it.command(
            "open", str(tar), "-i", str(it.identity), "--to", str(tmp_path / "out"), check=False
        )
        assert opened.returncode == 0, opened.stderr

        it.command("vault", "copy", (tmp_path / "back").as_uri())
        (sealed,) = (tmp_path / "back").rglob(name)
        assert sealed.stat().st_size > len(PHOTO)


async def test_a_move_says_what_is_wrong_and_copies_the_rest(tmp_path: Path) -> None:
    async with running(tmp_path) as it:
        for _ in range(3):
            await reported(it)
        await it.settled()
        (one,), (two,), _ = rows(it.database, OBJECT)
        (path,) = it.vault.rglob(one)
        path.chmod(0o600)
        sealed = path.read_bytes()
        path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
        next(it.vault.rglob(two)).unlink()
        moved = it.command("vault", "copy", (tmp_path / "to").as_uri(), check=False)
        assert (
            moved.returncode == 3
            and "1 objects are not what their records say, 1 of referrals are missing"
            in moved.stderr
        )
        assert "1 objects copied" in moved.stdout
        assert not list((tmp_path / "to").rglob(one))
        nowhere = it.command("vault", "copy", "https://somewhere", check=False)
        assert (nowhere.returncode, nowhere.stderr.count("is neither file:///PATH nor s3://")) == (
            78,
            1,
        )
