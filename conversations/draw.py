"""A flow as a Mermaid diagram, drawn from the flow itself, so that the picture cannot be out of
date.
"""

from collections.abc import Iterator

from conversations.flow import Flow
from conversations.questions import Choice
from conversations.steps import Ask, Each, End, Group, Inner, Say, Step


def mermaid(flow: Flow) -> str:
    """The diagram's source text."""
    return "\n".join(("flowchart TD", *_lines(flow), ""))


def _lines(flow: Flow) -> Iterator[str]:
    for index, step in enumerate(flow.steps):
        onward = _first(flow.steps[index + 1]) if index + 1 < len(flow.steps) else ""
        if isinstance(step, Group):
            yield f'    subgraph {step.id}_group["{step.id}: once for each"]'
            inner = (*step.steps, step.again)
            for at, one in enumerate(inner[:-1]):
                yield from ("    " + line for line in _step(one, _first(inner[at + 1])))
            yield f'        {step.again.id}{{"{step.again.id}"}}'
            yield "    end"
            yield f"    {step.again.id} -- yes --> {inner[0].id}"
            yield f"    {step.again.id} -- no --> {onward}"
        else:
            yield from _step(step, onward)


def _step(step: Step | Inner, onward: str) -> Iterator[str]:
    match step:
        case Ask(id=name, question=question, then=then):
            shape = f'{{"{name}"}}' if isinstance(question, Choice) else f'["{name}"]'
            yield f"    {name}{shape}"
            yield from (f"    {name} -- {option} --> {target}" for option, target in then.items())
            yield f"    {name} --> {onward}"
        case Say(id=name):
            yield f'    {name}("{name}")'
            yield f"    {name} --> {onward}"
        case End(id=name, outcome=outcome):
            yield f'    {name}(["{name}: {outcome}"])'
        case Each(steps=steps):
            for at, one in enumerate(steps):
                yield from _step(one, steps[at + 1].id if at + 1 < len(steps) else onward)
        case Group():
            raise TypeError(step.id)


def _first(step: Step | Inner) -> str:
    return _first(step.steps[0]) if isinstance(step, (Group, Each)) else step.id
