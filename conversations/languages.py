"""The languages a witness may choose: three here; an installation offers those of its appeal."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from conversations.flow import Flow
from conversations.questions import Choice
from conversations.steps import Ask, Step

LANGUAGES: Final = {"uk": "Українська", "ru": "Русский", "en": "English"}
"""Each by its own name."""


def offering(flow: Flow, names: Mapping[str, str]) -> Flow:
    """The flow with these languages (code → own name) wherever it offers languages; everything else
    as it is.
    """
    return replace(flow, steps=tuple(_offering(step, names) for step in flow.steps))


def _offering(step: Step, names: Mapping[str, str]) -> Step:
    if (
        not isinstance(step, Ask)
        or not isinstance(step.question, Choice)
        or not step.question.verbatim
    ):
        return step
    others = {
        i: label for i, label in step.question.options.items() if i not in step.question.verbatim
    }
    return replace(
        step, question=replace(step.question, options={**names, **others}, verbatim=tuple(names))
    )
