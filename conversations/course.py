"""The course of a flow, for people who train witnesses' officers and read no code: each question in
order, and when it is asked.
"""

from collections.abc import Iterator
from typing import Final

from conversations.conditions import FLAG, MEMBER, Condition
from conversations.flow import Flow
from conversations.questions import Several
from conversations.steps import Ask, Conditions, Each, End, Group, Inner, Move, Say, Step

HEAD: Final = (
    "| question | what is asked | options | asked when | leads on |\n|---|---|---|---|---|"
)
NOTED: Final = {
    "minor": "they said that they are under 18",
    "danger": "words of danger were read",
    "urgent": "they asked to be contacted at once",
    "sensitive": "words of a special category were read",
    "insider": "words of having taken part were read",
    "channel": "something was forwarded from a public channel",
    "outside_uk": "they are not in the UK",
    "not_ukraine": "it was not in Ukraine",
    "contact_more": "they pressed the button that has more asked",
    "needs_words": "the number needs return words",
    "unproven": "the return words were not given",
    "versions": "this installation keeps earlier versions",
}
"""What a flag of the report says."""
MOVES: Final[dict[Move, str]] = {
    "pause": "pauses",
    "finish": "goes to the review, where it was answered before",
    "write again": "takes the account back to be written again",
    "make words": "makes five words",
    "drop words": "takes back the words that were made",
    "keep held": "asks first, if something was written or added",
    "stay": "goes back to where they were",
    "wait a day": "erases all after a day, if nothing follows",
}
"""What an option does besides being an answer."""
ABOUT: Final = {
    "first": "it is the first event",
    "later": "it is not the first event",
    "several files": "the event has several files",
    "one file": "the event has one file",
    "has files": "files came for the event",
    "placed": "a settlement was pressed for every event",
}


def course(flow: Flow) -> str:
    """The questions of a flow as a table of Markdown, by the parts that the witness counts."""
    lines = [f"## {flow.id} {flow.version}", "", HEAD]
    lines += [line for step in flow.steps for line in _rows(step)]
    return "\n".join(lines) + "\n"


def _rows(step: Step | Inner, under: str = "") -> Iterator[str]:
    match step:
        case Ask():
            yield _row(step.id, _asked(step), _options(step), _when(step, under), _leads(step))
        case Say():
            yield _row(
                step.id, _one_line(str(step.text)), "said, not asked", _when(step, under), ""
            )
        case End():
            outcome = "the report is sent" if step.outcome == "filed" else "everything is erased"
            yield _row(step.id, _one_line(str(step.text)), "the end", _when(step, under), outcome)
        case Group():
            yield _row(f"**{step.id}**", "", "", _when(step, under), "once for each event:")
            for inner in step.steps:
                yield from _rows(inner, "event")
            yield from _rows(step.again, "event")
        case Each():
            yield _row(f"**{step.id}**", "", "", _when(step, under), "once for each file:")
            for ask in step.steps:
                yield from _rows(ask, "file")


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _asked(ask: Ask) -> str:
    marks = [f"part {ask.part}"] if ask.part else []
    marks += ["sealed apart"] if ask.private else []
    marks += ["cannot be skipped"] if ask.needed else []
    marks += ["also after Finish"] if ask.must_be_seen or ask.before_sending else []
    return _one_line(str(ask.question.text)) + (f" *({', '.join(marks)})*" if marks else "")


def _options(ask: Ask) -> str:
    question = ask.question
    options = getattr(question, "options", None) or getattr(question, "instead", {})
    kind = "" if options else f"*{type(question).__name__.lower()}*"
    several = " *(any number)*" if isinstance(question, Several) else ""
    return " · ".join(_one_line(str(label)) for label in options.values()) + kind + several


def _leads(ask: Ask) -> str:
    labels = getattr(ask.question, "options", {})
    said = [(option, f"→ {step}") for option, step in ask.then.items()]
    said += [(option, MOVES[move]) for option, move in ask.does.items()]
    said += [(o, f"notes that {NOTED[flag]}") for o, flag in {**ask.marks, **ask.notes}.items()]
    return "; ".join(f"{_one_line(str(labels.get(o, o)))} {what}" for o, what in said)


def _when(step: Step | Inner, under: str) -> str:
    said = [f"in {under}s"] if under == "file" else []
    if step.only:
        said.append(_any(step.only))
    if step.unless:
        said.append(f"not if {_any(step.unless)}")
    return "; ".join(said) or "always"


def _any(conditions: Conditions) -> str:
    return " or ".join(_one(condition) for condition in conditions)


def _one(condition: Condition) -> str:
    options = sorted(condition.options)
    if condition.step == FLAG:
        said = " or ".join(NOTED.get(o.lstrip("~"), f"noted: {o.lstrip('~')}") for o in options)
    elif condition.step == MEMBER:
        said = " or ".join(ABOUT[o] for o in options)
    else:
        where = " in any event" if condition.step.startswith("*") else ""
        only = "only " if condition.every else ""
        said = f"{condition.step.lstrip('*')} is {only}{' or '.join(options)}{where}"
    also = [_one(other) for other in condition.also]
    return " and ".join([said, *also])


def _one_line(text: str) -> str:
    """A text without its paragraphs; what an installation says in it stays in braces."""
    return " ".join(text.split())
