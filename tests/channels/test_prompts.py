"""A channel that says under which question something was said needs no order of messages, and no ids of them."""

import json
from pathlib import Path

from tests.numbers import Numbers
from tests.opened import dossier_of
from tests.shell import shell
from tests.witness.test_addenda import CHAT, TO_SEND, say


async def test_words_that_were_written_under_the_question_before_belong_to_it(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, CHAT, "/start", "3", "1", "1", "1", "1", "3")
        await say(it, channel, CHAT, "I saw it.", "done", "[Answer questions]", "[Skip]")
        asked = await say(it, channel, CHAT, "From my window.")
        assert "When did it happen?" in asked
        channel.write(CHAT, "12 of us were in the cellar.", 1, seen=2)
        await it.quiet()
        await say(it, channel, CHAT, "[Finish]", "[Go on to sending]", *TO_SEND[3:5], "[Send]")
        (reference,) = await it.referrals()
        data = await dossier_of(it, reference, tmp_path)
    (event,) = json.loads((data / "referral.json").read_bytes())["incidents"]
    said = event["answers"]["vantage"]["words"]
    assert "From my window." in said and "12 of us were in the cellar." in said
    assert event["answers"].get("when", {}).get("edtf", "") == ""
