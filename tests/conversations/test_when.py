"""A day that nobody said yes to, and one before the appeal's."""

from bot.language.translate import Translator
from tests.conversations.telling import told


def test_a_date_that_nobody_said_yes_to_is_uncertain_also_after_finish(words: Translator) -> None:
    player = told(
        words,
        "I saw it.",
        "[Done]",
        "[Answer questions]",
        "[Skip]",
        "[Skip]",
        "yesterday",
        "/finish",
    )
    (edtf,) = [
        body["answer"]["edtf"] for body in player.answers.values() if "edtf" in body["answer"]
    ]
    assert edtf.endswith("?") and player.state.at == ("review",)


def test_a_date_before_the_appeal_that_is_removed_leaves_no_mark(words: Translator) -> None:
    player = told(
        words, "I saw it.", "[Done]", "[Answer questions]", "[Skip]", "[Skip]", "12 March 2012"
    )
    assert "before_window" in player.state.flags
    for line in ("/finish", "[Change or remove]", "[When]", "[Remove]"):
        player.happen(next(iter(player.events(line))))
    assert "before_window" not in player.state.flags
