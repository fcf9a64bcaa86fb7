"""PURE: a report as it stands at sending, and how its answers are said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from bot.language.translate import Translator
from bot.referral import origins
from bot.referral.origins import Origins
from bot.referral.times import iso_time
from conversations import codec
from conversations.check import options_of
from conversations.flow import Flow
from conversations.model import (
    Answer,
    Dated,
    Message,
    Passed,
    Path,
    Picked,
    Said,
    Settlement,
    Spoken,
    Text,
)
from conversations.regions import of
from conversations.state import Mark, State
from conversations.steps import Ask
from conversations.texts import ALL_FILES, CONTROLS, REVIEW_FILE, REVIEW_GO, THAT_PLACE

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """An unsent report with everything in it, opened; `answers`, `shown` and `exhibits` are the
    rows' bodies.
    """

    flow: Flow
    state: State
    answers: Sequence[Json] = field(repr=False)
    shown: Sequence[Json] = field(repr=False)
    exhibits: Mapping[str, Json] = field(repr=False)
    set_aside: Sequence[Json] = field(default=(), repr=False)
    versions: Sequence[Json] = field(default=(), repr=False)
    """Every answer as it was given, where the appeal keeps versions."""
    origins: Origins = field(default_factory=Origins)
    """Whose the forwarded and quoted things are, filled while the report is written down."""


def in_english(ask: Ask, path: Path, translator: Translator, *, same: bool = False) -> str:
    """The question with what this installation says in it, so that an officer knows what was asked.

    `same`: it was asked of all the files at once.
    """
    number = int(path[1][1:]) if path[0] == "exhibit" else 0
    file = {"file": Text(ALL_FILES) if same else Text(REVIEW_FILE, {"number": number})}
    return translator.say(Text(ask.question.text, file if number else {}), "en")


def describe_part(report: Report, body: Json) -> Json:
    """One message of the witness: its words or voice, and what stands with them."""
    answer = body["answer"]
    said = (
        {"text": answer["text"]}
        if answer["kind"] == "said"
        else {"exhibit": answer.get("exhibit", "")}
    )
    forwarded = origins.of_answer(report.origins, answer)
    if answer["kind"] == "spoken" and (exhibit := report.exhibits.get(answer["exhibit"])):
        forwarded = origins.of_file(report.origins, exhibit["file"])
    beside = origins.beside(report.origins, answer.get("about") or {}, report.state, report.answers)
    whose = {"forwarded": forwarded} if forwarded else {}
    return {"kind": answer["kind"], **said, "at": iso_time(body["at"]), **whose, **beside}


def of_mark(mark: Mark) -> Answer:
    if mark.kind == "picked":
        return Picked(mark.options)
    return Passed("unknown" if mark.options == ("unknown",) else "skipped")


def describe_value(
    report: Report, ask: Ask, answers: Sequence[Answer], translator: Translator
) -> Json:
    said: Json = {}
    if texts := [a.text for a in answers if isinstance(a, Said)]:
        said["words"] = "\n".join(texts)
    told = [a for a in answers if isinstance(a, (Said, Spoken)) and a.forwarded]
    if forwarded := [origins.of_answer(report.origins, codec.write(a)) for a in told]:
        said["forwarded"] = forwarded
    if voices := [a.exhibit for a in answers if isinstance(a, Spoken)]:
        said["exhibits"] = voices
    match answers[-1]:
        case Picked(options=options):
            return {
                "kind": "option",
                "option": list(options),
                "option_en": [label(ask, o, translator) for o in options],
            }
        case Passed(how=how) if not said:
            return {"kind": how}
        case Dated(edtf=edtf, part_of_day=part, day=day):
            return {"kind": "edtf", "edtf": edtf, "part_of_day": part, "said_on": day, **said}
        case Settlement(code=code, name=name):
            return {"kind": "place", "place": describe_place(code, name), **said}
        case _:
            return {"kind": "words", **said}


def describe_place(code: str, name: str) -> Json:
    """A settlement of the codifier as it was offered; of a region that was chosen alone there is
    only the code.
    """
    return {"code": code, "name": name, "region": of(code)}


def label(ask: Ask, option: str, translator: Translator) -> str:
    return said_label(ask, option, translator, "en")


def said_label(ask: Ask, option: str, translator: Translator, language: str) -> str:
    label = cast("Message", options_of(ask.question).get(option, MOVES.get(option, option)))
    return translator.say(Text(label), language)


MOVES: Mapping[str, Message] = {"go": REVIEW_GO, "done": CONTROLS["done"], "as_said": THAT_PLACE}
"""Buttons that are no option of a question and yet settle it."""


def shown_as(report: Report, prompt: int) -> Json:
    """The very wording a question was put in, the last time it was put under that number."""
    found = [s for s in report.shown if prompt and s["prompt"] == prompt]
    return (
        {"text": found[-1]["text"], "language": found[-1]["language"]}
        if found
        else {"text": "", "language": ""}
    )


def plain_value(value: Json) -> str:
    """An answer of the identity part as one string."""
    spoken = [f"spoken: {exhibit} of the account" for exhibit in value.get("exhibits", [])]
    said = str(value.get("words") or ", ".join([*value.get("option_en", []), *spoken]))
    whose = ", ".join(f"forwarded from a {each['kind']}" for each in value.get("forwarded", []))
    return f"{said} ({whose})" if whose else said


def is_apart(report: Report, path: Path) -> bool:
    """Whether an answer belongs to the identity part."""
    here = report.flow.ask(path, report.state)
    return path[-1].startswith("~card") or (here is not None and here.private)
