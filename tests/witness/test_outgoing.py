"""What waits in the outbox: what is to be shown, as it was meant; and the rows of releases before."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.port import Button, Rendered
from bot.language.translate import Translator
from bot.witness.outgoing import Recent, Waiting, read_waiting, shown
from bot.witness.render import is_ours
from conversations.effects import Show
from conversations.model import Date, Option, Param, Quote, Size, Text
from conversations.show_codec import read_show, write_show
from storage.bodies import dump, load
from tests import appeals

WORDS = st.text(max_size=6)
SENTENCES = st.one_of(WORDS, st.tuples(WORDS, WORDS))
PATHS = st.lists(WORDS, max_size=3).map(tuple)
LEAVES: st.SearchStrategy[Param] = st.one_of(
    WORDS,
    st.integers(),
    st.builds(Quote, PATHS, st.integers(0, 99)),
    st.builds(Size, st.integers(0)),
    st.builds(Date, WORDS, WORDS),
)
TEXTS: st.SearchStrategy[Text] = st.recursive(
    st.builds(Text, SENTENCES, st.dictionaries(WORDS, LEAVES, max_size=2)),
    lambda inner: st.builds(Text, SENTENCES, st.dictionaries(WORDS, inner, max_size=2)),
    max_leaves=4,
)
OPTIONS = st.builds(
    Option, WORDS, TEXTS, st.booleans(), st.booleans(), st.booleans(), st.integers(-1, 9)
)
SHOWS = st.builds(
    Show,
    TEXTS,
    st.lists(OPTIONS, max_size=3).map(tuple),
    WORDS,
    st.lists(TEXTS, max_size=2).map(tuple),
    st.lists(TEXTS, max_size=2).map(tuple),
    st.none() | st.integers(1, 99),
    PATHS,
    st.integers(0, 99),
    st.booleans(),
)


@given(SHOWS)
def test_what_is_to_be_shown_comes_back_from_json_as_it_was(show: Show) -> None:
    assert read_show(json.loads(json.dumps(write_show(show)))) == show


@pytest.mark.parametrize("broken", [{}, {"text": []}, {"text": ["a", {"b": None}]}])
def test_what_is_no_message_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        read_show(broken)


def test_a_message_is_put_into_words_when_it_goes(words: Translator) -> None:
    """In the language that the chat had when it was said, with the buttons of its conversation."""
    show = Show(
        Text("Yes"), (Option("no", Text("No")),), replaces="kept", prompt=7, path=("consent",)
    )
    waiting = read_waiting(shown(show, "uk", "tag"), words)
    said = Rendered("Так", (Button("Ні", "tag.7.0", 0),), prompt=7)
    assert waiting == Waiting(said, "kept", 7)


def test_a_row_of_0_2_is_delivered_as_it_was_written(words: Translator) -> None:
    row = {"text": "Так?", "buttons": [["Ні", "t.1.0", 0]], "slot": "pick.1", "prompt": 1}
    said = Rendered("Так?", (Button("Ні", "t.1.0", 0),))
    assert read_waiting(row, words) == Waiting(said, "pick.1", 1)
    assert read_waiting({**row, "only": True}, words).only


OUR_TEXTS = st.sampled_from(["Yes", "No", "Back", "Skip", "not translated"]).map(Text)
OUR_OPTIONS = st.builds(Option, WORDS, OUR_TEXTS, st.booleans(), row=st.integers(-1, 3))
OUR_SHOWS = st.builds(
    Show,
    OUR_TEXTS,
    st.lists(OUR_OPTIONS, max_size=4).map(tuple),
    st.sampled_from(["", "kept", "pick.1"]),
    st.lists(OUR_TEXTS, max_size=2).map(tuple),
    st.lists(OUR_TEXTS, max_size=2).map(tuple),
    st.none() | st.integers(1, 99),
    buttons_only=st.booleans(),
)


@given(OUR_SHOWS, st.sampled_from(["uk", "ru", "en"]))
def test_what_is_delivered_from_memory_is_what_the_row_says(show: Show, language: str) -> None:
    row = load(dump(shown(show, language, "tag")))
    assert is_ours(show)
    words = appeals.words()
    assert Recent(show, language, "tag").waiting(words) == read_waiting(row, words)
