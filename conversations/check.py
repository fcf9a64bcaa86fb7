"""Every way a flow could strand a witness, found before it does: run as a test and at every start."""

from collections.abc import Iterator

from conversations.flow import Ask, End, Flow, Group, Say, Step
from conversations.questions import Choice

LONGEST_LABEL = 28


def faults(flow: Flow) -> tuple[str, ...]:
    """What is wrong with a flow, in words; empty if nothing is."""
    return tuple(_faults(flow))


def _faults(flow: Flow) -> Iterator[str]:
    ids = [s.id for s in _all(flow.steps)]
    yield from (f"two steps are called {i!r}" for i in sorted({i for i in ids if ids.count(i) > 1}))
    if not isinstance(flow.steps[0], Ask):
        yield "the first step asks nothing"
    for outcome in ("filed", "gone"):
        if not any(isinstance(s, End) and s.outcome == outcome for s in flow.steps):
            yield f"no end is {outcome}"
    if not isinstance(flow.steps[-1], End):
        yield f"the flow runs out after {flow.steps[-1].id!r}"
    for index, step in enumerate(flow.steps):
        ahead = [s.id for s in flow.steps[index + 1 :]]
        yield from _step_faults(step, ahead)
    yield from (f"{i!r} is never reached" for i in _unreached(flow))


def _step_faults(step: Step, ahead: list[str]) -> Iterator[str]:
    match step:
        case Ask():
            yield from _ask_faults(step, ahead)
        case Group(steps=steps, again=again):
            if not any(isinstance(s, Ask) for s in steps):
                yield f"group {step.id!r} asks nothing"
            for index, inner in enumerate(steps):
                later = [s.id for s in steps[index + 1 :]]
                if isinstance(inner, Ask):
                    yield from _ask_faults(inner, [*later, *ahead])
            if not isinstance(again.question, Choice) or set(again.question.options) != {"yes", "no"}:
                yield f"{again.id!r} must be answered yes or no"
        case Say() | End():
            pass


def _ask_faults(ask: Ask, ahead: list[str]) -> Iterator[str]:
    options = ask.question.options if isinstance(ask.question, Choice) else {}
    for option, target in ask.then.items():
        if option not in options:
            yield f"{ask.id!r} goes on for {option!r}, which is not one of its options"
        if target not in ahead:
            yield f"{ask.id!r} leads to {target!r}, which is not a later step"
    for option, label in options.items():
        if option.startswith("@") or ":" in option:
            yield f"{ask.id!r} has an option that reads like a control: {option!r}"
        if len(str(label)) > LONGEST_LABEL:
            yield f"{ask.id!r} has a label over {LONGEST_LABEL} characters: {label!r}"
    if ask.needed and not options:
        yield f"{ask.id!r} cannot be skipped and has no options"
    if ask.id.startswith("~"):
        yield f"{ask.id!r} is a name for questions beside the flow"


def _all(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        if isinstance(step, Group):
            yield from step.steps
            yield step.again


def _unreached(flow: Flow) -> list[str]:
    """Top-level steps that no answer and no order leads to."""
    reached = {flow.steps[0].id}
    for index, step in enumerate(flow.steps[:-1]):
        if step.id not in reached or isinstance(step, End):
            continue
        asks = [step] if isinstance(step, Ask) else [s for s in getattr(step, "steps", ()) if isinstance(s, Ask)]
        reached.update(target for ask in asks for target in ask.then.values())
        if not (isinstance(step, Ask) and isinstance(step.question, Choice) and _always_leaves(step, step.question)):
            reached.add(flow.steps[index + 1].id)
    return [s.id for s in flow.steps if s.id not in reached]


def _always_leaves(ask: Ask, question: Choice) -> bool:
    return ask.needed and set(question.options) <= set(ask.then)
