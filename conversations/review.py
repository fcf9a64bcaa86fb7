"""The review before sending: every answer under its heading, each to be changed or removed."""

from collections.abc import Iterator

from conversations import texts
from conversations.flow import Ask, Flow, Stop, way
from conversations.model import Message, Option, Path, Quote, Show, Size, Text
from conversations.state import Exhibit, State

FIRST_WORDS = 60
A_PAGE = 6
"""Items on one screen of the list; with More and Back to the overview that makes eight buttons."""


def buttons() -> tuple[Option, ...]:
    return (
        Option("go", Text(texts.REVIEW_GO)),
        Option("all", Text(texts.REVIEW_ALL)),
        Option("list:0", Text(texts.REVIEW_LIST)),
    )


def lines(flow: Flow, state: State) -> tuple[Text, ...]:
    """One line an answer, with its first words, under the event it belongs to."""
    found: list[Text] = []
    member = ""
    several = len(state.members.get("incident", ())) > 1
    for stop in _answered(flow, state):
        if len(stop.path) > 1 and stop.path[1] != member:
            member = stop.path[1]
            if several:
                found.append(_event(state, member))
        found.append(_line(stop, texts.REVIEW_LINE, FIRST_WORDS))
    return (*found, *(_file_line(x) for x in state.exhibits))


def _answered(flow: Flow, state: State) -> Iterator[Stop]:
    for stop in way(flow, state):
        if isinstance(stop.step, Ask) and stop.step.heading and stop.path in state.marks:
            yield stop


def _line(stop: Stop, text: Message, first: int) -> Text:
    assert isinstance(stop.step, Ask)  # noqa: S101 - narrows for mypy
    return Text(text, {"heading": Text(stop.step.heading), "said": Quote(stop.path, first)})


def _event(state: State, member: str) -> Text:
    return Text(texts.REVIEW_EVENT, {"number": state.members["incident"].index(member) + 1})


def _file_line(exhibit: Exhibit) -> Text:
    number = int(exhibit.id[1:])
    kind = Text(texts.KINDS.get(exhibit.kind, texts.KINDS["document"]))
    match exhibit.status:
        case "held":
            return Text(texts.REVIEW_FILE_LINE, {"number": number, "kind": kind, "size": Size(exhibit.size)})
        case "coming":
            return Text(texts.REVIEW_FILE_COMING, {"number": number, "kind": kind})
        case "lost":
            return Text(texts.REVIEW_FILE_LOST, {"number": number})


def in_full(flow: Flow, state: State) -> tuple[Show, ...]:
    """A message an answer, whole, under its heading; the words are never the first line."""
    return tuple(Show(_line(stop, texts.REVIEW_FULL, 0)) for stop in _answered(flow, state))


def items(flow: Flow, state: State) -> tuple[Option, ...]:
    """What can be changed or removed, as buttons; a voice that is an answer goes with its answer."""
    several = len(state.members.get("incident", ())) > 1
    found: list[Option] = []
    for stop in _answered(flow, state):
        assert isinstance(stop.step, Ask)  # noqa: S101 - narrows for mypy
        label = Text(stop.step.heading)
        if several and len(stop.path) > 1:
            params = {"heading": _event(state, stop.path[1]), "said": label}
            label = Text(texts.REVIEW_LINE, params)
        found.append(Option("item:" + ".".join(stop.path), label))
    spoken = {part for mark in state.marks.values() for part in mark.parts}
    files = [x for x in state.exhibits if x.status != "lost" and x.id not in spoken]
    return (
        *found,
        *(Option(f"item:exhibit.{x.id}", Text(texts.REVIEW_FILE, {"number": int(x.id[1:])})) for x in files),
    )


def page(flow: Flow, state: State, start: int) -> tuple[Option, ...]:
    """One screen of the list of what can be changed."""
    every = items(flow, state)
    shown = every[start : start + A_PAGE]
    more = (Option(f"list:{start + A_PAGE}", Text(texts.REVIEW_MORE)),) if start + A_PAGE < len(every) else ()
    return (*shown, *more, Option("over", Text(texts.REVIEW_RETURN)))


def item(path: Path) -> tuple[Option, ...]:
    """What can be done with one answer; a file can only be removed."""
    where = ".".join(path)
    again = () if path[0] == "exhibit" else (Option(f"change:{where}", Text(texts.WRITE_AGAIN)),)
    return (*again, Option(f"remove:{where}", Text(texts.REMOVE)), Option("over", Text(texts.REVIEW_RETURN)))
