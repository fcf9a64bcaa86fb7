"""What the server can still read of a referral: it makes the card's priorities, and nothing finer of
a special category.
"""

import dataclasses

import pytest

from bot.referral.facts import facts_of, is_special, shared, with_addendum
from conversations.answers import Dated
from conversations.flows.report import REPORT
from conversations.state import Exhibit, Mark, State
from conversations.way import start


def told(*, flags: tuple[str, ...] = (), **chosen: tuple[str, ...]) -> State:
    """A report in which these options were pressed; in an event where the question is of one."""
    state = dataclasses.replace(
        start(REPORT, 0, "uk"), flags=flags, members={"incident": ("i1",), "exhibit": ()}
    )
    for step, options in chosen.items():
        top = step in ("role", "contact", "official", "share", "officer", "interpreter", "region")
        path = (step,) if top else ("incident", "i1", step)
        state = state.marked(path, Mark("picked", options))
    return state


def held(kind: str, *, forwarded: str = "", status: str = "held") -> Exhibit:
    return Exhibit("x1", "i1", "", kind, status, "", forwarded=forwarded)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "state, name, is_",
    [
        (told(flags=("danger",)), "danger", True),
        (told(flags=("urgent",)), "danger", True),
        (told(flags=("urgent",)), "urgent", True),
        (told(flags=("danger",)), "urgent", False),
        (told(), "danger", False),
        (told(flags=("minor",)), "child", True),
        (told(suspect=("in_uk",)), "suspect_in_uk", True),
        (told(suspect_uk=("perhaps",)), "suspect_in_uk", True),
        (told(suspect=("identifiable",)), "suspect_in_uk", False),
        (told(suspect=("identifiable",)), "suspect_identifiable", True),
        (told(official=("yes",)), "other_proceedings", True),
        (told(official=("no",)), "other_proceedings", False),
        (told(role=("me",)), "direct", "yes"),
        (told(role=("told",)), "direct", "told"),
        (told(role=("told", "sent")), "direct", "told"),
        (told(role=("sent",)), "direct", "sent"),
        (told(role=("me", "sent")), "direct", "yes"),
        (told(fits=("killed", "attack")), "events", ["killed", "attack"]),
        (told(fits=("killed", "other")), "events", ["killed"]),
        (told(share=("icc",)), "consents", ["icc"]),
        (told(contact=("phone",)), "contact", "phone"),
        (told(contact=("no",)), "contact", "none"),
        (told(flags=("outside_uk",)), "outside_uk", True),
        (told(flags=("before_window",)), "before_window", True),
    ],
)
def test_a_fact_is_what_was_pressed(state: State, name: str, is_: object) -> None:
    assert facts_of(state)[name] == is_


@pytest.mark.parametrize(
    "state",
    [
        told(fits=("sexual", "killed")),
        told(fits=("children",)),
        told(fits=("pow",)),
        told(fits=("torture",)),
        told(fits=("killed",), flags=("sensitive",)),
        told(fits=("killed",), flags=("minor",)),
    ],
)
def test_of_a_special_category_nothing_finer_is_known(state: State) -> None:
    state = state.marked(("incident", "i1", "where"), Mark("said", ("UA23060070010045656",)))
    dated = [(("incident", "i1", "when"), Dated("2022-03-05", "", "2026-11-28"))]
    facts = facts_of(state, dated)
    assert is_special(state)
    assert (facts["events"], facts["oblasts"], facts["months"]) == (["specialist"], [], [])


def test_of_an_ordinary_one_the_region_and_the_month_are() -> None:
    state = told(fits=("killed",))
    state = state.marked(("incident", "i1", "where"), Mark("picked", ("UA23060070010045656",)))
    facts = facts_of(state, [(("incident", "i1", "when"), Dated("2022-03-05", "", "2026-11-28"))])
    assert (facts["oblasts"], facts["months"]) == (["UA23"], ["2022-03"])


def test_files_and_voices_are_counted_apart_and_a_forwarded_voice_is_a_file() -> None:
    exhibits = (
        held("photo"),
        held("voice"),
        held("voice", forwarded="user"),
        held("video", status="lost"),
    )
    facts = facts_of(dataclasses.replace(told(), exhibits=exhibits))
    assert (facts["exhibits"], facts["voices"], facts["announced"]) == (2, 1, 1)


def test_what_is_added_makes_a_referral_press_and_never_less() -> None:
    before = facts_of(told(flags=("danger",), fits=("killed",)))
    after = with_addendum(before, told())
    assert after["danger"] is True and after["events"] == ["killed"]
    special_now = with_addendum(before, told(flags=("sensitive",)))
    assert (special_now["events"], special_now["vulnerable"]) == (["specialist"], True)
    assert with_addendum(facts_of(told()), told(flags=("minor",)))["child"] is True


@pytest.mark.parametrize(
    "mark, is_",
    [
        (None, ""),
        (Mark("passed", ("skipped",)), ""),
        (Mark("picked", ("icc",), open=True), ""),
        (Mark("picked", ("icc",)), "yes"),
        (Mark("picked", ("partners",)), "no"),
        (Mark("picked"), "no"),
    ],
)
def test_what_was_not_answered_of_sharing_is_neither_yes_nor_no(
    mark: Mark | None, is_: str
) -> None:
    state = told() if mark is None else told().marked(("share",), mark)
    assert shared(state, "icc") == is_
