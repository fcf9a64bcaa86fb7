"""Single steps of a conversation that no transcript shows."""

from typing import Any

import pytest

from bot.witness.saved_state import thaw
from conversations import codec
from conversations.check import faults
from conversations.effects import Drop, Keep, Show
from conversations.engine import step
from conversations.events import Asked, Began, Chose, Wrote
from conversations.flow import Flow
from conversations.flows import Flows
from conversations.flows.report import REPORT
from conversations.languages import LANGUAGES
from conversations.model import Picked, Text
from conversations.questions import Choice, Words
from conversations.state import State
from conversations.steps import Ask, End, Group, Say, Step
from conversations.way import start, way
from tests import docs
from tests.installation import ROOT

YES_NO = {"yes": "Yes", "no": "No"}
BRANCHING = Flow(
    "branching",
    1,
    (
        Ask("language", Choice("Which?", {"en": "English"}), needed=True),
        Ask(
            "consent",
            Choice("May we?", {"yes": "Yes", "no": "No"}),
            needed=True,
            then={"no": "gone"},
        ),
        Ask("hurt", Choice("Was anybody hurt?", YES_NO), then={"no": "more"}, heading="Hurt"),
        Ask("who", Words("Who?"), heading="Who"),
        Say("more", "A few more questions."),
        Group(
            "incident",
            (
                Ask("account", Words("What?", many=True), heading="What"),
                Ask("seen", Choice("Seen?", YES_NO)),
            ),
            Ask("again", Choice("Another?", YES_NO)),
            prefix="i",
        ),
        End("done", "Done.", "filed"),
        End("gone", "Gone.", "gone"),
    ),
)


def go(state: State, *answers: str) -> tuple[State, tuple[Any, ...]]:
    """Answer questions in order: an option of the current question, or words."""
    effects: tuple[Any, ...] = ()
    for number, answer in enumerate(answers):
        common: dict[str, Any] = {
            "id": f"{answer}{number}",
            "at": 1,
            "received": 1,
            "prompt": state.asked or None,
        }
        here = BRANCHING.ask(state.at)
        assert here is not None
        member = state.at[1] if len(state.at) == 3 else ""
        if not state.asked:
            state, _ = step(BRANCHING, state, Began(**common))
            common["prompt"] = state.asked
        if isinstance(here.question, Choice) and answer in here.question.options:
            state, effects = step(
                BRANCHING, state, Chose(step=here.id, member=member, option=answer, **common)
            )
        elif answer == "@back":
            state, effects = step(BRANCHING, state, Asked(control="back", **common))
        else:
            state, effects = step(BRANCHING, state, Wrote(text=answer, **common))
    return state, effects


def test_an_answer_that_leads_elsewhere_skips_what_lies_between() -> None:
    state, _ = go(start(BRANCHING, 1), "en", "yes", "no")
    assert state.at == ("incident", "i1", "account")


def test_what_is_said_on_the_way_stands_above_the_next_question() -> None:
    _, effects = go(start(BRANCHING, 1), "en", "yes", "no")
    (show,) = [e for e in effects if isinstance(e, Show)]
    assert show.lead == (Text("A few more questions."),)


def test_a_changed_answer_drops_what_it_no_longer_leads_to_and_says_so() -> None:
    state, _ = go(start(BRANCHING, 1), "en", "yes", "yes", "A neighbour", "@back", "@back")
    assert state.at == ("hurt",)
    state, effects = go(state, "no")
    assert Drop(("who",)) in effects
    assert ("who",) not in state.marks
    (show,) = [e for e in effects if isinstance(e, Show)]
    assert show.lead[0].params["heading"] == Text("Who")


def test_back_changes_nothing_until_a_new_answer_is_given() -> None:
    state, _ = go(start(BRANCHING, 1), "en", "yes", "yes", "A neighbour")
    back, effects = go(state, "@back")
    assert back.marks == state.marks
    assert not [e for e in effects if isinstance(e, (Drop, Keep))]


def test_member_ids_are_never_used_again() -> None:
    state, _ = go(
        start(BRANCHING, 1),
        "en",
        "yes",
        "no",
        "One",
        "done",
        "yes",
        "yes",
        "Two",
        "done",
        "no",
        "yes",
    )
    assert state.members["incident"] == ("i1", "i2", "i3")
    assert state.given["incident"] == 3


def test_finish_before_consent_skips_no_question() -> None:
    state, _ = step(REPORT, start(REPORT, 1), Began(id="b", at=1, received=1))
    chose = Chose(step="language", option="uk", id="c", at=1, received=1, prompt=state.asked)
    state, _ = step(REPORT, state, chose)
    after, _ = step(
        REPORT, state, Asked(control="finish", id="f", at=1, received=1, prompt=state.asked)
    )
    assert (after.marks, after.at) == (state.marks, ("safe",))


def test_an_old_state_of_every_release_can_still_be_read() -> None:
    for path in sorted((ROOT / "tests/states").glob("*.json")):
        state = thaw(path.read_bytes())
        assert codec.thaw(codec.freeze(state)) == state
        assert way(Flows(LANGUAGES).of(state.flow, state.version), state)


@pytest.mark.parametrize("broken", [b"", b"{}", b"[]", b'{"v": 99}', b"\xff"])
def test_what_is_no_saved_state_is_refused(broken: bytes) -> None:
    with pytest.raises(codec.Unreadable):
        thaw(broken)


def test_an_answer_survives_its_codec() -> None:
    answer = Picked(("a", "b"))
    assert codec.read(codec.write(answer)) == answer
    with pytest.raises(codec.Unreadable):
        codec.read({"kind": "sung"})


def test_the_checker_finds_each_way_to_strand_a_witness() -> None:
    end, gone = End("end", "End.", "filed"), End("gone", "Gone.", "gone")
    ask = Ask("a", Choice("A?", YES_NO))
    flows: dict[str, tuple[Step, ...]] = {
        "leads to 'nowhere'": (Ask("a", Choice("A?", YES_NO), then={"yes": "nowhere"}), end, gone),
        "not one of its options": (
            Ask("a", Choice("A?", YES_NO), then={"maybe": "end"}),
            end,
            gone,
        ),
        "runs out": (end, gone, ask),
        "no end is gone": (ask, end),
        "'b' is never reached": (
            Ask("a", Choice("A?", YES_NO), then={"yes": "end", "no": "gone"}, needed=True),
            Ask("b", Words("B?")),
            end,
            gone,
        ),
        "two steps are called": (ask, ask, end, gone),
        "the first step asks nothing": (Say("s", "Hello."), ask, end, gone),
        "must be answered yes or no": (
            Group("g", (ask,), Ask("again", Words("?")), "g"),
            end,
            gone,
        ),
        "label over 28": (Ask("a", Choice("A?", {"x": "x" * 29})), end, gone),
        "reads like a control": (Ask("a", Choice("A?", {"@back": "Back"})), end, gone),
        "cannot be skipped and has no options": (Ask("a", Words("A?"), needed=True), end, gone),
    }
    for fault, steps in flows.items():
        assert any(fault in found for found in faults(Flow("f", 1, steps))), fault


def test_the_page_about_the_course_is_the_flow() -> None:
    assert docs.PAGE.read_text("utf-8") == docs.flow_page(), "make docs"
