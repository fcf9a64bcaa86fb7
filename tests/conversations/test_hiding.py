"""What hides, and what a locked report shows."""

from bot.language.translate import Translator
from conversations.effects import Hide
from conversations.events import Asked
from tests.conversations.telling import act, labels, told


def test_hide_on_an_older_message_stays_hide_when_finish_has_appeared(words: Translator) -> None:
    player = told(words)
    question = player.shown[-1]
    hide = [o.id for o in question.choices].index("@hide")
    for event in player.events("I saw it."):
        player.happen(event)
    prompt = player.state.prompt(question.prompt)
    assert prompt is not None and prompt.choices[hide] == "@hide"


def test_a_locked_report_shows_no_settlement_that_was_found(words: Translator) -> None:
    player = told(words, "[Back]", "[Yes, show me five words]", "I saw it.", "[Done]")
    while player.state.at[-1] != "where":
        act(player, "/skip")
    act(player, "Bakhmut", "{40 minutes pass}", "/help")
    assert player.state.locked and "Bakhmut" not in str(labels(player))


def test_hide_after_a_night_of_silence_clears_the_chat_and_says_nothing(words: Translator) -> None:
    player = told(words, "[Back]", "[Yes, show me five words]", "I saw it.", "[Done]")
    player.ahead += 50_000
    effects = player.happen(Asked(control="hide", **player.common()))
    assert effects == (Hide(),) and player.state.hidden


def test_back_shows_nothing_of_a_report_that_is_locked(words: Translator) -> None:
    player = told(
        words,
        "[Back]",
        "[Yes, show me five words]",
        "I saw it.",
        "[Done]",
        "[Answer questions]",
        "{2 hours pass}",
        "[Skip]",
    )
    at = player.state.at
    player.happen(next(iter(player.events("[Back]"))))
    assert player.state.locked and player.state.at == at


def test_a_report_is_locked_after_half_an_hour_and_not_before(words: Translator) -> None:
    for minutes, locked in ((29, False), (31, True)):
        player = told(words, "[Back]", "[Yes, show me five words]", "I saw it.", "[Done]")
        act(player, f"{{{minutes} minutes pass}}", "/help")
        assert player.state.locked is locked
