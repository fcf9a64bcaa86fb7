"""Settlements that are found, regions and points on the map."""

from bot.language.translate import Translator
from conversations.engine import step
from conversations.events import Chose, PlacesFound, Wrote
from conversations.regions import REGIONS
from conversations.way import way
from tests.conversations.telling import act, asked_of, labels, told
from tests.play import NOON, Direct


def at_where(words: Translator) -> Direct:
    player = told(words, "I saw it.", "[Done]")
    while player.state.at[-1] != "where":
        act(player, "/skip")
    return player


def kept_at(player: Direct, step: str) -> list[str]:
    return [str(body["answer"]) for path, body in player.answers.items() if path[2:3] == (step,)]


def test_a_second_point_that_is_not_confirmed_leaves_the_first_as_it_was(words: Translator) -> None:
    player = at_where(words)
    act(player, "{point 48.59,38.0}", "[Yes, the place of the event]", "{point 50.45,30.5}", "[No]")
    (path,) = [p for p in player.state.marks if p[-1].startswith("~pin")]
    assert player.state.marks[path].options == ("UA14",)
    kept = {
        body["path"]: body["answer"]
        for body in player.answers.values()
        if body["path"][-1].startswith("~pin")
    }
    assert set(kept) == {path}
    act(player, "{point 50.45,30.5}", "[Yes, the place of the event]")
    assert [m.options for p, m in player.state.marks.items() if p[-1].startswith("~pin")] == [
        ("UA80",)
    ]


def test_what_was_found_for_words_that_are_gone_is_offered_no_more(words: Translator) -> None:
    player = at_where(words)
    act(player, "Bakhmut", "[Skip]", "[Back]", "Qwrtzpl")
    assert player.state.at[-1] == "who" and player.state.found is None
    player = at_where(words)
    act(player, "Bakhmut", "{edit} Irpin")
    assert labels(player)[0] == "Irpin, Kyiv region" and "Bakhmut" not in str(labels(player))


def test_a_region_that_was_chosen_stays_when_words_come_after_it(words: Translator) -> None:
    player = at_where(words)
    act(player, "Qwrtzpl", "[Back]", "[Choose the region]", "[Donetsk region]", "Zzqqxx village")
    assert player.state.marks["incident", "i1", "where"].options == ("UA14",)
    assert len(kept_at(player, "where")) == 3


def test_a_look_up_that_was_overtaken_offers_nothing(words: Translator) -> None:
    player = at_where(words)
    path, common = player.state.at, player.common
    first = Wrote(text="Bakhmut", **common())
    player.state, _ = step(player.flow, player.state, first)
    second = Wrote(text="no, Soledar", **common())
    player.state, _ = step(player.flow, player.state, second)
    late = PlacesFound(for_path=path, choices=(("UA14", "Bakhmut"),), part=first.id, **common())
    player.state, effects = step(player.flow, player.state, late)
    assert effects == () and player.state.found is None


def test_a_point_sent_at_the_review_is_asked_about_before_the_review_counts(
    words: Translator,
) -> None:
    """What is asked of everybody before Send was unasked again while the point was, and stood after the review."""
    player = told(words, "I saw it.", "[Done]", "[Finish]", "{point 50.45,30.5}")
    review = next(p for p in player.state.prompts if p.path == ("review",))
    player.happen(
        Chose(step="review", option="go", id="p", at=NOON, received=NOON, prompt=review.number)
    )
    assert player.state.prompts[-1].path == ("~pin",) and not player.state.settled(("review",))
    assert ("review",) in [stop.path for stop in way(player.flow, player.state)]
    act(player, "[No]")
    assert player.state.prompts[-1].path == ("review",)


def test_a_point_on_the_map_does_not_say_that_it_was_in_ukraine(words: Translator) -> None:
    """Only the nearest settlement of Ukraine is known of it; it may be across the border."""
    lines = ("I saw it.", "[Done]", "[Answer questions]", *("[Skip]",) * 4)
    player = told(words, *lines[:-1], "{point 50.45,30.5}", "[Yes, the place of the event]")
    assert ("ukraine",) in asked_of(player)
    player = told(words, *lines[:-1], "Motyzhyn", "[Motyzhyn, Kyiv region]")
    assert ("ukraine",) not in asked_of(player)


def test_words_beside_a_point_open_their_question_and_are_said_to_be_kept(
    words: Translator,
) -> None:
    player = told(words, "I saw it.", "[Done]", "[Finish]", "{point 50.45,30.5}")
    act(player, "мене зґвалтували")
    assert "Your words are kept with your account." in "\n".join(player.out[-8:])
    act(player, "[No]")
    assert player.state.at[-1] == "specialist" and player.state.prompts[-1].path == player.state.at


def test_a_name_of_nine_regions_has_a_second_page(words: Translator) -> None:
    """Eight regions and "none of these" fill a screen; the ninth is behind the button for more."""
    player = at_where(words)
    path, common = player.state.at, player.common
    player.state, _ = step(player.flow, player.state, Wrote(text="Ivanivka", **common()))
    found = tuple((f"{code}{n:015}", "Ivanivka") for n, code in enumerate(list(REGIONS)[:9]))
    player.happen(PlacesFound(for_path=path, choices=found, **common()))
    first = set(labels(player))
    act(player, "[More]")
    assert len(set(labels(player)) - first) == 1


def test_an_edited_name_is_looked_for_in_the_region_that_was_pressed(words: Translator) -> None:
    player = at_where(words)
    act(player, "[Choose the region]", "[Volyn region]", "Ivanivka", "{edit} Ivanovka")
    assert player.state.found is not None
    assert {code[:4] for code, _ in player.state.found.choices} <= {"UA07"}
