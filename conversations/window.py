"""PURE: what an appeal says of the events it asks for: from which day on, which war, where."""

from dataclasses import replace
from datetime import date

from conversations.flow import Flow
from conversations.questions import When, Where
from conversations.steps import Ask, Each, Group, Step


def asking_about(flow: Flow, *, since: date, first_day: date | None, regions: bool) -> Flow:
    """The flow with these wherever it asks for a date or a place; everything else as it is."""

    def asked(step: Step) -> Step:
        match step:
            case Ask(question=When() as question):
                return replace(step, question=replace(question, since=since, first_day=first_day))
            case Ask(question=Where() as question):
                return replace(step, question=replace(question, regions=regions))
            case Group() | Each():
                return replace(step, steps=tuple(asked(inner) for inner in step.steps))  # type: ignore[arg-type,misc]
            case _:
                return step

    return replace(flow, steps=tuple(asked(step) for step in flow.steps))
