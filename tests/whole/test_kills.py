"""Six times kill -9 of the process that holds the work, in the middle of a backlog: nothing lost, nothing doubled."""

import asyncio
from pathlib import Path

import pytest

from tests.installation import Installation, running
from tests.people import Phone
from tests.reader import count, referral
from tests.waiting import until
from tests.whole.test_end_to_end import LABELS, consented, sent

KILLS = 6
BACKLOG = 500
WITNESSES = 20


@pytest.mark.timeout(280)
@pytest.mark.long
async def test_kills_in_a_backlog_of_500_lose_and_double_nothing(tmp_path: Path) -> None:
    say = LABELS["en"]
    async with running(tmp_path, "sandbox", "witness") as it:
        phones = [await Phone.new(it.http, f"P{i}") for i in range(WITNESSES)]
        await asyncio.gather(*(consented(phone, say) for phone in phones))
        await (
            it.delivered()
        )  # who is asked, but not known to be, has their words kept as a note, and counted nowhere
        it.kill("witness")
        before = count(it.database, "answers")
        wrote: dict[int, list[str]] = {phone.person: [] for phone in phones}
        killed_at = []
        sent = 0
        for number in range(KILLS):
            sent += await backlog(it, phones, wrote, before + sent, number)
            it.restart("witness")
            killed_at.append(
                BACKLOG - (before + sent - await handled_some(it, before + sent - BACKLOG))
            )
            it.kill("witness")
        assert all(0 < handled < BACKLOG for handled in killed_at), killed_at
        it.restart("witness")
        references = [await finished(phone, say) for phone in phones]
        stories = [
            referral(it.database, reference, it.identity, tmp_path) for reference in references
        ]
        assert len(set(references)) == WITNESSES == count(it.database, "referrals")
    for phone, story in zip(phones, stories, strict=True):
        kept = [part["text"] for part in story["incidents"][0]["account"]]
        assert kept == wrote[phone.person]


async def backlog(
    it: Installation, phones: list[Phone], wrote: dict[int, list[str]], expected: int, number: int
) -> int:
    """Write until 500 messages wait; returns how many were written."""
    missing = BACKLOG - (expected - count(it.database, "answers"))
    for i in range(missing):
        phone = phones[i % len(phones)]
        text = f"{phone.person} in round {number}, message {i}"
        await phone.write(text)
        wrote[phone.person].append(text)
    return missing


async def handled_some(it: Installation, start: int) -> int:
    """Wait until some, but not all, of the backlog is handled; returns the number of answers stored."""
    await until(lambda: count(it.database, "answers") > start, every=0, otherwise=it.log.read_text)
    return count(it.database, "answers")


async def finished(phone: Phone, say: dict[str, str]) -> str:
    await phone.press("Finish", on="Kept")
    return await sent(phone, say)
