"""One step of a conversation: what it becomes because of an event, and what must be done about it."""

from dataclasses import replace

from conversations import moves, review, texts
from conversations.arriving import arrived, exhibit_now, filed, lost, send_without, sent
from conversations.asking import ask, overlay, repeat, status
from conversations.flow import Flow
from conversations.model import (
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
    Filed,
    Forget,
    Happened,
    Hide,
    Keep,
    Lost,
    Option,
    Other,
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
    Text,
    Waited,
    Wrote,
)  # fmt: skip
from conversations.questions import Choice, Review, Words, takes_many
from conversations.reading import typed
from conversations.state import Changed, Mark, State
from conversations.telling import answered_in_words, edited, late, meant, note

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
            return sent(flow, state, event)
        case Edited():
            return edited(flow, state, event)
        case Sealed():
            return arrived(exhibit_now(state, event.exhibit, status="held", size=event.size))
        case Lost():
            return lost(state, event)
        case Waited(key="kept"):
            return status(flow, replace(state, waiting=False))
        case Filed():
            return filed(flow, state, event)
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
        return note(flow, state, event, event.text)
    at = meant(state, event)
    here = flow.ask(at)
    if here is None or at != state.at:
        return late(flow, state, event, at)
    mark = state.marks.get(at)
    begun = takes_many(here.question) and mark is not None and bool(mark.parts)
    control = typed.control(event.text)
    if control == "done" or (control and not begun):
        return _control(flow, state, event, control)
    match here.question:
        case Words():
            return answered_in_words(flow, state, event, Said(event.text))
        case Choice() as question if option := question.read(event.text):
            return _settle(flow, state, event, at, (option,))
        case _:
            return note(flow, state, event, event.text)


# ── buttons and commands ─────────────────────────────────────────────────────


def _chose(flow: Flow, state: State, event: Chose) -> Stepped:
    if event.step == "~sending" or state.stage != "open":
        return send_without(state, event)
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
    stale = event.prompt is not None and meant(state, event) != state.at
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
