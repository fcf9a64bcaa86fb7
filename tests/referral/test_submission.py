"""What is sent beside the sealed pieces: the facts that an officer sees without a key, and what a receipt says."""

import json
from pathlib import Path

import pytest

from bot.witness.sealed_to import sealed_to
from bot.witness.submission import kept_for_a_day
from conversations.flows.report import REPORT
from conversations.way import start
from storage import age, referrals
from storage.recipients import Holder
from tests.numbers import Numbers
from tests.shell import shell
from tests.witness.test_addenda import CHAT, TO_SEND, say


async def test_the_months_of_the_dates_are_among_the_facts(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, CHAT, "/start", "3", "1", "1", "1", "1", "3")
        await say(it, channel, CHAT, "I saw it.", "done", "[Answer questions]")
        await say(it, channel, CHAT, "[Skip]", "[Skip]", "12 March 2022", "/finish")
        await say(it, channel, CHAT, "[Go on to sending]", *TO_SEND[3:5], "[Send]")
        (reference,) = await it.referrals()
        async with it.database.reading() as connection:
            referral = await referrals.get(connection, reference, it.facts)
    assert referral is not None and referral.facts["months"] == ["2022-03"]


def test_a_receipt_says_the_hour_and_no_more_of_the_time() -> None:
    at = 1_795_521_600 + 59 * 60  # noon of 24 November 2026, and 59 minutes
    said = json.dumps({"reference": "7K3M-9QXW-4T", "exhibits": []}).encode()
    kept = kept_for_a_day(said, at, 7)
    assert (kept["hour"], kept["first"]) == ("2026-11-24 12:00 UTC", 7)
    assert "12:59" not in json.dumps(kept)


@pytest.mark.parametrize(
    "flags, opens",
    [
        ((), False),
        (("sensitive",), False),
        (("urgent",), False),
        (("sensitive", "urgent"), True),
        (("minor",), True),
    ],
)
def test_a_specialist_has_a_number_only_where_somebody_is_to_be_called(
    flags: tuple[str, ...],
    opens: bool,  # noqa: FBT001
) -> None:
    recipient, _ = age.new_identity()
    specialist = Holder("f" * 32, recipient, "specialist", "active", "Wren", "active")
    state = start(REPORT, 1).flagged(*flags)
    to = sealed_to([specialist], state)
    assert bool(to.identity) is opens
    assert list(to.account) == [specialist]
