"""PURE: what was asked and what was answered, as a dossier's page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from bot.referral.origins import source
from conversations.flows import Flows
from conversations.languages import LANGUAGES
from conversations.regions import REGIONS
from conversations.steps import Ask

Json = Mapping[str, Any]
_FLOWS: Final = Flows(LANGUAGES)


BEFORE: Final = {
    "happened": "Did it happen in Ukraine (Crimea and the Donetsk and Luhansk regions included), "
    "or to people who were taken from there or held elsewhere?",
    "connected_with": "Ukraine",
    "prosecutors": "Ukraine's prosecutors",
    "to_prosecutors": "Ukraine's prosecutors",
    "channel_sees": "Telegram can see that you use this chat.",
    "channel_reads": "Telegram can technically read this chat. The bot does not store your "
    "Telegram name.",
    "channel_sees_and_reads": "Telegram can see that you use this chat, and can technically read "
    "it.",
}
"""Packages that do not carry their questions in English are of before any other appeal or channel
could be.
"""


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: in words, with what stands beside them, and as it is read."""

    words: str = ""
    notes: list[str] = field(default_factory=list)
    read: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A question in English, as it was shown where that is another language, and its answer."""

    question: str
    shown: str
    answer: Answer


@dataclass(slots=True)
class Asked:
    """`rest`: questions that only led on to others, folded away."""

    main: list[Row] = field(default_factory=list)
    rest: list[Row] = field(default_factory=list)


def beside(part: Json) -> str:
    """What stands with words or a file: whose, under which file, what they answer and quote,
    addresses behind words.
    """
    found = [source(part.get("forwarded") or {})]
    if under := part.get("caption_of"):
        found.append(f"written under {under}")
    if meant := part.get("reply_to"):
        what = ", ".join(meant.get("exhibits", ())) or meant.get(
            "words_of", "a message that is not in this report"
        )
        found.append(f"in reply to {what}")
    if quote := part.get("quote"):
        found.append(f"quoting “{quote['text']}” {source(quote.get('forwarded') or {})}".strip())
    found += [f"behind “{link['text']}”: {link['address']}" for link in part.get("links", ())]
    return " · ".join(filter(None, found))


def asked(
    answers: Json, referral: Json, under: tuple[str, ...] = (), *, every: bool = False
) -> Asked:
    """What was asked and answered. `every`: nothing is folded away."""
    found = Asked()
    for step, answer in answers.items():
        ask = _ask(referral, (*under, step))
        question = answer.get("question_en") or question_in_english(referral, (*under, step))
        shown = answer["shown"]["text"]
        row = Row(question, "" if shown == question else shown, _answer(answer))
        main = every or (ask is not None and bool(ask.heading))
        (found.main if main else found.rest).append(row)
    return found


def _answer(answer: Json) -> Answer:
    notes = [source(forwarded) for forwarded in answer.get("forwarded", ())]
    notes += [beside({**part, "forwarded": {}}) for part in answer.get("said", ())]
    return Answer(str(answer.get("words") or ""), [n for n in notes if n], _read(answer))


def _read(answer: Json) -> str:
    match answer["kind"]:
        case "option":
            return "; ".join(answer["option_en"])
        case "edtf":
            return f"read as: {answer['edtf'] or 'not read'} {answer['part_of_day']}".strip()
        case "place":
            place = answer["place"]
            region = str(REGIONS.get(place["region"], place["region"]))
            return f"{place['name'] or 'the region'}, {region} (codifier {place['code']})"
        case "skipped" | "unknown" as how:
            return "skipped" if how == "skipped" else "does not know"
        case _:
            return ", ".join(f"voice message {x}" for x in answer.get("exhibits", ()))


def _ask(referral: Json, path: tuple[str, ...]) -> Ask | None:
    flow = referral.get("flow") or {"id": "follow_up", "version": 1}
    try:
        return _FLOWS.of(flow["id"], flow["version"]).ask(path)
    except LookupError:
        return None


def question_in_english(referral: Json, path: tuple[str, ...]) -> str:
    """The question in English; what an installation says in it by itself is left open."""
    ask = _ask(referral, path)
    return str(ask.question.text).format_map(_Blank(BEFORE)) if ask is not None else path[-1]


def option(referral: Json, path: tuple[str, ...], chosen: str) -> str:
    """An option in English."""
    ask = _ask(referral, path)
    options = getattr(ask.question, "options", {}) if ask is not None else {}
    return str(cast("Mapping[str, object]", options).get(chosen, chosen))
