"""Who is of age, and what a child is told."""

import pytest

from bot.language.translate import Translator
from tests.conversations.telling import BEGUN, act
from tests.play import Direct


@pytest.mark.parametrize(
    "lines",
    [
        ("[No]", "They are at my door, I am in danger."),
        ("I am 15, they are at my door and I am in danger.",),
        ("[No]", "[Me]", "Ann, 0770 090 0123. They are at my door, I am in danger."),
        ("[No]", "I saw them.", "{edit} They are at my door, I am in danger."),
    ],
)
def test_a_child_in_danger_is_told_whom_to_call_and_officers_see_it(
    lines: tuple[str, ...], words: Translator
) -> None:
    player = Direct(words)
    act(player, *BEGUN, *lines)
    said = "\n".join(player.out)
    assert (
        "If you are in danger, call 999. You can talk to somebody right now, too: Childline" in said
    )
    assert "danger" in player.state.flags
    assert [path for path in player.state.marks if path[-1] == "account"] == []


def test_a_child_s_corrected_number_is_the_number(words: Translator) -> None:
    player = Direct(words)
    act(player, *BEGUN, "[No]", "[Me]", "Ann, 0770 090 0123", "{edit} Ann, 0770 090 0124")
    assert [
        body["answer"]["text"] for key, body in player.answers.items() if key[0] == "child_details"
    ] == ["Ann, 0770 090 0124"]


@pytest.mark.parametrize(
    "said", ["I am 34 and they shelled our house", "Мені 34, наш будинок обстріляли"]
)
def test_what_a_sentence_says_beside_an_age_is_kept(said: str, words: Translator) -> None:
    player = Direct(words)
    act(player, *BEGUN, said)
    assert player.state.marks["adult",].options == ("yes",) and player.state.at == ("role",)
    assert [body["answer"]["text"] for key, body in player.answers.items() if "account" in key] == [
        said
    ]


@pytest.mark.parametrize(
    "said, options",
    [
        ("I am 34 years old", ("yes",)),
        ("Мені вже виповнилося 34 роки", ("yes",)),
        ("15", ("no",)),
        ("мне 15 лет, и они забрали моего отца", ("no",)),
        ("On 5 March soldiers came to our house", ()),
        ("У будинку 7 нас тримали пів дня", ()),
        ("24 лютого солдати зайшли в наше село", ()),
        ("12 березня", ()),
        ("5 March", ()),
        ("03.2022", ()),
        ("2022-03", ()),
        ("15 років тому", ()),
        ("5 років тому солдати прийшли до нас", ()),
        ("5 лет назад нас бомбили", ()),
        ("2 years ago soldiers came", ()),
        ("Мені 2 роки тому зламали руку", ()),
        ("Моєму сину 15 років", ()),
        ("Моему сыну было 5 лет, его убили", ()),
        ("My daughter is 5 years old and she saw it", ()),
        ("I am 15 minutes from the border", ()),
        ("Мені 5 годин не давали їсти", ()),
        ("5 годин", ()),
        ("Мне 15 лет дали за то, что я украинец", ()),
        ("Мені 12.03.2022 зламали руку", ()),
        ("Мені 5, 6 березня ламали пальці", ()),
        ("Мені 10-го березня виповнили вирок", ()),
        ("I am 5 and 6 years ago were the same to me", ()),
        ("Мені 17 років. Я все бачив", ("no",)),
        ("мне 40 лет - я из Мариуполя", ("yes",)),
        ("I am 34 years old and saw it", ("yes",)),
        ("I'm 15, they took my father", ("no",)),
        ("мені вже 16 років і я все бачила", ("no",)),
        ("I am under 18", ("no",)),
        ("мені менше 18", ("no",)),
        ("Мені ще немає 18", ("no",)),
        ("мне нет 18", ("no",)),
        ("ні, 17", ("no",)),
        ("no, 34", ("yes",)),
        ("I am 18, no one helped us", ("yes",)),
        ("понад 18 років", ("yes",)),
        ("my age is 34", ("yes",)),
        ("34 р.", ("yes",)),
        ("34, допоможіть", ()),
    ],
)
def test_only_an_age_answers_whether_somebody_is_of_age(
    said: str, options: tuple[str, ...], words: Translator
) -> None:
    """A day or a number of people in a sentence makes nobody a child, nor of age."""
    player = Direct(words)
    act(player, *BEGUN, "{photo 1000}", said)
    mark = player.state.marks.get(("adult",))
    assert (mark.options if mark else ()) == options
    if options != ("no",):
        assert [x.status for x in player.state.exhibits] != [], (
            "what was sent before is not destroyed"
        )
    else:
        assert "What you wrote or added here before is erased." in "\n".join(player.out)
