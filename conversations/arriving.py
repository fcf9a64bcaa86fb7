"""Files as they come and go, and the report as it is sent: what waits for what."""

from dataclasses import replace

from conversations import sending, texts
from conversations.asking import BURST, repeat_question
from conversations.burst import QUIET_SECONDS, acknowledge_burst
from conversations.effects import Drop, Effects, Fetch, Show, Wait
from conversations.events import Chose, Filed, Lost, Nearing, Sealed, Sent
from conversations.flow import Flow
from conversations.landmarks import ACCOUNT, EXHIBIT, current_incident
from conversations.model import NN_, File, Param, Path, Size, Spoken, Text
from conversations.questions import When, Where, Words, takes_many
from conversations.reading.calendar import clock_in_london
from conversations.state import Exhibit, Mark, State
from conversations.steps import End
from conversations.telling import answered_in_words, question_meant, where_it_stands
from conversations.way import way

EVENTS = NN_("{count} event", "{count} events")
FILES = NN_("{count} file", "{count} files")
LOST_BECAUSE = {
    "too-big": texts.TOO_BIG,
    "gone": texts.GONE,
    "broken": texts.BROKEN,
    "quota": texts.QUOTA,
}
QUOTA = "~quota."
"""The mark that somebody was told that files are not taken for now, and when: said once in a day.
"""
DAY_SECONDS = 24 * 3600

Stepped = tuple[State, Effects]


def take_file(flow: Flow, state: State, event: Sent) -> Stepped:
    """A file at any step is kept for the current incident; a voice at a words question is the
    answer.
    """
    if "minor" in state.flags:
        return repeat_question(flow, state, Text(texts.NOT_HERE))
    at, before = question_meant(state, event), state
    state, fetch = taken_in(state, event.file, event.id, at, event.at)
    here = flow.ask(at, state)
    # names and numbers are sealed apart
    if event.file.kind == "voice" and here is not None and here.private:
        return repeat_question(flow, before, Text(texts.WRITE_IT))
    asked = at == state.at and here is not None and isinstance(here.question, (Words, When, Where))
    many = here is not None and takes_many(here.question)
    # those are the answer, and the voice is a file
    in_words = state.where_part(f"{event.id}.words") is not None
    if event.file.kind == "voice" and asked and (many or not in_words):
        spoken = Spoken(fetch.exhibit, event.file.forwarded, event.file.forwarded_at)
        state, shown = answered_in_words(flow, state, _named_after(event, fetch.exhibit), spoken)
    elif state.stage != "open":
        state, shown = sending.tell_sent_soon(state)
    else:
        state, shown = acknowledge_burst(flow, state)
    return state, (fetch, *shown)


def taken_in(
    state: State, file: File, part: str, said_at: Path, at: int, replaces: str = ""
) -> tuple[State, Fetch]:
    """The state with one exhibit more, and what fetches it. `part`: the event, or the part of one,
    that brought it.
    """
    member = current_incident(state, said_at)
    if file.forwarded == "channel":
        state = state.flagged("channel")
    number = state.given.get(EXHIBIT, 0) + 1
    name = f"x{number}"
    exhibit = Exhibit(
        name,
        member,
        said_at,
        file.kind,
        "coming",
        part,
        at=at,
        unique=file.unique,
        forwarded=file.forwarded,
        replaces=replaces,
        live=file.live,
    )
    state = replace(
        state, exhibits=(*state.exhibits, exhibit), given={**state.given, EXHIBIT: number}
    )
    if state.stage == "sending":
        state = replace(state, stage="waiting")  # the report goes when this one is here, too
    return state, Fetch(name, file, member, said_at, at)


def _named_after(event: Sent, exhibit: str) -> Sent:
    """A spoken part is known by its exhibit, so that removing the exhibit removes the part."""
    return replace(event, id=exhibit)


def exhibit_now(state: State, name: str, **changes: object) -> State:
    """The state with one exhibit changed; unchanged if the witness took that exhibit back
    meanwhile.
    """
    exhibits = list(state.exhibits)
    for place, exhibit in enumerate(exhibits):
        if exhibit.id == name and exhibit.status == "coming":
            exhibits[place] = replace(exhibit, **changes)  # type: ignore[arg-type]
    return replace(state, exhibits=tuple(exhibits))


def after_arrival(state: State) -> Stepped:
    if state.stage == "waiting" and not state.files("coming"):
        return replace(state, stage="sending"), (sending.submission(state),)
    if state.stage != "open" or not state.status:
        return state, ()
    return replace(state, counting=True), (Wait(BURST, QUIET_SECONDS),)


def warn_before_limit(state: State, event: Nearing) -> Stepped:
    """Said before it is reached."""
    if state.stage not in ("open", "waiting"):
        return state, ()
    return state, (Show(Text(texts.QUOTA_NEAR, {"count": event.files, "size": Size(event.size)})),)


def file_sealed(state: State, event: Sealed) -> Stepped:
    return after_arrival(exhibit_now(state, event.exhibit, status="held", size=event.size))


def file_lost(flow: Flow, state: State, event: Lost) -> Stepped:
    if event.why == "quota":
        said = next((flag for flag in state.flags if flag.startswith(QUOTA)), "")
        if said and event.at - int(said.removeprefix(QUOTA)) < DAY_SECONDS:
            return after_arrival(exhibit_now(state, event.exhibit, status="lost", why=event.why))
        state = state.unflagged(said).flagged(f"{QUOTA}{event.at}")
    state = exhibit_now(state, event.exhibit, status="lost", why=event.why)
    gone = next((x for x in state.exhibits if x.id == event.exhibit), None)
    kind, at = (gone.kind, gone.at) if gone else ("document", event.at)
    named: dict[str, Param] = {
        "kind": Text(texts.KINDS.get(kind, texts.KINDS["document"])),
        "time": clock_in_london(at),
    }
    told = Text(LOST_BECAUSE[event.why], {"file": Text(texts.FILE_SENT_AT, named)})
    state, dropped = _unsaid(state, event.exhibit)
    state, effects = after_arrival(state)
    if dropped and state.stage == "open":
        state, shown = where_it_stands(flow, state, told)
        return state, (*dropped, *shown, *effects)
    return state, (*dropped, Show(told), *effects)


def _unsaid(state: State, exhibit: str) -> Stepped:
    """A voice that did not come answers nothing: what it was a part of is open again, or passed
    over.
    """
    path = state.where_part(exhibit)
    if path is None:
        return state, ()
    mark = state.marks[path]
    rest = tuple(part for part in mark.parts if part != exhibit)
    if rest:
        state = state.marked(path, replace(mark, parts=rest))
    elif path == state.at or path[-1] == ACCOUNT:
        state = state.unmarked(path)
    else:
        state = state.marked(path, Mark("passed", ("skipped",), prompt=mark.prompt, at=mark.at))
    return state, (Drop(path, exhibit),)


def send_without(state: State, event: Chose) -> Stepped:
    """After Send the only button is to go without the files that are still on their way."""
    if state.stage != "waiting" or event.step != "~sending":
        return state, (Show(Text(texts.SENDING)),)
    for exhibit in state.files("coming"):
        state = exhibit_now(state, exhibit.id, status="lost", why="left")
    return replace(state, stage="sending"), (Show(Text(texts.SENDING)), sending.submission(state))


def _kept(state: State, params: dict[str, Param]) -> Param:
    """What of an account is kept; nothing is said where none was taken."""
    if not any(path[-1] == ACCOUNT for path in state.marks):
        return ""
    lost = len(state.files("lost"))
    announced = Text(texts.ANNOUNCED, {"count": lost}) if lost else ""
    return Text(
        texts.KEPT_ALL if state.files("held") else texts.KEPT_EVENTS,
        {**params, "announced": announced},
    )


def tell_receipt(flow: Flow, state: State, event: Filed) -> Stepped:
    """The receipt: only after everything is durable."""
    params: dict[str, Param] = {
        "reference": event.reference,
        "events": Text(EVENTS, {"count": event.incidents}),
        "files": Text(FILES, {"count": event.exhibits}),
        "size": Size(event.size),
    }
    params["kept"] = _kept(state, params)
    last = way(flow, state)[-1].step
    end = last if isinstance(last, End) else flow.end("filed", state)
    return replace(state, stage="filed"), (Show(Text(end.text, params)),)
