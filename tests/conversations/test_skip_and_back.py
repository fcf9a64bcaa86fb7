"""Skip, Back, Finish and a choice made anew: which answer counts, and where the witness stands."""

from dataclasses import replace

from bot.language.translate import Translator
from conversations.dropping import unreachable
from conversations.events import Asked
from conversations.flows.report import REPORT
from conversations.model import Path
from conversations.state import Mark
from conversations.way import start, way
from tests.conversations.telling import BEGUN, act, told
from tests.play import NOON, Direct


def test_dont_know_after_a_skipped_question_replaces_it(words: Translator) -> None:
    player = told(
        words, "I saw it.", "[Done]", "[Skip]", "[Skip]", "[Skip]", "[Back]", "[Don't know]"
    )
    assert player.state.marks["incident", "i1", "vantage"].options == ("unknown",)


def test_an_answer_after_a_skipped_question_is_the_only_one(words: Translator) -> None:
    player = told(
        words, "I saw it.", "[Done]", "[Skip]", "[Skip]", "[Skip]", "[Back]", "From the roof."
    )
    kept = [body["answer"]["kind"] for key, body in player.answers.items() if "vantage" in key]
    assert kept == ["said"]


def test_a_choice_made_anew_is_the_only_one(words: Translator) -> None:
    player = told(words, "[Back]", "[Yes, show me five words]")
    kept = [body["answer"]["options"] for key, body in player.answers.items() if key[0] == "words"]
    assert kept == [["five"]]


def test_after_send_no_button_changes_an_answer(words: Translator) -> None:
    player = told(
        words,
        "I saw it.",
        "{photo 5}",
        "[Finish]",
        "[Go on to sending]",
        "[Skip]",
        "[Skip]",
        "[Send]",
    )
    marks = player.state.marks
    player.happen(next(iter(player.events("[Go on to sending]"))))
    player.happen(Asked(control="back", id="x", at=1, received=1, prompt=player.state.asked))
    assert (player.state.stage, player.state.marks) == ("waiting", marks)


def test_words_at_the_review_that_open_a_question_are_followed_by_it(words: Translator) -> None:
    player = told(words, "I saw it.", "[Done]", "/nomore", "/finish", "мене зґвалтували")
    assert player.state.at in [stop.path for stop in way(player.flow, player.state)]
    assert player.state.at[-1] == "specialist"


def test_go_on_to_sending_takes_no_answer_away(words: Translator) -> None:
    player = told(
        words,
        "I saw it.",
        "[Done]",
        "[Answer questions]",
        "[Skip]",
        "From the roof.",
        "12 March 2022",
    )
    kept = dict(player.state.marks)
    player.happen(next(iter(player.events("[Back]"))))
    while player.state.at[-1] != "onward":
        player.happen(next(iter(player.events("[Back]"))))
    player.happen(next(iter(player.events("[Go on to sending]"))))
    assert player.state.at == ("review",) and kept.items() <= player.state.marks.items()


def test_done_typed_ends_a_question_of_several_pages(words: Translator) -> None:
    player = told(
        words, "I saw it.", "[Done]", "[Answer questions]", "[Shelling or an attack]", "done"
    )
    assert (
        player.state.marks["incident", "i1", "fits"].options == ("attack",)
        and player.state.at[-1] != "fits"
    )


def test_back_after_finish_asks_nothing_again_that_was_passed_over_before_it(
    words: Translator,
) -> None:
    """Whoever went past the first questions at once, and back from the review, stands where Finish was pressed."""
    player = Direct(words)
    act(player, *BEGUN)
    player.happen(
        Asked(control="nomore", id="n", at=NOON, received=NOON, prompt=player.state.asked)
    )
    act(player, "[Yes, go on]", "[No, I do not]", "I saw it.", "/finish")
    assert player.state.at == ("review",)
    act(player, "[Back]")
    assert player.state.at in [stop.path for stop in way(player.flow, player.state)]
    assert player.state.marks["role",].kind == "passed"


def test_back_from_a_review_whose_way_there_has_gone_leads_to_its_end(words: Translator) -> None:
    """Finish was pressed at a question that a changed answer then closed."""
    player = told(words, "I saw it.", "[Done]", "[Answer questions]")
    while player.state.at[-1] != "who":
        act(player, "/skip")
    act(player, "[Finish]")
    assert player.state.finished[-1] == "who"
    player.state = player.state.flagged("sensitive")
    act(player, "[Back]")
    assert player.state.at[-1] not in ("who", "safe", "language") and player.state.finished == ()


def test_numbers_of_several_roles_are_several_and_not_the_answer_yet(words: Translator) -> None:
    player = Direct(words)
    act(player, *BEGUN, "[Yes]", "1, 2")
    assert player.state.at == ("role",) and player.state.marks["role",].options == ("me", "saw")
    act(player, "[Go on]", "[Go on]")  # over the second page
    assert player.state.at != ("role",)


def test_what_an_open_list_leads_to_stays_while_an_earlier_answer_is_changed() -> None:
    """Nothing is said yet of the list that is being changed: only when it is done can an answer go."""
    marks: dict[Path, Mark] = {
        ("language",): Mark("picked", ("en",)),
        ("safe",): Mark("picked", ("yes",)),
        ("role",): Mark("picked", ("helping",), open=True),
        ("with_you",): Mark("picked", ("yes",)),
    }
    before = replace(start(REPORT, 1), marks=marks)
    after = before.marked(("safe",), Mark("picked", ("number",)))
    kept, gone, told = unreachable(REPORT, before, after, 2)
    assert ("with_you",) in kept.marks and (gone, told) == ((), ())
    done = after.marked(("role",), Mark("picked", ("saw",)))
    kept, gone, _ = unreachable(REPORT, after, done, 3)
    assert ("with_you",) not in kept.marks and gone
