"""Things done in an order nobody plans: what was said stays what it was, and nobody gets stuck."""

from dataclasses import replace
from typing import Any

import pytest

from bot.language.translate import Translator
from conversations.effects import Fetch, Show
from conversations.engine import step
from conversations.events import Edited, Event, Pinned, PlacesFound, Wrote
from conversations.flows.report import REPORT_2
from conversations.way import start
from tests.conversations.telling import told
from tests.play import NOON, REFERENCE, WORDS, Direct

IN_DANGER = "I am in danger, they are at my door."
ORDERED = "We were ordered to shoot."
AT_WHEN = ("I saw it.", "[Done]", "[Answer questions]", "[Skip]", "[Skip]")
FIVE = ("[Back]", "[Yes, show me five words]")
SOMEBODY_ELSES: dict[str, Any] = {"forwarded": "user", "forwarded_at": 1_700_000_000}


def go(player: Direct, *lines: str) -> Direct:
    for line in lines:
        for event in player.events(line):
            player.happen(event)
    return player


def skip_to(player: Direct, step: str) -> Direct:
    while player.state.at[-1] != step:
        go(player, "[Skip]")
    return player


def bound(player: Direct, prompt: int = 0) -> dict[str, Any]:
    return {**player.common(), "prompt": prompt or player.state.asked}


def shown(effects: tuple[Any, ...]) -> list[Show]:
    return [effect for effect in effects if isinstance(effect, Show)]


def lines_of(player: Direct, *events: Event) -> str:
    """What is said because of these."""
    before = len(player.out)
    for event in events:
        player.happen(event)
    return "\n".join(player.out[before:])


# ── return words ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "answer", ["[No, I do not]", "[Yes, show me five words]", "[Yes, my own words]"]
)
def test_return_words_are_not_changed_while_they_lock_the_report(
    words: Translator, answer: str
) -> None:
    player = told(words, *FIVE, "[Back]", "[Skip]", "I saw it.")
    go(player, "[Back]", "{2 hours pass}", answer)
    assert player.state.locked and player.state.return_words and player.state.at == ("words",)
    assert "What happened" not in "\n".join(go(player, "/finish").out[-30:])
    assert "What happened: I saw it." in "\n".join(
        go(player, "{return words}", "[Go on]", "/finish").out
    )


def test_a_date_that_waits_for_a_yes_is_not_shown_once_the_report_is_locked(
    words: Translator,
) -> None:
    player = told(words, *FIVE, *AT_WHEN, "yesterday")
    assert "November" in "\n".join(player.out[-16:])
    said = lines_of(player, *player.events("{2 hours pass}"), *player.events("/help"))
    assert "November" not in said and player.state.locked


# ── danger, and who took part, wherever it is told ───────────────────────────


@pytest.mark.parametrize(
    "lines",
    [
        ("I saw it.", "{edit} " + IN_DANGER),
        ("I saw it.", "[Done]", "{too soon} " + IN_DANGER),
        (*AT_WHEN, "Yesterday. " + IN_DANGER, "[Yes]"),
        (*AT_WHEN, "12 March 2022", IN_DANGER),
    ],
)
def test_danger_is_answered_wherever_it_is_told(words: Translator, lines: tuple[str, ...]) -> None:
    player = go(told(words, *lines), "/finish")
    assert "danger" in player.state.flags and "Nobody is reading your words now" in "\n".join(
        player.out
    )


@pytest.mark.parametrize(
    "lines", [("I saw it.", "{edit} " + ORDERED), ("I saw it.", "[Done]", "{too soon} " + ORDERED)]
)
def test_whoever_took_part_is_told_of_advice_wherever_it_is_told(
    words: Translator, lines: tuple[str, ...]
) -> None:
    player = go(told(words, *lines), "/finish")
    assert (
        "insider" in player.state.flags and "\n".join(player.out).count("talk with a lawyer") == 1
    )


def test_advice_is_given_once_though_it_is_told_of_a_second_event(words: Translator) -> None:
    player = skip_to(told(words, "I saw it.", "[Done]", "[Answer questions]"), "another")
    go(player, "[Yes]", ORDERED, "[Done]")
    assert "\n".join(player.out).count("talk with a lawyer") == 1


def test_danger_that_was_told_before_is_said_and_counted_in_what_is_added(
    words: Translator,
) -> None:
    player = go(Direct(words), "/start", "[English]", IN_DANGER, "/add", REFERENCE, WORDS)
    assert "danger" in player.state.flags and "Nobody is reading your words now" in "\n".join(
        player.out
    )


# ── what is forwarded ────────────────────────────────────────────────────────


def test_what_is_forwarded_agrees_to_nothing(words: Translator) -> None:
    player = go(
        Direct(words), "/start", "[English]", "[Yes]", "[Yes]", "[It happened to me]", "Held."
    )
    for text in ("No", "Yes, go on", "[Yes, go on]"):
        player.happen(Wrote(text=text, **SOMEBODY_ELSES, **bound(player)))
    assert player.state.at == ("consent",) and player.state.stage == "open"
    assert len(player.state.marks["incident", "i1", "account"].parts) == 4


def test_what_is_forwarded_sends_nothing_and_is_kept(words: Translator) -> None:
    player = told(words, "I saw it.", "/finish", "[Go on to sending]")
    player.happen(Wrote(text="Send", **SOMEBODY_ELSES, **bound(player)))
    assert player.state.stage == "open" and not player.submitted
    player = told(words, "I saw it.")
    player.happen(Wrote(text="done", **SOMEBODY_ELSES, **bound(player)))
    assert (
        len(player.state.marks["incident", "i1", "account"].parts) == 2
        and player.state.at[-1] == "account"
    )


def test_what_is_forwarded_is_nobodys_return_words(words: Translator) -> None:
    player = told(words, "[Back]", "[Yes, my own words]")
    player.happen(
        Wrote(text="Our brigade passed Bucha today at noon", **SOMEBODY_ELSES, **bound(player))
    )
    assert player.state.at == ("own_words",) and not player.state.return_words
    assert "Our brigade" in str(player.answers)


# ── after the declaration ────────────────────────────────────────────────────


def test_a_question_that_opens_after_the_declaration_leads_back_to_the_review(
    words: Translator,
) -> None:
    player = told(
        words, "I saw it.", "/finish", "[Go on to sending]", "[Skip]", "[Skip]", "{forwarded photo 5}", "{later}", "[Send]",
    )  # fmt: skip
    assert player.state.stage == "open" and player.state.at != ("send",)
    assert go(player, "/finish").state.at == ("review",)
    assert go(player, "[Go on to sending]", "[Skip]", "[Skip]", "[Send]").submitted == 1


def test_a_receipt_says_urgent_only_of_what_is(words: Translator) -> None:
    player = told(
        words,
        "I saw it.",
        "{photo 5}",
        "/finish",
        "[Go on to sending]",
        "[Skip]",
        "[Skip]",
        "[Send]",
    )
    player.happen(Wrote(text="They came.", forwarded="channel", forwarded_at=1, **bound(player)))
    go(player, "{later}")
    assert player.filed == 1 and "marked as urgent" not in "\n".join(player.out)


# ── dates ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "lines", [("[Another date]", "[Skip]"), ("[Another date]", "/finish"), ("[Back]", "[Skip]"), ("[Back]", "/finish"),
              ("/language", "[English]", "[Skip]")],
)  # fmt: skip
def test_a_date_without_a_yes_is_never_certain(words: Translator, lines: tuple[str, ...]) -> None:
    player = go(told(words, *AT_WHEN, "yesterday"), *lines)
    dates = [
        body["answer"]["edtf"]
        for body in player.answers.values()
        if body["answer"]["kind"] == "dated"
    ]
    assert all(edtf == "" or edtf.endswith("?") for edtf in dates), dates


def test_a_date_that_is_changed_by_buttons_leaves_no_old_words(words: Translator) -> None:
    player = told(
        words,
        *AT_WHEN,
        "12 March 2022",
        "/finish",
        "[Change or remove]",
        "[When]",
        "[Write it again]",
    )
    go(player, "[2024]", "/finish")
    assert "12 March 2022" not in str(player.answers) and "When" in "\n".join(player.out[-20:])
    assert [changed.path[-1] for changed in player.state.changed] == ["when"]


def on_version_2(words: Translator, *lines: str) -> Direct:
    """A report that was begun on version 2, in which some kinds of events leave the date out."""
    player = Direct(words, REPORT_2, start(REPORT_2, NOON))
    way = (
        "/start",
        "[English]",
        "[Yes]",
        "[Yes]",
        "[Yes]",
        "[Yes]",
        "[It happened to me]",
        "[Yes, go on]",
        "[No, I do not]",
    )
    return go(player, *way, *lines)


def test_a_date_before_the_appeal_that_is_asked_no_more_leaves_no_mark(words: Translator) -> None:
    player = on_version_2(
        words, "I saw it.", "[Done]", "[Answer questions]", "[Shelling or an attack]"
    )
    while player.state.at[-1] == "fits":
        go(player, "[Go on]")
    go(skip_to(player, "when"), "12 March 2012")
    assert "before_window" in player.state.flags
    go(
        player,
        "/finish",
        "[Change or remove]",
        "[What it was]",
        "[Write it again]",
        "[Beatings, torture]",
    )
    while player.state.at[-1] == "fits":
        go(player, "[Go on]")
    assert (
        "incident",
        "i1",
        "when",
    ) not in player.state.marks and "before_window" not in player.state.flags


# ── several events ───────────────────────────────────────────────────────────


def test_a_file_that_comes_for_the_event_before_is_acknowledged(words: Translator) -> None:
    player = skip_to(told(words, "I saw it.", "[Done]", "[Answer questions]"), "another")
    before = player.state.asked
    go(player, "[Yes]")
    (sent,) = player.events("{photo 5}")
    effects = player.happen(replace(sent, prompt=before))
    assert [e.incident for e in effects if isinstance(e, Fetch)] == ["i1"] and shown(effects)
    assert "Received: 1 file" in "\n".join(go(player, "{later}", "{later}").out[-12:])


def test_told_already_after_words_of_it_takes_none_of_them_away(words: Translator) -> None:
    player = skip_to(told(words, "I saw it.", "[Done]", "[Answer questions]"), "another")
    go(player, "[Yes]")
    pressed = player.events("[I have told it already]")
    go(player, "My brother Ivan fired.")
    for event in pressed:
        player.happen(event)
    of = player.state.marks["incident", "i2", "account"].parts[-1]
    player.happen(Edited(of=of, text="Somebody fired.", **bound(player)))
    assert "Ivan" not in str(player.answers) and "Somebody fired." in str(player.answers)


def test_a_point_goes_to_the_event_it_was_sent_for(words: Translator) -> None:
    player = skip_to(told(words, "I saw it.", "[Done]", "[Answer questions]"), "another")
    point = Pinned(lat=50_000_000, lon=36_000_000, **bound(player))
    path = ("incident", "i1", f"~pin{point.id}")
    player.state, _ = step(
        player.flow, player.state, point
    )  # what it is near is looked for meanwhile
    go(player, "[Yes]")
    player.happen(PlacesFound(for_path=path, choices=(), **player.common()))
    go(player, "[Yes, the place of the event]")
    assert ("incident", "i2", "where") not in player.state.marks and path in player.state.marks
