"""A short drill in every run of the tests, and that its judge can find something; `make drills` is the long one."""

from pathlib import Path

import pytest

from tests.drills.drill import drill
from tests.drills.sabotage import Pace
from tests.drills.verdict import Verdict, judge
from tests.drills.witness import Told
from tests.installation import running
from tests.people import Phone
from tests.whole.test_end_to_end import LABELS, consented, sent

SAY = LABELS["en"]


@pytest.mark.long
async def test_a_short_drill_loses_and_doubles_nothing(tmp_path: Path) -> None:
    drilled = await drill(tmp_path, seed=7, kills=8, pace=Pace(pause=0.4, silence=1))
    assert drilled.verdict.sound, drilled.verdict
    assert drilled.kills >= 8 and drilled.verdict.reports >= 8 and drilled.verdict.acknowledged > 20


async def test_the_judge_finds_what_is_lost_doubled_or_without_a_card(tmp_path: Path) -> None:
    async with running(tmp_path) as it:
        phone = await Phone.new(it.http)
        await consented(phone, SAY)
        await phone.write("said once")
        await phone.write("said twice")
        await phone.write("said twice")
        await phone.send(("a.bin", b"one"), ("b.bin", b"two"))
        await phone.until("Received: 2")
        await phone.write("/finish")
        await sent(phone, SAY)
        reference = str(
            (await phone.until(SAY["reference"]))["text"].split(SAY["reference"])[1].split()[0]
        )
        await it.channel().until(reference)

        async def found(texts: list[str], files: list[bytes], number: str = reference) -> Verdict:
            return await judge(it, [Told(phone, texts, files, number)], tmp_path)

        assert (await found(["said once"], [b"one", b"two"])).sound
        assert (await found(["said once", "never said"], [b"one", b"two"])).lost == [
            f"{reference}: words"
        ]
        assert (await found([], [b"one", b"two", b"three"])).lost == [
            f"{reference}: a file of 5 bytes"
        ]
        assert (await found(["said twice"], [b"one", b"two"])).doubled == [
            f"{reference}: words 2 times"
        ]
        assert (await found([], [b"one"])).doubled == [f"{reference}: 1 files more than were sent"]
        assert not (await found([], [], "another number")).sound
        card = await it.channel().until(reference)
        await it.http.post(
            f"/people/{it.officer().person}/channel/delete", json={"message_id": card["message_id"]}
        )
        assert (await found([], [b"one", b"two"])).cards == [f"no card: {reference}"]
