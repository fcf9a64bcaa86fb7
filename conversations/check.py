"""Every way a flow could strand a witness, found before it does: run as a test and at every
start.
"""

from collections.abc import Iterator

from conversations.conditions import FLAG, MEMBER
from conversations.flow import Flow
from conversations.questions import Choice, Known, Question, Several, Words
from conversations.steps import Ask, Each, End, Group, Inner, Say, Step

LONGEST_LABEL = 28
MOST_BUTTONS = 8


def faults(flow: Flow) -> tuple[str, ...]:
    """What is wrong with a flow, in words; empty if nothing is."""
    return tuple(_faults(flow))


def _faults(flow: Flow) -> Iterator[str]:
    yield from _names(flow)
    if not isinstance(flow.steps[0], Ask) or flow.steps[0].only:
        yield "the first step asks nothing"
    for outcome in ("filed", "gone"):
        if not any(isinstance(s, End) and s.outcome == outcome for s in flow.steps):
            yield f"no end is {outcome}"
    last = flow.steps[-1]
    if not isinstance(last, End) or last.only or last.unless:
        yield f"the flow runs out after {last.id!r}"
    for index, step in enumerate(flow.steps):
        yield from _step_faults(step, [s.id for s in flow.steps[index + 1 :]])
    yield from _condition_faults(flow)
    yield from (f"{i!r} is never reached" for i in _unreached(flow))


def _names(flow: Flow) -> Iterator[str]:
    """A name may stand in two places only where the same kind of question is asked in one
    of them.
    """
    kinds: dict[str, str] = {}
    for step in every_step(flow.steps):
        kind = (
            type(step.question).__name__
            if isinstance(step, Ask) and (step.only or step.unless)
            else f"#{len(kinds)}"
        )
        if step.id in kinds and kinds[step.id] != kind:
            yield f"two steps are called {step.id!r}"
        kinds.setdefault(step.id, kind)


def _step_faults(step: Step, ahead: list[str]) -> Iterator[str]:
    match step:
        case Ask():
            yield from _ask_faults(step, ahead)
        case Group(steps=steps, again=again):
            if not any(isinstance(s, Ask) for s in steps):
                yield f"group {step.id!r} asks nothing"
            for index, inner in enumerate(steps):
                later = [s.id for s in steps[index + 1 :]]
                for ask in inner.steps if isinstance(inner, Each) else (inner,):
                    if isinstance(ask, Ask):
                        yield from _ask_faults(ask, [*later, *ahead])
            if not isinstance(again.question, Choice) or set(again.question.options) != {
                "yes",
                "no",
            }:
                yield f"{again.id!r} must be answered yes or no"
        case Say() | End():
            pass


def _ask_faults(ask: Ask, ahead: list[str]) -> Iterator[str]:
    options = options_of(ask.question)
    for option in {**ask.marks, **ask.notes, **ask.does}:
        if option not in options:
            yield f"{ask.id!r} does something at {option!r}, which it does not offer"
    for option, target in ask.then.items():
        if option not in options:
            yield f"{ask.id!r} goes on for {option!r}, which is not one of its options"
        if target not in ahead:
            yield f"{ask.id!r} leads to {target!r}, which is not a later step"
    for option, label in options.items():
        if option.startswith(("@", "~")) or ":" in option:
            yield f"{ask.id!r} has an option that reads like a control: {option!r}"
        if len(str(label)) > LONGEST_LABEL:
            yield f"{ask.id!r} has a label over {LONGEST_LABEL} characters: {label!r}"
    # a number to call is given, or one goes back
    if ask.needed and not options and not ask.private:
        yield f"{ask.id!r} cannot be skipped and has no options"
    if ask.id.startswith("~"):
        yield f"{ask.id!r} is a name for questions beside the flow"
    yield from _screens(ask)


def _screens(ask: Ask) -> Iterator[str]:
    """At most eight buttons of its own on a screen."""
    pages = [ask.question.options] if isinstance(ask.question, Choice) else []
    if isinstance(ask.question, Several):
        pages = list(ask.question.pages)
        yield from (
            f"{ask.id!r} has {len(p) + 1} buttons on a page"
            for p in pages
            if len(p) + 1 > MOST_BUTTONS
        )
    yield from (
        f"{ask.id!r} has {len(p)} buttons on a screen" for p in pages if len(p) > MOST_BUTTONS
    )


def options_of(question: Question) -> dict[str, object]:
    """Every option a question can be answered with by a button of its own."""
    match question:
        case Choice(options=options):
            return dict(options)
        case Several():
            return dict(question.options)
        case Words(instead=instead, opens=opens):
            return {**instead, **opens}
        case Known(instead=instead):
            return dict(instead)
        case _:
            return {}


def _condition_faults(flow: Flow) -> Iterator[str]:
    """A condition must name a question of the flow and options that it has."""
    every = list(every_step(flow.steps))
    asks = [s for s in every if isinstance(s, Ask)]
    for step in every:
        for condition in (*step.only, *step.unless):
            if condition.step in (FLAG, MEMBER):
                continue
            named = [a for a in asks if a.id == condition.step.removeprefix("*")]
            if not named:
                yield f"{step.id!r} depends on {condition.step!r}, which is not asked"
            known = {o for a in named for o in options_of(a.question)} | {
                "said",
                "recent",
                "before",
                "unread",
            }
            yield from (
                f"{step.id!r} depends on {o!r}, which {condition.step!r} does not offer"
                for o in sorted(condition.options - known)
            )


def every_step(steps: tuple[Step | Inner, ...]) -> Iterator[Step | Inner]:
    """Every step of a flow, those in groups included, in order."""
    for step in steps:
        yield step
        if isinstance(step, Group):
            yield from every_step(step.steps)
            yield step.again
        if isinstance(step, Each):
            yield from step.steps


def _unreached(flow: Flow) -> list[str]:
    """Top-level steps that no answer and no order leads to."""
    reached = {flow.steps[0].id}
    for index, step in enumerate(flow.steps[:-1]):
        if step.id not in reached:
            continue
        asks = [s for s in every_step((step,)) if isinstance(s, Ask)]
        reached.update(target for ask in asks for target in ask.then.values())
        if isinstance(step, End) and not (step.only or step.unless):
            continue
        if not (
            isinstance(step, Ask)
            and isinstance(step.question, Choice)
            and _always_leaves(step, step.question)
        ):
            reached.add(flow.steps[index + 1].id)
    return [s.id for s in flow.steps if s.id not in reached]


def _always_leaves(ask: Ask, question: Choice) -> bool:
    always = ask.needed and not ask.only and not ask.unless
    return always and set(question.options) <= set(ask.then)
