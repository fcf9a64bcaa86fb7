"""After sending, nothing a witness said is left on the server in any form; and the search would have found it."""

import shutil
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from storage import age, keys
from tests import postgres
from tests.canary import every_byte, every_column, shapes, sightings, surviving_keys
from tests.installation import running
from tests.numbers import Numbers
from tests.people import Phone
from tests.shell import shell
from tests.whole.test_end_to_end import LABELS, consented, sent, to_when

WORDS = ["kanarka-account-Ы1", "kanarka-late-Ї2", "kanarka-edited-Є3", "kanarka-aside-Ґ4"]
FILES = ["kanarka-content-5", "kanarka-name-6", "kanarka-caption-7"]


@pytest.mark.long
async def test_nothing_a_witness_said_survives_sending_in_any_form(tmp_path: Path) -> None:
    say = LABELS["en"]
    async with running(tmp_path) as it:
        phone = await Phone.new(it.http, "kanarka-person")
        await consented(phone, say)
        first = await phone.write("to be corrected")
        await phone.edit(first, WORDS[2])
        await phone.write(WORDS[0])
        file = await phone.send((f"{FILES[1]}.txt", FILES[0].encode()), caption=FILES[2])
        await phone.until("Received: 1")
        backup = tmp_path / "backup"
        shutil.copytree(it.home, backup, ignore=shutil.ignore_patterns("officer", "telegram-files"))
        await to_when(phone, say)
        await phone.write(WORDS[1])
        await phone.press(say["skip"], on="please choose it")
        await phone.until(say["where"])
        await phone.press("Finish", on=say["where"])
        await sent(phone, say)
        await it.settled()
        canaries = [
            *WORDS, *FILES, "kanarka-person", str(phone.person), file[0]["document"]["file_id"],
            file[0]["document"]["file_unique_id"],
        ]  # fmt: skip
        left = surviving_keys(it.keys)
        copied = [] if isinstance(it.database, str) else [backup / "firsthand.db"]
        kept = [p for p in it.home.iterdir() if p.name not in ("officer", "telegram-files")]
        seen = sightings(
            canaries,
            chain(
                every_byte(*kept, backup, it.keys, it.log),
                every_column(it.database, left),
                *(every_column(copy, left) for copy in copied),
            ),
        )
    assert seen == {canary: set() for canary in canaries}


@pytest.fixture
def without_sealing(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation on which every seal is switched off."""
    monkeypatch.setattr(keys.Box, "seal", lambda _, plain, __: plain)
    monkeypatch.setattr(keys.Box, "open", lambda _, sealed, __: sealed)
    original = age.Sealer.__init__

    def open_sealer(self: age.Sealer, recipient: str, *watch: Any) -> None:
        original(self, recipient, *watch)
        self.header = b""

    monkeypatch.setattr(age.Sealer, "__init__", open_sealer)
    monkeypatch.setattr(age.Sealer, "update", lambda _, plain: plain)
    monkeypatch.setattr(age.Sealer, "finish", lambda _: b"")


@pytest.mark.usefixtures("without_sealing")
async def test_the_same_search_finds_every_canary_where_sealing_is_switched_off(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    said = ["/start", "3", "1", "1", "1", "1", "3", WORDS[0], "done", "1", "/finish"]
    said += ["1", "skip", "skip", "1"]  # on to sending, with whom it may be shared, contact, send
    async with shell(tmp_path, channel) as it:
        for line in said:
            channel.write("987654321012", line, 1)
            await it.quiet()
            if line == WORDS[0]:
                channel.send("987654321012", "document", FILES[0].encode(), 1)
                await it.quiet()
        assert any("Number: " in text for text in channel.said["987654321012"])
        where = (
            postgres.address(postgres.named(tmp_path / "shell.db"))
            if postgres.ASKED
            else tmp_path / "shell.db"
        )
        seen = sightings([WORDS[0], FILES[0]], chain(every_byte(tmp_path), every_column(where, [])))
    assert all(seen.values()), seen


@pytest.mark.parametrize("form", sorted(shapes("x" * 12)))
def test_the_search_knows_every_shape(form: str, tmp_path: Path) -> None:
    canary = "kanarka-Ї-shape"
    (tmp_path / "file").write_bytes(b"\0" * 7 + shapes(canary)[form] + b"\0")
    assert sightings([canary], every_byte(tmp_path))[canary]


def test_the_search_looks_inside_compressed_bytes(tmp_path: Path) -> None:
    import zlib  # noqa: PLC0415

    (tmp_path / "file").write_bytes(b"abc" + zlib.compress(b"kanarka-inside" * 3))
    assert sightings(["kanarka-inside"], every_byte(tmp_path))["kanarka-inside"]
