"""An optional question is added in one place: its Ask in the flow, with the version that has it.

Buttons, typed words, skipping, the review, the sealed documents and the page of the course follow from it; catalogues
and stories are all that is to be written beside it.
"""

import json
from dataclasses import replace
from pathlib import Path

from conversations.check import faults
from conversations.course import course
from conversations.flow import Flow, of_version
from conversations.flows import Flows
from conversations.flows.report import STEPS
from conversations.languages import LANGUAGES
from conversations.questions import Choice
from conversations.steps import Ask, Group, Step
from tests.numbers import Numbers
from tests.opened import dossier_of
from tests.shell import shell
from tests.witness.test_addenda import CHAT, say

WEATHER = Ask(
    "weather",
    Choice("What was the weather?", {"clear": "Clear", "rain": "Rain or snow"}),
    heading="Weather",
    part=3,
    since=4,
)


def with_weather(step: Step) -> Step:
    """After the question where."""
    if not isinstance(step, Group):
        return step
    at = max(n for n, inner in enumerate(step.steps) if inner.id == "where") + 1
    return replace(step, steps=(*step.steps[:at], WEATHER, *step.steps[at:]))


ADDED = tuple(with_weather(step) for step in STEPS)


def test_no_other_version_has_it_and_nothing_is_wrong_with_the_flow() -> None:
    four = Flow("report", 4, of_version(ADDED, 4))
    assert faults(four) == () and "What was the weather?" in course(four)
    assert of_version(ADDED, 3) == of_version(STEPS, 3)
    assert of_version(ADDED, 2) == of_version(STEPS, 2)


async def test_it_is_asked_answered_shown_and_sent(tmp_path: Path) -> None:
    flows = Flows(LANGUAGES)
    flows.report = Flow("report", 4, of_version(ADDED, 4))
    flows.known = (flows.report, *flows.known)
    channel = Numbers()
    async with shell(tmp_path, channel, flows) as it:
        await say(it, channel, CHAT, "/start", "3", "1", "1", "1", "1", "3")
        await say(it, channel, CHAT, "I saw it.", "done", "[Answer questions]")
        asked = await say(it, channel, CHAT, "[Skip]", "[Skip]", "12 March 2022", "[Skip]")
        assert "What was the weather?" in asked
        await say(it, channel, CHAT, "rain or snow")
        review = await say(it, channel, CHAT, "/finish")
        assert "Weather: Rain or snow" in review
        await say(it, channel, CHAT, "[Go on to sending]", "[Skip]", "[Skip]", "[Send]")
        (reference,) = await it.referrals()
        data = await dossier_of(it, reference, tmp_path)
    (event,) = json.loads((data / "referral.json").read_bytes())["incidents"]
    assert event["answers"]["weather"]["option"] == ["rain"]
    transcript = (data / "transcript.txt").read_text("utf-8")
    assert "What was the weather?" in transcript and "Rain or snow" in transcript
