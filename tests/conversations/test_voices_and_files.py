"""Files and voice messages as answers: they go with their answer, and what did not come is no answer."""

from bot.language.translate import Translator
from conversations.effects import Discard
from conversations.events import Lost
from conversations.way import way
from tests.conversations.telling import act, told
from tests.play import NOON

TO_SEND = (
    "[Go on to sending]",
    "[Skip]",
    "[Skip]",
    "[Skip]",
    "[Skip]",
    "[Go on to sending]",
    "[Send]",
)


def test_a_voice_goes_with_the_answer_it_was(words: Translator) -> None:
    player = told(
        words,
        "{voice 9}",
        "{later}",
        "[Done]",
        "[Finish]",
        "[Change or remove]",
        "[What happened]",
        "[Remove]",
    )
    assert player.state.exhibits == () and "* destroy x1" in player.out
    player = told(
        words, "{voice 9}", "{later}", "[Done]", "[Finish]", "[Change or remove]", "[What happened]"
    )
    player.happen(next(iter(player.events("[Write it again]"))))
    effects = player.happen(next(iter(player.events("In words."))))
    assert Discard("x1") in effects and player.state.exhibits == ()


def test_what_was_said_of_a_file_goes_with_it(words: Translator) -> None:
    player = told(words, "I saw it.", "{photo 5}", "[Done]", "[Answer questions]")
    while player.state.at[-1] != "made_by":
        player.happen(next(iter(player.events("[Skip]"))))
    for line in ("[Somebody I know]", "Kanarka took it.", "/finish", "[Change or remove]"):
        player.happen(next(iter(player.events(line))))
    assert "Kanarka took it." in str(player.answers)
    for line in ("[File 1]", "[Remove]"):
        player.happen(next(iter(player.events(line))))
    assert "Kanarka took it." not in str(player.answers)
    assert not [path for path in player.state.marks if path[0] == "exhibit"]


def test_a_voice_that_did_not_come_is_no_account(words: Translator) -> None:
    """Nothing is thanked for that is not here: the question stands again, and what was refused is named."""
    player = told(words, "{voice 9}")
    for exhibit in player.state.files("coming"):
        player.happen(Lost(exhibit=exhibit.id, why="broken", id="l1", at=NOON, received=NOON))
    assert "Not received: voice" in "\n".join(player.out)
    act(player, "[Done]")
    assert "Nothing has arrived yet" in player.out[-1] or "Nothing has arrived yet" in "\n".join(
        player.out[-12:]
    )
    assert ("incident", "i1", "account") not in player.state.marks
    player = told(words, "In words, too.", "{voice 9}")
    for exhibit in player.state.files("coming"):
        player.happen(Lost(exhibit=exhibit.id, why="gone", id="l1", at=NOON, received=NOON))
    assert len(player.state.marks["incident", "i1", "account"].parts) == 1


def test_a_spoken_answer_that_did_not_come_is_passed_over(words: Translator) -> None:
    player = told(words, "I saw it.", "[Done]", "[Answer questions]", "[Done]", "{voice 9}")
    assert player.state.marks["incident", "i1", "vantage"].parts
    for exhibit in player.state.files("coming"):
        player.happen(Lost(exhibit=exhibit.id, why="broken", id="l1", at=NOON, received=NOON))
    assert player.state.marks["incident", "i1", "vantage"].kind == "passed"
    assert player.state.at in [stop.path for stop in way(player.flow, player.state)]
    assert [key for key in player.answers if key[:3] == ("incident", "i1", "vantage")] == []


def test_a_number_is_not_taken_spoken_where_names_are_sealed_apart(words: Translator) -> None:
    player = told(
        words,
        "I saw it.",
        "[Done]",
        "[Go on to sending]",
        *("[Skip]",) * 3,
        "[By phone]",
        "{voice 9}",
    )
    assert player.state.at == ("phone",) and player.state.exhibits == ()
    assert "Please write it: a voice message would be kept with what you tell us" in "\n".join(
        player.out[-14:]
    )


def test_a_voice_for_the_question_before_is_no_answer_to_this_one(words: Translator) -> None:
    player = told(words, "I saw it.", "[Done]", "[Answer questions]")
    while player.state.at[-1] != "who":
        act(player, "/skip")
    (voice,) = player.events("{voice 9}")
    act(player, "A man with a scar.")
    asked = player.state.at
    player.happen(voice)
    assert player.state.at == asked and not player.state.settled(asked)
    assert [x.kind for x in player.state.exhibits] == ["voice"]


def test_files_that_came_with_the_account_are_asked_for_as_more(words: Translator) -> None:
    for sent, text in (
        ("{photo 5}", "Do you have more photos"),
        ("and more", "Do you have photos"),
    ):
        player = told(words, "I saw it.", sent, "{later}", "[Done]", "[Answer questions]")
        while player.state.at[-1] != "have":
            act(player, "/skip")
        assert str(player.shown[-1].text.id).startswith(text)


def test_that_no_more_is_taken_today_is_said_once_a_day(words: Translator) -> None:
    player = told(words, "I saw it.", "{photo 5}", "{photo 5}", "{photo 5}")
    said = []
    for seconds, exhibit in zip((0, 3600, 25 * 3600), player.state.files("coming"), strict=True):
        before = len(player.shown)
        at = NOON + 100 + seconds
        player.happen(Lost(exhibit=exhibit.id, why="quota", id=f"l{at}", at=at, received=at))
        said.append(len(player.shown) > before)
    assert said == [True, False, True]


def test_while_files_are_on_their_way_after_send_nothing_is_asked(words: Translator) -> None:
    """A card and a point are said not to be kept, and a new start does not offer Send again."""
    for line, told_ in (
        ("/start", "Being sent"),
        ("{contact}", "The contact card is not kept"),
        ("{point 48.59,38.0}", "A map point cannot be kept here"),
    ):
        player = told(words, "I saw it.", "{photo 5}", "[Done]", *TO_SEND)
        assert player.state.stage == "waiting"
        marks, asked = dict(player.state.marks), player.state.at
        act(player, line)
        shown = player.renderer().message(player.shown[-1])
        assert told_ in shown.text or "without" in [o.id for o in player.shown[-1].choices], shown
        assert (player.state.marks, player.state.at) == (marks, asked)
