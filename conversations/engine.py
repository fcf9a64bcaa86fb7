"""One step of a conversation: what it becomes because of an event, and what must be done about it."""

from dataclasses import replace

from conversations import moves, review, texts
from conversations.asking import BURST, CONSENT, ask, current, overlay, repeat, status
from conversations.flow import Flow
from conversations.model import (
    NN_,
    Asked,
    Began,
    Blocked,
    Chose,
    Control,
    Delivered,
    Discard,
    Edited,
    Effects,
    Event,
    Fetch,
    Filed,
    Forget,
    Happened,
    Hide,
    Keep,
    Lost,
    Option,
    Other,
    Param,
    Path,
    Picked,
    Pinned,
    PlacesFound,
    Quote,
    Said,
    Sealed,
    Sent,
    SharedContact,
    Show,
    Size,
    Spoken,
    Submit,
    Text,
    Wait,
    Waited,
    Wrote,
)  # fmt: skip
from conversations.questions import Choice, Review, Words, takes_many
from conversations.reading import typed
from conversations.state import Changed, Exhibit, Mark, State

QUIET_SECONDS = 3
"""How long a burst must be quiet before its status message is brought up to date."""

EVENTS = NN_("{count} event", "{count} events")
FILES = NN_("{count} file", "{count} files")
LOST_BECAUSE = {"too-big": texts.TOO_BIG, "gone": texts.GONE, "broken": texts.BROKEN}

Stepped = tuple[State, Effects]


def step(flow: Flow, state: State, event: Event) -> Stepped:  # noqa: PLR0912 - one arm an event
    """Return what the conversation becomes because of `event`, and what must be done about it.

    Nothing is changed before the event is understood; what is not understood repeats the question.
    """
    if state.stage in ("filed", "gone"):
        return state, ()
    match event:
        case Began():
            return repeat(flow, state, *((Text(texts.STILL_THERE),) if state.something_kept() else ()))
        case Wrote():
            return _wrote(flow, state, event)
        case Chose():
            return _chose(flow, state, event)
        case Asked():
            return _asked(flow, state, event)
        case Sent():
            return _sent(flow, state, event)
        case Edited():
            return _edited(flow, state, event)
        case Sealed():
            return _arrived(_exhibit(state, event.exhibit, status="held", size=event.size))
        case Lost():
            return _lost(state, event)
        case Waited(key="kept"):
            return status(flow, replace(state, waiting=False))
        case Filed():
            return _filed(flow, state, event)
        case Pinned():
            return repeat(flow, state, Text(texts.PLACE_IN_WORDS))
        case SharedContact():
            return repeat(flow, state, Text(texts.NO_CONTACTS))
        case Other():
            return repeat(flow, state, Text(texts.NOT_KEPT))
        case Waited() | Delivered() | Blocked() | PlacesFound():
            return state, ()


# ── words ────────────────────────────────────────────────────────────────────


def _wrote(flow: Flow, state: State, event: Wrote) -> Stepped:
    if not state.asked:
        return _note(flow, state, event, event.text)
    at = _meant(state, event)
    here = flow.ask(at)
    if here is None or at != state.at:
        return _late(flow, state, event, at)
    mark = state.marks.get(at)
    begun = takes_many(here.question) and mark is not None and bool(mark.parts)
    control = typed.control(event.text)
    if control == "done" or (control and not begun):
        return _control(flow, state, event, control)
    match here.question:
        case Words():
            return _answered_in_words(flow, state, event, Said(event.text))
        case Choice() as question if option := question.read(event.text):
            return _settle(flow, state, event, at, (option,))
        case _:
            return _note(flow, state, event, event.text)


def _meant(state: State, event: Happened) -> Path:
    """The question that was on the screen when the witness did this; without one, the current question."""
    prompt = state.prompt(event.prompt)
    if prompt is None or prompt.path[0].startswith("~"):
        return state.at
    return prompt.path


def _answered_in_words(flow: Flow, state: State, event: Happened, answer: Said | Spoken) -> Stepped:
    """Words at the question on the screen: one answer, or one more part of it."""
    here = flow.ask(state.at)
    many = here is not None and takes_many(here.question)
    old = state.marks.get(state.at)
    state, undone = _replaced(state, event) if state.changing == state.at or not many else (state, ())
    parts = (*(old.parts if old and not undone else ()), event.id)
    prompt = old.prompt if old and many and not undone else state.asked
    mark = Mark("said", parts=parts, open=many, prompt=prompt, at=event.at)
    state = state.marked(state.at, mark)
    kept = (*undone, Keep(state.at, answer, event.id))
    if many:
        state, shown = _burst(flow, state)
        return state, (*kept, *shown)
    state, moved = moves.onward(flow, state)
    return state, (*kept, *moved)


def _replaced(state: State, event: Happened) -> Stepped:
    """Destroy the earlier words at the current address, if there are any; a line that they changed stays."""
    state = replace(state, changing=())
    old = state.marks.get(state.at)
    if old is None or old.kind == "passed":
        return state, ()
    state = replace(state, changed=(*state.changed, Changed(state.at, event.at)))
    state, undone = moves.dropped(state, state.at)
    return state.unmarked(state.at), undone


def _late(flow: Flow, state: State, event: Wrote, at: Path) -> Stepped:
    """Words typed before the current question was on the screen: they belong to the one that was."""
    here = flow.ask(at)
    mark = state.marks.get(at)
    if here is None or not isinstance(here.question, Words) or mark is None or mark.kind != "said":
        return _note(flow, state, event, event.text)
    state = state.marked(at, replace(mark, parts=(*mark.parts, event.id)))
    state, shown = repeat(flow, state, Text(texts.ADDED))
    return state, (Keep(at, Said(event.text), event.id), *shown)


def _note(flow: Flow, state: State, event: Wrote | Edited, words: str) -> Stepped:
    """Keep words that answer no question beside the account, so that nothing written is lost."""
    path = ("incident", current(state), "account")
    mark = state.marks.get(path) or Mark("said", open=True, prompt=state.asked, at=event.at)
    mark = replace(mark, kind="said", parts=(*mark.parts, event.id))
    state = state.marked(path, mark)
    keep = Keep(path, Said(words), event.id)
    if not state.settled(CONSENT):
        state, shown = _burst(flow, state)
    elif state.stage != "open":
        shown = (Show(Text(texts.NOTE_KEPT)),)
    else:
        state, shown = repeat(flow, state, Text(texts.NOTE_KEPT))
    return state, (keep, *shown)


def _edited(flow: Flow, state: State, event: Edited) -> Stepped:
    """An edited message: the words it had are replaced where they are kept, and otherwise the new ones are kept."""
    path = state.where_part(event.of)
    if path is None:
        return _note(flow, state, event, event.text)
    state = replace(state, changed=(*state.changed, Changed(path, event.at)))
    keep = Keep(path, Said(event.text), event.of)
    if state.stage != "open":
        return state, (keep, Show(Text(texts.EDIT_KEPT)))
    state, shown = repeat(flow, state, Text(texts.EDIT_KEPT))
    return state, (keep, *shown)


# ── buttons and commands ─────────────────────────────────────────────────────


def _chose(flow: Flow, state: State, event: Chose) -> Stepped:
    if event.step == "~sending" or state.stage != "open":
        return _send_without(state, event)
    if event.step.startswith("~"):
        return _beside(flow, state, event)
    path = flow.address(event.step, event.member)
    here = flow.ask(path)
    if here is None:
        return repeat(flow, state, Text(texts.OLD_BUTTON))
    if path != state.at:
        return _stale(flow, state, path, event)
    match here.question:
        case Review():
            return _reviewing(flow, state, event)
        case Choice(options=options) if event.option in options:
            return _settle(flow, state, event, path, (event.option,))
        case _:
            return repeat(flow, state)


def _settle(flow: Flow, state: State, event: Happened, path: Path, options: tuple[str, ...]) -> Stepped:
    """Keep a choice and go on."""
    before = state
    mark = Mark("picked", options, prompt=state.asked, at=event.at)
    state = replace(state.marked(path, mark), changing=())
    if path == ("language",):
        state = replace(state, language=options[0])
    state, dropped, told = moves.unreachable(flow, before, state, event.at)
    state, moved = moves.onward(flow, state, told)
    return state, (Keep(path, Picked(options), event.id), *dropped, *moved)


def _stale(flow: Flow, state: State, path: Path, event: Chose) -> Stepped:
    """A button of an earlier question changes nothing by itself."""
    mark = state.marks.get(path)
    if mark is None or mark.kind != "picked" or path == ("send",):
        return repeat(flow, state, Text(texts.OLD_BUTTON))
    if mark.options == (event.option,) and event.prompt == mark.prompt:
        return state, ()  # pressed twice: once; the next question is already on its way
    options = (Option("change:" + ".".join(path), Text(texts.CHANGE)), Option("leave", Text(texts.LEAVE)))
    return overlay(state, ("~change",), Text(texts.CHANGE_IT, {"answer": Quote(path)}), options)


def _beside(flow: Flow, state: State, event: Chose) -> Stepped:
    """A button of a question beside the flow."""
    if event.prompt != state.asked:
        return repeat(flow, state, Text(texts.OLD_BUTTON))
    what, _, where = event.option.partition(":")
    match event.step, what:
        case "~erase", "yes":
            return replace(state, stage="gone"), (Hide(), Forget(), Show(Text(texts.ERASED)))
        case "~language", _:
            return repeat(flow, replace(state, language=event.option))
        case "~change", "change":
            return moves.back_to(flow, state, tuple(where.split(".")))
        case _:
            return ask(flow, state)


def _reviewing(flow: Flow, state: State, event: Chose) -> Stepped:
    what, _, where = event.option.partition(":")
    path = tuple(where.split("."))
    match what:
        case "go":
            return _settle(flow, state, event, state.at, ("go",))
        case "all":
            state, again = ask(flow, state)
            return state, (*review.in_full(flow, state), *again)
        case "list":
            return overlay(state, state.at, Text(texts.REVIEW_PICK), review.page(flow, state, int(where)))
        case "item" if moves.known(flow, state, path):
            question = texts.REVIEW_FILE_ITEM if path[0] == "exhibit" else texts.REVIEW_ITEM
            return overlay(state, state.at, Text(question), review.item(path))
        case "change" if flow.ask(path):
            return moves.back_to(flow, state, path)
        case "remove" if moves.known(flow, state, path):
            return _removed(flow, state, event, path)
        case _:
            return ask(flow, state)


def _removed(flow: Flow, state: State, event: Chose, path: Path) -> Stepped:
    """Destroy one answer or file at the witness's word; the question counts as skipped."""
    state = replace(state, changed=(*state.changed, Changed(path, event.at)))
    if path[0] == "exhibit":
        gone = path[1]
        state = replace(state, exhibits=tuple(x for x in state.exhibits if x.id != gone))
        undone: Effects = (Discard(gone),)
    else:
        state, undone = moves.dropped(state, path)
        state = state.marked(path, Mark("passed", ("skipped",), prompt=state.asked, at=event.at))
    state, shown = ask(flow, state, (Text(texts.REMOVED),))
    return state, (*undone, *shown)


def _asked(flow: Flow, state: State, event: Asked) -> Stepped:
    """A control by button, by command or by word; moving ones count only for the question on the screen."""
    stale = event.prompt is not None and _meant(state, event) != state.at
    if stale and event.control in ("back", "skip", "unknown", "done"):
        return repeat(flow, state)
    return _control(flow, state, event, event.control)


def _control(flow: Flow, state: State, event: Happened, control: Control) -> Stepped:  # noqa: PLR0912 - one arm a control
    if state.stage != "open" and control not in ("hide", "erase", "delete"):
        return state, (Show(Text(texts.SENDING)),)
    match control:
        case "back":
            return moves.back(flow, state)
        case "skip" | "unknown":
            return moves.passed(flow, state, event, "skipped" if control == "skip" else "unknown")
        case "done":
            return moves.done(flow, state, event)
        case "finish" | "review" | "nomore":
            return moves.finish(flow, state, event)
        case "hide":
            return replace(state, stage="gone"), (Hide(), Forget())
        case "erase" | "delete" if not state.something_kept():
            return repeat(flow, state, Text(texts.STATUS_NOTHING))
        case "erase" | "delete":
            sure = (Option("yes", Text(texts.ERASE_YES)), Option("no", Text(texts.ERASE_NO)))
            return overlay(state, ("~erase",), Text(texts.ERASE_ASK), sure)
        case "language":
            return _ask_language(flow, state)
        case "pause":
            return repeat(flow, state, Text(texts.PAUSED))
        case "help":
            return repeat(flow, state, Text(texts.HELP))
        case "privacy":
            return repeat(flow, state, Text(texts.PRIVACY))
        case "status":
            kept = texts.STATUS_DRAFT if state.something_kept() else texts.STATUS_NOTHING
            return repeat(flow, state, Text(kept))


def _ask_language(flow: Flow, state: State) -> Stepped:
    here = flow.ask(("language",))
    if not state.language or here is None or not isinstance(here.question, Choice):
        return repeat(flow, state)
    options = tuple(Option(i, Text(label), verbatim=True) for i, label in here.question.options.items())
    return overlay(state, ("~language",), Text(texts.LANGUAGE_ASK), options)


# ── files ────────────────────────────────────────────────────────────────────


def _sent(flow: Flow, state: State, event: Sent) -> Stepped:
    """A file at any step is kept for the current incident; a voice at a words question is the answer."""
    member = current(state)
    at = _meant(state, event)
    number = state.given.get("exhibit", 0) + 1
    name = f"x{number}"
    exhibit = Exhibit(name, member, at, event.file.kind, "coming", event.id, at=event.at)
    state = replace(state, exhibits=(*state.exhibits, exhibit), given={**state.given, "exhibit": number})
    fetch = Fetch(name, event.file, member, at, event.at)
    here = flow.ask(at)
    if state.stage == "sending":
        state = replace(state, stage="waiting")  # the report goes when this one is here, too
    if event.file.kind == "voice" and at == state.at and here and isinstance(here.question, Words):
        state, shown = _answered_in_words(flow, state, replace_id(event, name), Spoken(name))
    elif state.stage != "open":
        state, shown = moves.soon(state)
    else:
        state, shown = _burst(flow, state)
    return state, (fetch, *shown)


def replace_id(event: Sent, exhibit: str) -> Sent:
    """A spoken part is known by its exhibit, so that removing the exhibit removes the part."""
    return replace(event, id=exhibit)


def _burst(flow: Flow, state: State) -> Stepped:
    """Acknowledge the first of a burst at once, and the rest after a moment of quiet."""
    if state.stage != "open":
        return state, ()
    if state.asked and state.status == state.asked:
        return replace(state, waiting=True), (Wait(BURST, QUIET_SECONDS),)
    fresh = not state.asked
    state, shown = repeat(flow, state, *_counts_before(state)) if fresh else status(flow, replace(state, status=0))
    return replace(state, status=state.asked, waiting=False), shown


def _counts_before(state: State) -> tuple[Text, ...]:
    """Said above the very first question, when something came before it."""
    return (Text(texts.HOLDING_FIRST),) if state.something_kept() else ()


def _exhibit(state: State, name: str, **changes: object) -> State:
    """The state with one exhibit changed; unchanged if the witness took that exhibit back meanwhile."""
    changed = (replace(x, **changes) if x.id == name and x.status == "coming" else x for x in state.exhibits)  # type: ignore[arg-type]
    return replace(state, exhibits=tuple(changed))


def _arrived(state: State) -> Stepped:
    if state.stage == "waiting" and not state.files("coming"):
        return replace(state, stage="sending"), (Submit(),)
    if state.stage != "open" or not state.status:
        return state, ()
    return replace(state, waiting=True), (Wait(BURST, QUIET_SECONDS),)


def _lost(state: State, event: Lost) -> Stepped:
    state = _exhibit(state, event.exhibit, status="lost", why=event.why)
    told = Show(Text(LOST_BECAUSE[event.why], {"number": int(event.exhibit[1:])}))
    state, effects = _arrived(state)
    return state, (told, *effects)


# ── sending ──────────────────────────────────────────────────────────────────


def _send_without(state: State, event: Chose) -> Stepped:
    """After Send the only button is to go without the files that are still on their way."""
    if state.stage != "waiting" or event.step != "~sending":
        return state, (Show(Text(texts.SENDING)),)
    for exhibit in state.files("coming"):
        state = _exhibit(state, exhibit.id, status="lost", why="left")
    return replace(state, stage="sending"), (Show(Text(texts.SENDING)), Submit())


def _filed(flow: Flow, state: State, event: Filed) -> Stepped:
    """The receipt: only after everything is durable."""
    params: dict[str, Param] = {
        "reference": event.reference,
        "events": Text(EVENTS, {"count": event.incidents}),
        "files": Text(FILES, {"count": event.exhibits}),
        "size": Size(event.size),
    }
    return replace(state, stage="filed"), (Show(Text(flow.end("filed").text, params)),)
