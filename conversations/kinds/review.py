"""PURE: the review before sending: every answer under its heading, to be changed or removed."""

from collections.abc import Iterator
from dataclasses import replace

from conversations import controls, dropping, texts
from conversations.effects import Show
from conversations.events import Chose
from conversations.flow import Flow
from conversations.landmarks import (
    ACCOUNT,
    HAVE,
    INCIDENT,
    PIN,
    SHARING,
    WHEN,
    WHERE,
    is_file,
    points_beside,
)
from conversations.model import Option, Path, Quote, Size, Text
from conversations.state import Changed, Exhibit, Mark, State
from conversations.steps import Ask
from conversations.turn import Turn, ask_beside
from conversations.way import Stop, answered

FIRST_WORDS = 60
A_PAGE = 5
"""Items on one screen of the list; with Earlier ones, More and Back to the overview that makes
eight buttons.
"""


def buttons(state: State) -> tuple[Option, ...]:
    """While earlier answers are locked there is only the way on."""
    if state.locked:
        return (Option("go", Text(texts.REVIEW_GO)),)
    return (
        Option("go", Text(texts.REVIEW_GO)),
        Option("all", Text(texts.REVIEW_ALL)),
        Option("list:0", Text(texts.REVIEW_LIST)),
    )


def lines(flow: Flow, state: State, first: int = FIRST_WORDS) -> tuple[Text, ...]:
    """One line an answer, with its first words or whole, under the event it belongs to."""
    found: list[Text] = []
    member = ""
    several = len(state.members.get(INCIDENT, ())) > 1
    for stop in _answers(flow, state):
        if len(stop.path) > 1 and stop.path[1] != member:
            member = stop.path[1]
            if several:
                found.append(_event(state, member))
        found.append(_line(state, stop, first))
    sharing = (Text(texts.REVIEW_SHARING),) if _sharing_open(flow, state) else ()
    later = (Text(texts.REVIEW_LATER),) if _files_later(state) else ()
    aside = (Text(texts.REVIEW_ASIDE, {"count": state.aside}),) if state.aside else ()
    return (*found, *(_file_line(x) for x in state.exhibits), *aside, *later, *sharing)


def _files_later(state: State) -> bool:
    """Whether files were announced for later and none came."""
    later = any(
        path[-1] == HAVE and mark.options == ("later",) for path, mark in state.marks.items()
    )
    return later and all(x.kind == "voice" or x.status == "lost" for x in state.exhibits)


def _sharing_open(flow: Flow, state: State) -> bool:
    """Whether a sharing question is without an answer; it then counts as No, and the review says
    so.
    """
    asks = [s.id for s in flow.steps if isinstance(s, Ask) and s.id.startswith(SHARING)]
    return any((mark := state.marks.get((id_,))) is None or mark.kind == "passed" for id_ in asks)


def _answers(flow: Flow, state: State) -> Iterator[Stop]:
    """What was answered; a question that was passed over has no line, but for the account."""
    for stop in answered(flow, state):
        mark = state.marks.get(stop.path)
        if not isinstance(stop.step, Ask) or not stop.step.heading or mark is None:
            continue
        if mark.kind != "passed" or stop.path[-1] in (ACCOUNT, WHEN, WHERE):
            yield stop


def _line(state: State, stop: Stop, first: int) -> Text:
    """A place that is a point on the map alone is quoted where the point is kept."""
    path = stop.path
    if path in state.marks and state.marks[path].parts == (PIN,):
        path = next(iter(points_beside(state, path)), path)
    assert isinstance(stop.step, Ask)  # noqa: S101 - narrows for mypy
    message = texts.REVIEW_LINE if first else texts.REVIEW_FULL
    return Text(message, {"heading": Text(stop.step.heading), "said": Quote(path, first)})


def _event(state: State, member: str) -> Text:
    return Text(texts.REVIEW_EVENT, {"number": state.members[INCIDENT].index(member) + 1})


def _file_line(exhibit: Exhibit) -> Text:
    number = int(exhibit.id[1:])
    match exhibit.status:
        case "held":
            return Text(
                texts.REVIEW_FILE_LINE,
                {"number": number, "kind": _kind(exhibit), "size": Size(exhibit.size)},
            )
        case "coming":
            return Text(texts.REVIEW_FILE_COMING, {"number": number, "kind": _kind(exhibit)})
        case "lost":
            return Text(texts.REVIEW_FILE_LOST, {"number": number})


def _kind(exhibit: Exhibit) -> Text:
    return Text(texts.KINDS.get(exhibit.kind, texts.KINDS["document"]))


def in_full(flow: Flow, state: State) -> tuple[Show, ...]:
    """A message an answer, whole, under its heading; the words are never the first line."""
    return tuple(Show(_line(state, stop, 0)) for stop in _answers(flow, state))


def items(flow: Flow, state: State) -> tuple[Option, ...]:
    """What can be changed or removed, as buttons; a voice that is an answer goes with its
    answer.
    """
    several = len(state.members.get(INCIDENT, ())) > 1
    found: list[Option] = []
    for stop in _answers(flow, state):
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
        *(
            Option(f"item:exhibit.{x.id}", Text(texts.REVIEW_FILE, {"number": int(x.id[1:])}))
            for x in files
        ),
    )


def page(flow: Flow, state: State, start: int) -> tuple[Option, ...]:
    """One screen of the list of what can be changed."""
    every = items(flow, state)
    shown = every[start : start + A_PAGE]
    back = (Option(f"list:{max(0, start - A_PAGE)}", Text(texts.REVIEW_BACK)),) if start else ()
    more = (
        (Option(f"list:{start + A_PAGE}", Text(texts.REVIEW_MORE)),)
        if start + A_PAGE < len(every)
        else ()
    )
    return (
        *shown,
        *back,
        *more,
        Option("over", Text(texts.REVIEW_RETURN)),
        controls.button(state, "hide"),
    )


def question(flow: Flow, state: State, path: Path) -> Text:
    """What is asked about one item: an answer by its heading, a file by its number and kind."""
    if is_file(path):
        exhibit = next(x for x in state.exhibits if x.id == path[1])
        return Text(texts.REVIEW_FILE_ITEM, {"number": int(path[1][1:]), "kind": _kind(exhibit)})
    here = flow.ask(path)
    return Text(texts.REVIEW_ITEM, {"heading": Text(here.heading if here else "")})


def item(state: State, path: Path) -> tuple[Option, ...]:
    """What can be done with one answer; a file can only be removed."""
    where = ".".join(path)
    again = () if is_file(path) else (Option(f"change:{where}", Text(texts.WRITE_AGAIN)),)
    return (
        *again,
        Option(f"remove:{where}", Text(texts.REMOVE)),
        Option("over", Text(texts.REVIEW_RETURN)),
        controls.button(state, "hide"),
    )


# ── pressed ──────────────────────────────────────────────────────────────────


def pressed(flow: Flow, state: State, event: Chose) -> Turn:
    """A button of the review, or of what it asks beside itself."""
    what, _, where = event.option.partition(":")
    path = tuple(where.split("."))
    if what == "go":
        return Turn(_unasked_again(flow, state), "settle", options=("go",))
    if state.locked:
        return Turn(state, "repeat")
    match what:
        case "all":
            return Turn(state, "ask", in_full(flow, state))
        case "list":
            return _beside(state, Text(texts.REVIEW_PICK), page(flow, state, int(where)))
        case "item" if dropping.known(flow, state, path):
            return _beside(state, question(flow, state, path), item(state, path))
        case "change" if flow.ask(path):
            return Turn(state, "back to", path=path)
        case "remove" if dropping.known(flow, state, path):
            return _removed(flow, state, event, path)
        case _:
            return Turn(state, "ask")


def _beside(state: State, text: Text, options: tuple[Option, ...]) -> Turn:
    state, shown = ask_beside(state, state.at, text, options)
    return Turn(state, "stay", shown)


def _removed(flow: Flow, state: State, event: Chose, path: Path) -> Turn:
    """Destroy one answer or file at the witness's word; the question counts as skipped."""
    before = state
    state = replace(state, changed=(*state.changed, Changed(path, event.at)))
    if is_file(path):
        state, undone = dropping.file_gone(state, path[1])
    else:
        state, undone = dropping.dropped(state, path)
        state = state.marked(path, Mark("passed", ("skipped",), prompt=state.asked, at=event.at))
    state, dropped, told = dropping.unreachable(flow, before, state, event.at)
    return Turn(state, "ask", (*undone, *dropped), (Text(texts.REMOVED), *told))


def _unasked_again(flow: Flow, state: State) -> State:
    """Without the marks of what is asked of everybody before sending, and was passed over by
    Finish.
    """
    passed_over = [
        path for path, mark in state.marks.items() if mark.kind == "passed" and not mark.prompt
    ]
    for path in passed_over:
        if (here := flow.ask(path, state)) and here.before_sending:
            state = state.unmarked(path)
    return state
