"""A language is one file: offered only when it is whole, read from right to left where it is, typed as it is shown."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import appeal
from bot.language import languages
from bot.language.languages import END, ISOLATE, isolated
from bot.language.translate import Translator
from conversations.check import faults
from conversations.flows import FLOWS, Flows
from conversations.languages import LANGUAGES
from conversations.model import Text
from conversations.pending import DateInHand
from conversations.questions import Choice
from conversations.steps import Ask
from tests.appeals import EVERY, with_arabic
from tests.conversations.telling import told


def offered(flows: Flows) -> list[str]:
    first = flows.report.steps[0]
    assert isinstance(first, Ask) and isinstance(first.question, Choice)
    return list(first.question.options)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the catalogues that a test may change."""
    folder = tmp_path / "locales"
    shutil.copytree(languages.LOCALES, folder)
    monkeypatch.setattr(languages, "LOCALES", folder)
    languages._texts.cache_clear()
    yield folder
    languages._texts.cache_clear()


def change(folder: Path, language: str, old: str, new: str) -> None:
    path = folder / language / "LC_MESSAGES" / "witness.po"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_file_and_the_appeals_texts_are_all_a_language_needs(tmp_path: Path) -> None:
    known = appeal.load(with_arabic(tmp_path))
    assert known.languages == ("uk", "ru", "en", "ar")
    assert offered(EVERY) == ["uk", "ru", "en", "ar"]
    for flow in EVERY.known:
        assert faults(flow) == ()
    assert languages.own_name("ar") == "العربية"
    assert {language: languages.own_name(language) for language in LANGUAGES} == LANGUAGES


@pytest.mark.parametrize(
    "old, new",
    [
        ('msgstr "نعم"', 'msgstr ""'),
        ('msgid "Yes"', '#, fuzzy\nmsgid "Yes"'),
        ('msgstr[3] "الملفات: {count}"', 'msgstr[3] ""'),
    ],
)
def test_a_language_with_a_text_missing_is_not_offered(
    files: Path, tmp_path: Path, old: str, new: str
) -> None:
    change(files, "ar", old, new)
    known = appeal.load(with_arabic(tmp_path))
    assert known.languages == ("uk", "ru", "en") and known.unfinished == ("ar",)
    assert languages.missing("ar") == 1
    assert "ar" in known.phrases  # a report begun in it can still be finished


def test_an_appeal_that_offers_no_whole_language_stops_the_start(
    files: Path, tmp_path: Path
) -> None:
    from bot.errors import Misconfigured  # noqa: PLC0415

    shutil.rmtree(files / "ar")
    path = with_arabic(tmp_path)
    path.write_text(path.read_text("utf-8").replace('["uk", "ru", "en", "ar"]', '["ar"]'), "utf-8")
    with pytest.raises(Misconfigured, match="offers no language"):
        appeal.load(path)


def test_who_reviewed_a_language_is_read_from_its_head(files: Path) -> None:
    assert [languages.reviewed(language) for language in ("uk", "ru", "ar", "en")] == [
        False,
        False,
        False,
        True,
    ]
    change(files, "uk", "# Reviewed by: machine.", "# Reviewed by: O. Example, 2026-12-01.")
    change(files, "uk", " No person has reviewed this catalogue yet.", "")
    assert languages.reviewed("uk")


def test_the_contact_question_offers_the_same_languages_and_another() -> None:
    for flow in EVERY.known:
        for step in flow.steps:
            if isinstance(step, Ask) and step.id == "speak":
                assert isinstance(step.question, Choice)
                assert list(step.question.options) == ["uk", "ru", "en", "ar", "other"]
                return
    raise AssertionError("nobody asks in which language to talk")


def test_the_flows_themselves_stay_as_they_are() -> None:
    assert Flows(LANGUAGES).known == FLOWS


@pytest.mark.parametrize(
    "text, language, expected",
    [
        ("7K3M-9QXW-4T", "ar", f"{ISOLATE}7K3M-9QXW-4T{END}"),
        ("7K3M-9QXW-4T", "uk", "7K3M-9QXW-4T"),
        ("на площі Свободи", "ar", f"{ISOLATE}на площі Свободи{END}"),
        ("في الساحة", "uk", f"{ISOLATE}في الساحة{END}"),
        ("перше\nفي الساحة\nтретє", "uk", f"перше\n{ISOLATE}في الساحة{END}\nтретє"),
        ("\u202eгриб\u2069", "uk", "гриб"),
        ("12", "ar", "12"),
    ],
)
def test_words_that_run_the_other_way_do_not_turn_the_text_around_them(
    text: str, language: str, expected: str
) -> None:
    assert isolated(text, language) == expected


def test_a_number_in_an_arabic_text_keeps_its_order(words: Translator) -> None:
    said = words.say(Text("It is added to the report {reference}.\n\nSpecialist officers will see it with the time it came.", {"reference": "7K3M-9QXW-4T"}), "ar")  # fmt: skip
    assert f"{ISOLATE}7K3M-9QXW-4T{END}" in said


@pytest.mark.parametrize("typed", ["Skip", "skip", "SKIP."])
def test_the_words_on_a_control_press_it(words: Translator, typed: str) -> None:
    player = told(words, "I saw it.", "[Done]", typed)
    assert player.state.settled(("incident", "i1", "onward"))


def test_the_words_on_a_button_press_it(words: Translator) -> None:
    player = told(
        words, "I saw it.", "[Done]", "[Answer questions]", "Shelling or an attack", "more options"
    )
    assert player.state.page == 1 and player.answers[("incident", "i1", "account", "e8")]
    assert len([key for key in player.answers if "account" in key]) == 1


def test_a_number_typed_for_the_day_is_a_day_of_that_month(words: Translator) -> None:
    path = ("incident", "i1", "when")
    began = (
        "I saw it.",
        "[Done]",
        "[Answer questions]",
        "[Skip]",
        "[Skip]",
        "[2022]",
        "[February]",
    )
    for lines, expected in (
        ((*began, "24"), "2022-02-24"),
        ((*began, "[8–14]", "24"), "2022-02-24"),
    ):
        assert told(words, *lines).state.pending == DateInHand(expected, complete=True)
    player = told(words, *began, "24", "at dawn, as I said")  # nobody can read that as a yes
    assert [
        body["answer"]["edtf"] for key, body in player.answers.items() if "edtf" in body["answer"]
    ] == ["2022-02-24?"]
    player = told(
        words, *began, "31"
    )  # February has none: the month stands, and the words beside it
    assert player.state.settled(path)
    assert [body["answer"].get("edtf", body["answer"].get("text")) for key, body in player.answers.items() if key[:3] == path] == ["31", "2022-02"]  # fmt: skip
