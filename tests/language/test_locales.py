"""Every text in every offered language: complete, with its placeholders and plurals, within the app's limits."""

import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from bot import appeal
from bot.language.languages import LOCALES
from bot.language.translate import Translator, catalogue
from bot.witness.render import TICK
from conversations import texts
from conversations.check import LONGEST_LABEL, every_step, options_of
from conversations.flow import Flow
from conversations.flows import FLOWS
from conversations.model import Text
from conversations.questions import Several
from conversations.regions import REGIONS
from conversations.steps import Ask, Say
from locales.extract import LANGUAGES, extracted
from tests import appeals

APPEAL = appeals.EXAMPLE
TELEGRAM_TEXT = 4096
CONSENT_MOST = {"en": 400, "uk": 480, "ru": 480, "ar": 480}
"""A screen of a small phone. Ukrainian and Russian say the same in a fifth more letters than English."""
BUTTONS = [
    texts.HIDE, texts.YES, texts.NO, texts.GO_ON, texts.OTHER_OPTIONS, texts.SEVERAL_OF_THESE, texts.EARLIER,
    texts.FIRST_HALF, texts.SECOND_HALF, *texts.THIRDS, texts.DATE_YES, texts.DATE_ABOUT, texts.DATE_UNTIL,
    texts.DATE_OTHER, texts.THAT_PLACE, texts.BY_REGION, texts.MORE_PLACES, texts.NONE_OF_THESE, *REGIONS.values(), texts.PIN_YES, texts.CARD_YES, texts.CARD_NO, texts.RESUME_READ,
    texts.RESUME_SEND, texts.RESUME_ERASE, texts.RESUME_ANOTHER, texts.CHANGE, texts.LEAVE, texts.ERASE_YES, texts.ERASE_NO,
    texts.REVIEW_ALL, texts.REVIEW_LIST, texts.REVIEW_GO, texts.REVIEW_MORE, texts.REVIEW_BACK,
    texts.ADD_TO_IT, texts.NEW_REPORT, texts.CLEAR, texts.REVIEW_RETURN, texts.WRITE_AGAIN, texts.REMOVE, texts.SEND_WITHOUT,
]  # fmt: skip
"""Texts of conversations/texts.py that stand on buttons."""


def asks_of(flow: Flow) -> list[Ask]:
    """Every question of a flow, those in groups included."""
    return [s for s in every_step(flow.steps) if isinstance(s, Ask)]


def messages(language: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    with (LOCALES / language / "LC_MESSAGES" / "witness.po").open("rb") as file:
        return [
            (as_tuple(m.id), as_tuple(m.string)) for m in read_po(file, locale=language) if m.id
        ]


def as_tuple(text: object) -> tuple[str, ...]:
    return tuple(str(t) for t in text) if isinstance(text, (tuple, list)) else (str(text),)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_offered_language_has_a_catalogue() -> None:
    assert set(APPEAL.languages) == {*LANGUAGES, "en"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_exactly_the_texts_of_the_code(language: str) -> None:
    assert sorted(ids for ids, _ in messages(language)) == sorted(
        as_tuple(m.id) for m in extracted() if m.id
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_empty_or_fuzzy(language: str) -> None:
    text = (LOCALES / language / "LC_MESSAGES" / "witness.po").read_text("utf-8")
    assert "#, fuzzy" not in text
    assert [ids[0] for ids, forms in messages(language) if not all(forms)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_has_the_placeholders_of_the_english(language: str) -> None:
    wrong = {
        ids[0]: forms
        for ids, forms in messages(language)
        if any(placeholders(form) != placeholders(ids[-1]) for form in forms)
    }
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_have_every_form_of_the_language(language: str) -> None:
    known = get_plural(language).num_plurals
    assert {len(forms) for ids, forms in messages(language) if len(ids) > 1} == {known}
    assert known == {"uk": 3, "ru": 3, "ar": 6}[language]


@pytest.mark.parametrize(
    "language, expected",
    [
        ("uk", ["1 файл", "2 файли", "5 файлів", "11 файлів", "21 файл", "22 файли"]),
        ("ru", ["1 файл", "2 файла", "5 файлов", "11 файлов", "21 файл", "22 файла"]),
        ("en", ["1 file", "2 files", "5 files", "11 files", "21 files", "22 files"]),
    ],
)
def test_numbers_are_said_as_people_say_them(
    language: str, expected: list[str], words: Translator
) -> None:
    message = ("{count} file", "{count} files")
    assert [
        words.say(Text(message, {"count": n}), language) for n in (1, 2, 5, 11, 21, 22)
    ] == expected


@pytest.mark.parametrize("language", APPEAL.languages)
def test_labels_fit_a_button_and_texts_a_message(language: str, words: Translator) -> None:
    labels = {
        *map(str, texts.CONTROLS.values()),
        *BUTTONS,
        *map(str, texts.PARTS_OF_DAY.values()),
        *texts.MONTHS,
    }
    turned: set[str] = set()
    for flow in FLOWS:
        for ask in asks_of(flow):
            offered = {str(label) for label in options_of(ask.question).values()}
            (turned if isinstance(ask.question, Several) else labels).update(offered)
    said = {label: words.say(Text(label), language) for label in labels}
    said |= {label: TICK + words.say(Text(label), language) for label in turned}
    assert {k: v for k, v in said.items() if len(v) > LONGEST_LABEL} == {}
    for message in extracted():
        if message.id:
            assert (
                len(catalogue(language, "witness").gettext(as_tuple(message.id)[0])) < TELEGRAM_TEXT
            )


@pytest.mark.parametrize("language", APPEAL.languages)
@pytest.mark.parametrize("screen", ["consent_1", "consent"])
def test_each_consent_screen_fits_a_small_phone(
    screen: str, language: str, words: Translator
) -> None:
    step = next(s for s in FLOWS[0].steps if s.id == screen)
    text = (
        step.question.text if isinstance(step, Ask) else step.text if isinstance(step, Say) else ""
    )
    assert len(words.say(Text(text), language)) <= CONSENT_MOST[language]


FORBIDDEN = {
    "uk": {
        "exclaiming": r"!", "gendered": r"\((?:ла|в|а|ий|на)\)", "army": r"офіцер", "a service offence": r"військов\w+ злочин",
        "a matter, not a question": r"\bпитання\b", "why": r"\bчому\b", "praise": r"молодець|чудово|відмінно|дуже добре",
        "taking sides": r"окупант|ворог|загарбник|росіян", "testimony": r"свідчення(?! під| не)(?<!офіційні свідчення)",
        "taking away": r"вилуч", "blame": r"ви не (?:зробили|сказали)|помилка ваша",
    },
    "ru": {
        "exclaiming": r"!", "gendered": r"\((?:ла|а|ая|на)\)", "army": r"офицер", "on Ukraine": r"\bна Украин",
        "why": r"\b(?:почему|зачем)\b", "praise": r"молодец|отлично|очень хорошо",
        "taking sides": r"оккупант|враг|захватчик|украинцы|русские", "taking away": r"изъя",
        "blame": r"вы не (?:сделали|сказали)|ваша ошибка",
    },
    "en": {
        "exclaiming": r"!", "why": r"\bwhy\b", "praise": r"\b(?:great|well done|excellent|brave)\b",
        "taking sides": r"\b(?:enemy|occupier|invader|Russians?|aggressor)\b", "leading": r"\b(?:didn't|isn't it|surely|of course)\b",
        "feelings": r"how (?:do|did) you feel", "rape by name": r"\brape\b",
    },
}  # fmt: skip
EMOJI = r"[\U0001F300-\U0001FAFF\u2600-\u26FF]"


@pytest.mark.parametrize("language", [*LANGUAGES, "en"])
def test_no_text_leads_blames_praises_exclaims_or_takes_sides(language: str) -> None:
    forms = [form for ids, translated in messages("uk" if language == "en" else language)
             for form in (ids if language == "en" else translated)]  # fmt: skip
    forms += [str(p) for p in APPEAL.phrases[language].values()]
    rules = {**FORBIDDEN.get(language, {"exclaiming": r"!"}), "emoji": EMOJI}
    assert [
        (why, form)
        for why, rule in rules.items()
        for form in forms
        if re.search(rule, form, re.IGNORECASE)
    ] == []


def test_the_catalogue_says_who_reviewed_it() -> None:
    for language in LANGUAGES:
        head = (LOCALES / language / "LC_MESSAGES" / "witness.po").read_text("utf-8")[:300]
        assert "Reviewed by:" in head


def test_a_live_installation_says_no_fact_that_nobody_checked(tmp_path: Path) -> None:
    path = tmp_path / "appeal.toml"
    path.write_text(appeals.own(), "utf-8")
    practice, live = appeal.load(path), appeal.load(path, live=True)
    assert "116 123" in str(practice.phrases["en"]["help_lines"])
    assert {live.phrases[language]["help_lines"] for language in live.languages} == {""}


@pytest.mark.parametrize(
    "written, instead, says",
    [
        ("files_a_day = 500", "files_a_day = 0", "files_a_day must be a whole number of 1 or more"),
        (
            "megabytes_a_day = 10000",
            "megabytes_a_day = -1",
            "megabytes_a_day must be a whole number",
        ),
        ("draft_days = 30", 'draft_days = "30"', "draft_days must be a whole number"),
    ],
)
def test_a_number_that_is_none_is_refused_in_words(
    written: str, instead: str, says: str, tmp_path: Path
) -> None:
    from bot.errors import Misconfigured  # noqa: PLC0415

    path = tmp_path / "appeal.toml"
    path.write_text(appeal.EXAMPLE.read_text("utf-8").replace(written, instead, 1), "utf-8")
    with pytest.raises(Misconfigured, match=says):
        appeal.load(path)


@pytest.mark.parametrize(
    "decided",
    [
        "[decided]\nkeep_versions = false\n",
        'decided = "yes"\n',
        "[decided.keep_versions]\nvalue = false\nby = 3\non = 4\n",
        "",
    ],
)
def test_a_decision_that_is_not_whole_is_none(decided: str, tmp_path: Path) -> None:
    head, _, rest = appeal.EXAMPLE.read_text("utf-8").partition("[decided.keep_versions]")
    path = tmp_path / "appeal.toml"
    top, table = (decided, "") if decided.startswith("decided") else ("", decided)
    path.write_text(top + head + table + "[unit]" + rest.partition("[unit]")[2], "utf-8")
    assert len(appeal.load(path).undecided) == 2


def test_an_appeal_without_a_text_in_an_offered_language_stops_the_start(tmp_path: Path) -> None:
    from bot.errors import Misconfigured  # noqa: PLC0415

    path = tmp_path / "appeal.toml"
    path.write_text(
        appeal.EXAMPLE.read_text("utf-8").replace('en = "within 30 days', 'xx = "within 30 days'),
        "utf-8",
    )
    with pytest.raises(Misconfigured, match=r"within\.en"):
        appeal.load(path)
