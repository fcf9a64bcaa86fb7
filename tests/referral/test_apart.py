"""The officers' process on a machine of its own: the facts key, a database and a bucket, and nothing of the witnesses'."""

import shutil
from pathlib import Path

from tests import postgres, seaweed
from tests.installation import running
from tests.people import Phone
from tests.whole.test_end_to_end import LABELS, consented, package, sent

SAY = LABELS["en"]


async def test_officers_work_on_a_machine_that_has_the_facts_key_alone(tmp_path: Path) -> None:
    async with running(
        tmp_path, "sandbox", "custody", "witness", "files", **seaweed.settings(seaweed.bucket())
    ) as it:
        apart = tmp_path / "apart"
        (apart / "keys").mkdir(parents=True)
        shutil.copy(it.keys / "facts.key", apart / "keys")
        database = it.environment.get("FIRSTHAND_DATABASE_URL", f"sqlite:///{it.database}")
        it.restart(
            "officers", FIRSTHAND_HOME=str(apart / "home"), FIRSTHAND_KEYS=str(apart / "keys"),
            FIRSTHAND_DATABASE_URL=database,
        )  # fmt: skip
        phone = await Phone.new(it.http)
        await consented(phone, SAY)
        await phone.write("I saw it.")
        await phone.send(("a.jpg", b"x" * 1000), kind="photo")
        await phone.until("Received: 1")
        await phone.write("/finish")
        reference = await sent(phone, SAY)
        tar = await package(it, reference, tmp_path)
        opened = it.command(
            "open", str(tar), "-i", str(it.identity), "--to", str(tmp_path / "out"), check=False
        )
        assert opened.returncode == 0, opened.stderr
        assert [path.name for path in (apart / "keys").iterdir()] == ["facts.key"]
        left = [path.name for path in (apart / "home").rglob("*") if path.is_file()]
        assert sorted(name.partition("-")[0] for name in left) == ["officers"] * (
            2 if postgres.ASKED else 1
        ), "a sign of life, and a lock"
