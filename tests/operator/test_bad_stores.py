"""A database that may not be written, a bucket that is full or gives other bytes than it got: said, and nothing lost."""

from pathlib import Path

import pytest

from tests import postgres, seaweed
from tests.installation import Installation, running
from tests.people import Phone
from tests.reader import count, referral, rows
from tests.whole.test_bucket import OBJECT, PHOTO, reported
from tests.whole.test_end_to_end import LABELS, consented, package, told

SAY = LABELS["en"]


@pytest.mark.skipif(not postgres.ASKED, reason="root writes every file")
async def test_a_read_only_database_is_named_and_what_was_sent_meanwhile_is_kept_later(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as it:
        assert isinstance(it.database, str)
        phone = await Phone.new(it.http)
        await consented(phone, SAY)
        await phone.write("said before")
        await phone.until("Kept: 1")
        read_only(it.database, "on")
        await phone.write("said meanwhile")
        refused = it.command("prepare", check=False)
        assert refused.returncode == 78 and "FIRSTHAND_DATABASE_URL" in refused.stderr
        assert (
            "can be written" in refused.stderr and postgres.name(it.database) not in refused.stderr
        )
        read_only(it.database, "off")
        await phone.until("Kept: 2")
        story = referral(it.database, await told(phone, SAY), it.identity, tmp_path)
        assert [part["text"] for part in story["incidents"][0]["account"]] == [
            "said before",
            "said meanwhile",
        ]
        assert count(it.database, "quarantine") == 0


def read_only(url: str, how: str) -> None:
    """For whoever connects from now on; who is connected must do it again."""
    name = postgres.name(url)
    postgres.rows(
        postgres.server(), f'ALTER DATABASE "{name}" SET default_transaction_read_only = {how}'
    )
    postgres.rows(
        postgres.server(),
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ?",
        name,
    )


async def test_a_bucket_that_gives_other_bytes_of_the_same_size_is_found_out_when_a_package_is_opened(
    tmp_path: Path,
) -> None:
    bucket = seaweed.bucket()
    async with running(tmp_path, **seaweed.settings(bucket)) as it:
        reference = await reported(it)
        await it.settled()
        ((name,),) = rows(it.database, OBJECT)
        size = len(it.object(name))
        seaweed.client().put_object(Bucket=bucket, Key=f"sealed/{name}", Body=b"x" * size)
        tar = await package(it, reference, tmp_path)
        opened = it.command(
            "open", str(tar), "-i", str(it.identity), "--to", str(tmp_path / "out"), check=False
        )
        assert opened.returncode == 3, opened.stdout + opened.stderr
        versions = seaweed.client().list_object_versions(Bucket=bucket, Prefix=f"sealed/{name}")[
            "Versions"
        ]
        assert len(versions) == 2, "what was given first is there still"


@pytest.mark.long
async def test_a_file_waits_while_the_bucket_is_full_and_what_is_there_can_be_read(
    tmp_path: Path,
) -> None:
    server = seaweed.Server(tmp_path / "seaweed")
    try:
        bucket = seaweed.bucket(server.endpoint)
        async with running(tmp_path, **seaweed.settings(bucket, server.endpoint)) as it:
            reference = await reported(it)
            await it.settled()
            server.restart(full=True)
            phone = await Phone.new(it.http)
            await consented(phone, SAY)
            await phone.write("said while it was full")
            await phone.send(("b.jpg", PHOTO), kind="photo")
            await it.until_rows("(SELECT 1 FROM work WHERE kind = 'fetch' AND tries > 1)", 1)
            assert "the vault's store is away" in it.log.read_text()
            assert PHOTO in await exhibits(it, reference, tmp_path / "first")
            assert not any("Received" in message.get("text", "") for message in await phone.look())
            server.restart(full=False)
            await phone.until("Received: 1")
            assert PHOTO in await exhibits(it, await told(phone, SAY), tmp_path / "second")
    finally:
        server.kill()


async def exhibits(it: Installation, reference: str, folder: Path) -> list[bytes]:
    """As an officer has them who opens the package."""
    packed = await package(it, reference, folder)
    it.command("open", str(packed), "-i", str(it.identity), "--to", str(folder / "out"))
    return [path.read_bytes() for path in (folder / "out").rglob("x*.jpg")]
