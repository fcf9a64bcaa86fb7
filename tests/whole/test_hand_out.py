"""From the press for a package to a dossier that proves itself, whatever dies on the way: over HTTP, with real processes."""

import asyncio
from pathlib import Path

from tests.installation import Installation, running
from tests.people import Phone
from tests.reader import count, rows
from tests.waiting import until
from tests.whole.test_end_to_end import LABELS, consented, package, sent

SAY = LABELS["en"]


async def reported(it: Installation) -> str:
    phone = await Phone.new(it.http)
    await consented(phone, SAY)
    await phone.write("I saw it.")
    await phone.send(("a.jpg", b"x" * 1000), kind="photo")
    await phone.until("Received: 1")
    await phone.write("/finish")
    return await sent(phone, SAY)


async def test_a_package_waits_for_the_signature_and_comes_by_itself(tmp_path: Path) -> None:
    """The custody process is killed, and the officers' too, between the press and the head."""
    async with running(tmp_path, "sandbox", "witness", "files", "officers", "custody") as it:
        reference = await reported(it)
        it.kill("custody")
        channel, officer = it.channel(), it.officer()
        await channel.until(reference)
        await channel.press("Claim", on=reference)
        await channel.until("claimed by Kestrel")
        await officer.press("Send me the package", on=reference)
        await asyncio.sleep(3)
        lines = rows(it.database, "SELECT line FROM ledger WHERE log = ?", reference)
        assert sum("package handed out" in line for (line,) in lines) == 1
        await officer.look()
        assert not any("document" in message for message in officer.messages.values())
        it.kill("officers")
        it.start("officers", "custody")
        tar = tmp_path / f"{reference}.tar"
        tar.write_bytes(await officer.download(await officer.until_file(tar.name)))
        await until(lambda: count(it.database, "posts") == 0)
        log_key = it.command("key", "--log").stdout.strip()
        out = tmp_path / "out"
        opened = it.command(
            "open", str(tar), "-i", str(it.identity), "--to", str(out), "--key", log_key
        )
        assert (
            "signed in the hour of" in opened.stdout and "with the published key" in opened.stdout
        )
        verified = it.command("verify", str(out), "--key", log_key)
        assert "agrees with a custody log that this key signed" in verified.stdout
        assert "✗" not in verified.stdout and "Stop" not in verified.stdout


async def test_without_the_key_nothing_is_said_of_whose_it_is_and_another_key_is_refused(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as it:
        reference = await reported(it)
        folder = await package(it, reference, tmp_path / "in")
        out = tmp_path / "out"
        opened = it.command("open", str(folder), "-i", str(it.identity), "--to", str(out))
        assert opened.stdout.startswith("Note: nothing here shows which installation made this")
        receipts = it.command("key").stdout.strip()
        refused = it.command("verify", str(out), "--key", receipts, check=False)
        assert refused.returncode == 3 and "another installation" in refused.stderr
        wrong = it.command("verify", str(out), "--key", "MFkw", check=False)
        assert wrong.returncode == 1 and "that is no public key" in wrong.stderr


async def test_the_operators_hand_out_is_the_operators_and_for_whom_it_opens(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as it:
        reference = await reported(it)
        it.kill("custody")  # the command signs where nobody does
        it.command("referral", "package", reference, "--by", "Kestrel", "--to", str(tmp_path))
        (last,) = rows(
            it.database, "SELECT line FROM ledger WHERE log = ? ORDER BY n DESC LIMIT 1", reference
        )
        assert '"actor":"operator"' in last[0] and '"kind":"package handed out"' in last[0]
        out = tmp_path / "out"
        log_key = it.command("key", "--log").stdout.strip()
        it.command(
            "open",
            str(tmp_path / f"{reference}.tar"),
            "-i",
            str(it.identity),
            "--to",
            str(out),
            "--key",
            log_key,
        )
        it.command("officer", "invite", "Heron", "--role", "officer")
        refused = it.command("referral", "package", reference, "--by", "Heron", check=False)
        assert refused.returncode == 1 and "no enrolled officer" in refused.stderr
