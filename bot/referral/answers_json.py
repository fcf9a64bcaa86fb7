"""PURE: the answers of a report, each with the question it was given to."""

from bot.language.translate import Translator
from bot.referral.report import (
    Json,
    Report,
    describe_part,
    describe_value,
    in_english,
    of_mark,
    shown_as,
)
from bot.referral.times import iso_time
from conversations import codec
from conversations.model import Path
from conversations.state import State
from conversations.steps import Ask
from conversations.way import answered

ELSEWHERE = ("who", "consent", "language", "words", "own_words")
"""Questions about the whole report whose answers stand elsewhere in referral.json, or nowhere."""


def options_of(state: State, step: str) -> tuple[str, ...]:
    mark = state.marks.get((step,))
    return mark.options if mark is not None and mark.kind == "picked" else ()


def describe_answers(
    report: Report, under: Path, translator: Translator, *, same: bool = False
) -> Json:
    """The answers directly under an address, but for the account, which is given part by part."""
    found: Json = {}
    for stop in answered(report.flow, report.state):
        if (
            not isinstance(stop.step, Ask)
            or stop.path[:-1] != under
            or _stands_elsewhere(stop.path)
        ):
            continue
        mark = report.state.marks.get(stop.path)
        if mark is None or stop.step.private:
            continue
        kept = codec.answers_at(report.answers, stop.path) or [of_mark(mark)]
        parts = [
            describe_part(report, b)
            for b in report.answers
            if tuple(b["path"]) == stop.path and "about" in b["answer"]
        ]
        found[stop.path[-1]] = {
            **describe_value(report, stop.step, kept, translator),
            **({"said": parts} if parts else {}),
            "question_en": in_english(stop.step, stop.path, translator, same=same),
            "shown": shown_as(report, mark.prompt),
            "at": iso_time(mark.at),
        }
    return found


def _stands_elsewhere(path: Path) -> bool:
    """An event has questions of the same names, such as who did it: those are answers like any
    others.
    """
    return path[-1] == "account" or (len(path) == 1 and path[0] in ELSEWHERE)
