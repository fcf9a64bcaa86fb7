"""Where an appeal keeps versions: the witness is told first, and what was changed goes with the report, sealed."""

import json
from pathlib import Path

from conversations import texts
from conversations.flows import Flows
from conversations.languages import LANGUAGES
from conversations.model import Text
from locales.extract import extracted
from tests import appeals
from tests.numbers import Numbers
from tests.opened import dossier_of
from tests.shell import Shell, shell
from tests.witness.test_addenda import CHAT, SKIPPED, WAY_IN, say

KEEPING = Flows(LANGUAGES, keeps=True)


async def changed(it: Shell, channel: Numbers) -> str:
    """A report whose place was told twice, and whose phone was, too."""
    await say(it, channel, CHAT, *WAY_IN, "3", "I saw it.", "done", "[Go on to sending]", *SKIPPED)
    await say(
        it,
        channel,
        CHAT,
        "[Change or remove]",
        "[What happened]",
        "[Write it again]",
        "I heard it.",
        "done",
    )
    await say(it, channel, CHAT, "[Go on to sending]", "[Send]")
    (reference,) = await it.referrals()
    return reference


async def test_what_was_changed_goes_with_the_report(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel, KEEPING) as it:
        reference = await changed(it, channel)
        data = await dossier_of(it, reference, tmp_path)
    report = json.loads((data / "referral.json").read_bytes())
    assert [p["text"] for p in report["incidents"][0]["account"]] == ["I heard it."]
    assert [(v["step"], v["text"]) for v in report["versions"]] == [
        ("incident.i1.account", "I saw it.")
    ]
    said = channel.said[CHAT]
    first = next(
        n for n, text in enumerate(said) if "Earlier versions of your words are kept" in text
    )
    assert first < next(n for n, text in enumerate(said) if "Taking part is voluntary" in text)


async def test_without_it_nothing_of_the_old_words_is_left(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        reference = await changed(it, channel)
        data = await dossier_of(it, reference, tmp_path)
    assert (
        b"I saw it."
        not in (data / "referral.json").read_bytes() + (data / "transcript.txt").read_bytes()
    )
    assert "versions" not in json.loads((data / "referral.json").read_bytes())
    assert not any("Earlier versions of your words are kept" in text for text in channel.said[CHAT])


def test_no_text_promises_that_words_go_where_they_stay() -> None:
    promising = [m.id for m in extracted() if m.id and "are destroyed" in str(m.id)]
    assert promising == [texts.CHANGED_DESTROYED]
    declaration = next(str(m.id) for m in extracted() if "This is what I remember" in str(m.id))
    known = appeals.EXAMPLE
    for language in known.languages:
        keeps, destroys = (appeals.translator(known, language, keeps=k) for k in (True, False))
        for words, true, false in ((keeps, "KEPT", "DESTROYED"), (destroys, "DESTROYED", "KEPT")):
            said = words.say(Text(declaration), language)
            assert words.say(Text(getattr(texts, f"CHANGED_{true}")), language) in said
            assert words.say(Text(getattr(texts, f"CHANGED_{false}")), language) not in said
