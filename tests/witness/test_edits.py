"""An edited message: what was read from the old words goes with them, whether it was a date or a place."""

import pytest

from bot.language.translate import Translator
from conversations.events import Edited
from conversations.pending import DateInHand
from tests.conversations.telling import told
from tests.play import Direct

WHEN, WHERE = ("incident", "i1", "when"), ("incident", "i1", "where")
AT_WHEN = ("I saw it.", "[Done]", "[Answer questions]", "[Skip]", "[Skip]")


def edit(player: Direct, words: str, text: str) -> None:
    """Change the message that had these words."""
    of = next(
        key[-1] for key, body in player.answers.items() if body["answer"].get("text") == words
    )
    player.happen(Edited(of=of.removesuffix(".rest"), text=text, **player.common()))


def dated(player: Direct) -> list[str]:
    return [body["answer"]["edtf"] for body in player.answers.values() if "edtf" in body["answer"]]


@pytest.mark.parametrize(
    "text, edtf",
    [
        ("13 March 2022", "2022-03-13"),
        ("in March 2022", "2022-03"),
        ("I do not recall the day", ""),
        ("yesterday", ""),
    ],
)
def test_an_edited_date_is_read_again(words: Translator, text: str, edtf: str) -> None:
    player = told(words, *AT_WHEN, "12 March 2022")
    assert dated(player) == ["2022-03-12"] and player.state.at == WHERE
    edit(player, "12 March 2022", text)
    assert dated(player) == [edtf] and player.state.at == WHERE


def test_an_edited_date_that_is_asked_back_is_asked_back_as_it_is_now(words: Translator) -> None:
    player = told(words, *AT_WHEN, "yesterday")
    edit(player, "yesterday", "12 March 2022")
    assert player.state.pending == DateInHand("2022-03-12", complete=True)
    assert player.state.at == WHEN


def test_an_edited_line_with_a_date_has_the_place_it_says_now(words: Translator) -> None:
    player = told(words, *AT_WHEN, "12 March 2022, Bucha")
    assert any("Bucha" in name for name in offered(player))
    edit(player, "12 March 2022, Bucha", "12 March 2022, Irpin")
    assert player.answers[(*WHERE, f"{_part(player)}.rest")]["answer"]["text"] == "Irpin"
    assert any("Irpin" in name for name in offered(player))
    edit(player, "12 March 2022, Irpin", "12 March 2022")
    assert not [key for key in player.answers if key[:3] == WHERE] and player.state.found is None


def offered(player: Direct) -> list[str]:
    assert player.state.found is not None
    return [name for _, name in player.state.found.choices]


def _part(player: Direct) -> str:
    return next(key[-1] for key in player.answers if key[:3] == WHEN and key[-1].startswith("e"))


def test_an_edited_place_is_no_longer_the_one_that_was_pressed(words: Translator) -> None:
    player = told(words, *AT_WHEN, "12 March 2022", "Motyzhyn", "[Motyzhyn, Kyiv region]")
    assert player.state.marks[WHERE].options == ("UA32",)
    edit(player, "Motyzhyn", "Mariupol")
    assert player.state.marks[WHERE].options == ()
    kinds = [body["answer"]["kind"] for key, body in player.answers.items() if key[:3] == WHERE]
    assert "settlement" not in kinds and "said" in kinds
