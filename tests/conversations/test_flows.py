"""A flow on which reports were begun never changes: what it asks, in which order, when, and where answers lead.

Its texts may: they are mended for everybody. Whoever adds a question gives it `since=` the next version; a report that
was begun before never sees it. A new version's shape is written with `--update`; one that is there is never rewritten.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from conversations.check import options_of
from conversations.conditions import Condition
from conversations.flow import Flow
from conversations.flows import FLOWS
from conversations.questions import Choice, Several
from conversations.steps import Ask, Each, End, Group, Inner, Say, Step

FOLDER = Path(__file__).parent.parent / "flows"


def shape(flow: Flow) -> str:
    """Everything of a flow but its texts, a line a step."""
    return "\n".join(line for step in flow.steps for line in _lines(step, "")) + "\n"


def _lines(step: Step | Inner, indent: str) -> Iterator[str]:
    when = "".join(
        f" {word} {_when(c)}" for word, c in (("only", step.only), ("unless", step.unless)) if c
    )
    match step:
        case Ask():
            yield f"{indent}ask {step.id}: {_question(step)}{when}"
        case Say(apart=apart, must=must):
            yield f"{indent}say {step.id}{' apart' if apart else ''}{' must' if must else ''}{when}"
        case End(outcome=outcome):
            yield f"{indent}end {step.id}: {outcome}{when}"
        case Each(steps=steps, same=same):
            yield f"{indent}each {step.id} unless the same ({_when((same,))}){when}"
            yield from (line for inner in steps for line in _lines(inner, indent + "  "))
        case Group(steps=steps, again=again, prefix=prefix):
            yield f"{indent}group {step.id} {prefix}{when}"
            yield from (line for inner in (*steps, again) for line in _lines(inner, indent + "  "))


def _question(ask: Ask) -> str:
    question = ask.question
    pages = (
        [list(page) for page in question.pages]
        if isinstance(question, Several)
        else [list(options_of(question))]
    )
    options = " | ".join(", ".join(page) for page in pages if page)
    said = [type(question).__name__, f"({options})" if options else ""]
    if isinstance(question, Several) and question.one_tap:
        said.append("one tap")
    if isinstance(question, Choice):
        said += [
            f"yes={question.yes}" if question.yes else "",
            f"counts={question.counts}" if question.counts else "",
        ]
        said.append("shows" if question.shows else "")
    if getattr(question, "many", False):
        said.append("many")
    said += [
        f"then {_then(ask.then)}" if ask.then else "",
        "needed" if ask.needed else "",
        "private" if ask.private else "",
    ]
    said += [
        f"empties {','.join(ask.empties)}" if ask.empties else "",
        f"part {ask.part}" if ask.part else "",
    ]
    return " ".join(part for part in said if part)


def _then(then: Mapping[str, str]) -> str:
    return ", ".join(f"{option}→{step}" for option, step in then.items())


def _when(conditions: tuple[Condition, ...]) -> str:
    return " or ".join(
        f"{c.step}{'=just' if c.every else '='}({','.join(sorted(c.options))})"
        + (f" and {' and '.join(_when((also,)) for also in c.also)}" if c.also else "")
        for c in conditions
    )


@pytest.mark.parametrize("flow", FLOWS, ids=lambda f: f"{f.id} {f.version}")
def test_a_flow_that_reports_were_begun_on_has_the_shape_it_had(
    flow: Flow, request: pytest.FixtureRequest
) -> None:
    path = FOLDER / f"{flow.id} {flow.version}.txt"
    if request.config.getoption("--update") and not path.exists():
        path.write_text(shape(flow), "utf-8")
    assert shape(flow) == path.read_text("utf-8"), (
        "give what is new since= the next version, what goes until= this one"
    )


def test_every_shape_that_was_written_down_is_that_of_a_flow() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == {
        f"{flow.id} {flow.version}" for flow in FLOWS
    }
