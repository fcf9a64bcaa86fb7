"""From which day on an appeal asks for events: what lies before is taken, and flagged."""

from dataclasses import replace
from datetime import date

from conversations.flow import Flow
from conversations.questions import When
from conversations.steps import Ask, Each, Group, Step


def asking_since(flow: Flow, since: date) -> Flow:
    """The flow with this day wherever it asks for a date; everything else as it is."""
    return replace(flow, steps=tuple(_since(step, since) for step in flow.steps))


def _since(step: Step, since: date) -> Step:
    match step:
        case Ask(question=When() as question):
            return replace(step, question=replace(question, since=since))
        case Group() | Each():
            return replace(step, steps=tuple(_since(inner, since) for inner in step.steps))  # type: ignore[arg-type,misc]
        case _:
            return step
