"""What we send keeps to Telegram's limits by the sandbox's own counts, and nothing has to be refused for it."""

import asyncio
from itertools import groupby
from pathlib import Path

from tests.installation import Installation, running
from tests.people import Json, Phone
from tests.whole.test_end_to_end import LABELS

PHONES = 50
LIMITS = {
    "FIRSTHAND_SANDBOX_LIMITS": "1",
    "FIRSTHAND_SEND_OVERALL": "30",
    "FIRSTHAND_SEND_CHAT": "1",
}


async def test_a_burst_of_people_is_answered_within_thirty_a_second_and_one_a_chat(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, "sandbox", "witness", **LIMITS) as it:
        phones = [await Phone.new(it.http, f"P{n}") for n in range(PHONES)]
        await asyncio.gather(*(phone.write("/start") for phone in phones))
        await asyncio.gather(*(phone.press(LABELS["en"]["language"]) for phone in phones))
        for number in range(6):
            await phones[0].write(f"words at the wrong moment {number}")
        await asyncio.gather(*(phone.until(LABELS["en"]["safe"]) for phone in phones))
        await it.delivered()
        said = await calls(it)
    assert most_within(said, 1.0) <= 30
    for _, chat in groupby(
        sorted(said, key=lambda call: str(call["chat"])), key=lambda call: call["chat"]
    ):
        assert most_within(list(chat), 6.0) <= 3 + 6, "one a second after three at once"
    assert "delivery put off" not in it.log.read_text(), "nothing was refused"


async def calls(it: Installation) -> list[Json]:
    """Every message the witnesses' bot sent or changed."""
    found: list[Json] = (await it.http.get("/calls")).json()["calls"]
    return [
        c
        for c in found
        if c["bot"] == "witness" and c["method"] in ("sendmessage", "editmessagetext")
    ]


def most_within(said: list[Json], seconds: float) -> int:
    """The largest number of them in any window of so many seconds."""
    at = sorted(call["at"] for call in said)
    return max(len([one for one in at if start <= one < start + seconds]) for start in at)
