"""Which event an answer belongs to, and what is an event at all."""

import pytest

from bot.language.translate import Translator
from conversations.events import Sent, Wrote
from conversations.model import File
from tests.conversations.telling import act, told
from tests.play import Direct


def test_what_was_said_to_the_question_of_one_event_is_not_put_to_the_next(
    words: Translator,
) -> None:
    player = told(words, "I saw it.", "[Done]", "[Other matters]", "[Back]")
    while player.state.at[-1] != "another":
        player.happen(next(iter(player.events("[Back]"))))
    before = player.state.asked
    player.happen(next(iter(player.events("[Yes]"))))
    assert player.state.at[1] == "i2"
    common = {**player.common(), "prompt": before}
    player.happen(Wrote(text="There were two of them.", **common))
    photo = File(id="f", kind="photo", size=5)
    player.happen(Sent(file=photo, **{**player.common(), "prompt": before}))
    (kept,) = [
        key
        for key, body in player.answers.items()
        if body["answer"].get("text") == "There were two of them."
    ]
    assert kept[:3] == ("incident", "i1", "account") and player.state.exhibits[-1].incident == "i1"


@pytest.mark.parametrize(
    "number, option",
    [("0", "none"), ("1", "one"), ("3", "few"), ("12", "many"), ("[Four or more]", "many")],
)
def test_a_typed_number_of_people_is_how_many(words: Translator, number: str, option: str) -> None:
    player = told(words, "I saw it.", "[Done]", "[Answer questions]")
    while player.state.at[-1] != "others":
        player.happen(next(iter(player.events("[Skip]"))))
    player.happen(next(iter(player.events(number))))
    assert player.state.marks["incident", "i1", "others"].options == (option,)


def test_an_event_that_nothing_was_told_of_is_none(words: Translator) -> None:
    player = told(words, "I saw it.", "[Done]", "[Answer questions]")
    while player.state.at[-1] != "another":
        player.happen(next(iter(player.events("[Skip]"))))
    for line in ("[Yes]", "[Back]"):
        player.happen(next(iter(player.events(line))))
    assert (player.state.at, player.state.members["incident"]) == (
        ("incident", "i1", "another"),
        ("i1",),
    )
    for line in ("[Yes]", "[Done]", "[Skip]", "/finish"):
        player.happen(next(iter(player.events(line))))
    assert (player.state.at, player.state.members["incident"]) == (("review",), ("i1",))
    assert player.state.marks["incident", "i1", "another"].kind == "passed"
    for line in ("[Back]", "[Back]"):
        player.happen(next(iter(player.events(line))))


def test_an_event_of_which_only_a_file_came_is_one(words: Translator) -> None:
    player = told(words, "I saw it.", "[Done]", "[Answer questions]")
    while player.state.at[-1] != "another":
        player.happen(next(iter(player.events("[Skip]"))))
    for line in ("[Yes]", "{photo 5}", "/finish"):
        player.happen(next(iter(player.events(line))))
    assert (
        player.state.members["incident"] == ("i1", "i2")
        and player.state.exhibits[-1].incident == "i2"
    )


def test_of_a_later_event_it_is_asked_how_it_is_known(words: Translator) -> None:
    """Somebody who saw one event may have been told of the next."""
    player = Direct(words)
    act(
        player,
        "/start",
        "[English]",
        "[Yes]",
        "[Yes]",
        "[I saw or heard it]",
        "[Yes, go on]",
        "[No, I do not]",
    )
    act(player, "I saw it.", "[Done]", "[Answer questions]", "[Done]", "From the window.")
    assert player.state.at == ("incident", "i1", "when")
    act(
        player,
        "[Skip]",
        "Motyzhyn",
        "[Motyzhyn, Kyiv region]",
        "[Skip]",
        "[No]",
        "[Nobody else]",
        "[Yes]",
    )
    act(player, "My neighbour was taken.", "[Done]", "[Done]", "I was not there.")
    assert player.state.at == ("incident", "i2", "how")
    act(
        player,
        "[I was told]",
        "[Skip]",
        "[Skip]",
        "[Skip]",
        "[Skip]",
        "[No]",
        "[Nobody else]",
        "[No]",
        "[No]",
        "[Yes]",
    )
    assert player.state.prompts[-1].path == ("ukraine",), "one of the two has no place in Ukraine"
