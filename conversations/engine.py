"""One step of a conversation: what it becomes because of an event, and what must be done about it."""

from dataclasses import replace
from typing import cast

from conversations import beside, commands, dating, locating, moves, picking, placing, review, texts
from conversations.arriving import arrived, exhibit_now, filed, lost, send_without, sent
from conversations.asking import CONSENT, SEND, again, ask, overlay, repeat, status
from conversations.editing import edited
from conversations.flow import Flow
from conversations.model import (
    WHOLE,
    Asked,
    Began,
    Blocked,
    Chose,
    Control,
    Delivered,
    Discard,
    DropWords,
    Edited,
    Effects,
    Event,
    Filed,
    Happened,
    Keep,
    Look,
    Looked,
    Lost,
    MakeWords,
    Other,
    Path,
    Picked,
    Pinned,
    PlacesFound,
    Recalled,
    Sealed,
    Sent,
    SharedContact,
    Show,
    Text,
    Wait,
    Waited,
    WordsMade,
    Wrote,
)  # fmt: skip
from conversations.questions import Choice, Known, OwnWords, Review, Several, When, Where, Words, takes_many
from conversations.reading import typed
from conversations.state import Changed, Mark, State
from conversations.telling import answered, instead, late, looked, meant, note

Stepped = tuple[State, Effects]
SILENCE = 12 * 3600
"""After so many seconds the next thing a witness does is answered with where they stopped."""
IDLE = 30 * 60
"""After so many seconds earlier answers are shown only after the return words, if words were taken."""
UNDECIDED = 24 * 3600
"""What is held before consent is destroyed after so many seconds without a yes."""
PLAIN = {"~yes": "yes", "~no": "no"}
"""A typed yes or no of the chat's language, as every grammar here reads it."""
NOTHING = Mark("passed")
BY_WITNESS = (Began, Wrote, Chose, Asked, Sent, Edited, Pinned, SharedContact, Other)


def step(flow: Flow, state: State, event: Event) -> Stepped:
    """Return what the conversation becomes because of `event`, and what must be done about it.

    Nothing is changed before the event is understood; what is not understood repeats the question.
    """
    if state.stage in ("filed", "gone"):
        return state, ()
    if not isinstance(event, BY_WITNESS):
        return _happened(flow, state, event)
    first, before = not state.last, state.last
    silent = event.received - before if before else 0
    state = replace(_locked(flow, state) if state.words and silent > IDLE else state, last=event.received)
    state, effects = _did(flow, state, event)
    if first and not state.settled(CONSENT):
        effects = (Wait("consent", UNDECIDED), *effects)
    if _stopped(state, silent, event):
        state, shown = beside.resume(flow, state)
        effects = (*(e for e in effects if not isinstance(e, Show)), *shown)
    return state, effects


def _locked(flow: Flow, state: State) -> State:
    """From here on nothing that was answered is shown; a date that waits for a yes is asked for anew."""
    here = flow.ask(state.at, state)
    return replace(state.turned(0, "") if here and isinstance(here.question, When) else state, locked=True)


def _stopped(state: State, silent: int, event: Event) -> bool:
    """Whether this is the first sign after a long silence, or a start in the middle of a report."""
    kept = state.stage == "open" and not state.hidden and state.settled(CONSENT) and state.something_kept()
    if not state.language or state.at == ("reference",):
        return False  # of a report that is not found yet there is nothing to go on with
    return kept and (silent > SILENCE or isinstance(event, Began))


def _did(flow: Flow, state: State, event: Event) -> Stepped:
    """Something the witness did."""
    match event:
        case Began(code=code) if code and state.at == ("reference",):
            return state, (Look(code),)
        case Began():
            return repeat(flow, state) if state.asked else ask(flow, state)
        case Wrote():
            return _wrote(flow, state, event)
        case Chose():
            return _chose(flow, state, event)
        case Asked():
            return commands.asked(flow, state, event)
        case Sent():
            return sent(flow, state, event)
        case Edited():
            return edited(flow, state, event)
        case Pinned():
            return locating.pinned(flow, state, event)
        case SharedContact():
            return beside.shared(flow, state, event)
        case Other():
            return beside.strange(flow, state, event)
        case _:
            return repeat(flow, state, Text(texts.NOT_KEPT))


def _happened(flow: Flow, state: State, event: Event) -> Stepped:
    """Something that came of itself: a file is here, a wait is over, the report is filed."""
    match event:
        case Sealed():
            return arrived(exhibit_now(state, event.exhibit, status="held", size=event.size))
        case Lost():
            return lost(state, event)
        case Waited(key="kept"):
            return status(flow, replace(state, waiting=False))
        case Waited(key=key):
            return beside.waited(state, key)
        case Filed():
            return filed(flow, state, event)
        case WordsMade():
            return _words_made(flow, state, event)
        case Looked():
            return looked(flow, state, event)
        case Recalled():
            return beside.resume(flow, replace(state, hidden=False, locked=False, last=event.received))
        case PlacesFound():
            return locating.found(flow, state, event)
        case Delivered() | Blocked() | _:
            return state, ()


def _words_made(flow: Flow, state: State, event: WordsMade) -> Stepped:
    """Five words to be noted, in a message that Hide removes like any other; the question comes once more below."""
    if state.stage != "open":
        return replace(state, words=True), ()
    told = Show(Text(texts.FIVE_WORDS, {"words": event.words})) if event.words else Show(Text(texts.OWN_TAKEN))
    state, shown = ask(flow, replace(state, words=True))
    return state, (told, *shown)


# ── words ────────────────────────────────────────────────────────────────────


def _wrote(flow: Flow, state: State, event: Wrote) -> Stepped:
    if event.forwarded == "channel":
        state = state.flagged("channel")
    if not event.text:  # a quote with nothing beside it
        return note(flow, state, event, event.said)
    if not state.asked or state.stage != "open":
        return _beside_questions(flow, state, event)
    at = meant(state, event)
    here = flow.ask(at, state)
    if here is None or at != state.at:
        return late(flow, state, event, at)
    if event.forwarded:  # somebody else's words agree to nothing and press nothing
        said = None if isinstance(here.question, OwnWords) else answered(flow, state, event)
        return said or note(flow, state, event, event.said)
    mark = state.marks.get(at)
    begun = takes_many(here.question) and mark is not None and bool(mark.parts)
    control = typed.control(event.text) or _control_named(event)
    if control in ("done", "hide", "erase") or (control and not begun):
        return commands.control(flow, state, event, control)
    plain = PLAIN.get(event.button, event.text)
    if event.button and event.button not in PLAIN and not begun:
        return _chose(flow, state, _as_pressed(event, at))
    match here.question:
        case Choice() as question if option := question.read(plain):
            return _picked(flow, state, event, at, option)
        case Choice() as question if option := question.read(typed.begins_with(event.text)):
            return _picked_in_words(flow, state, event, at, option)
        case Several() as question if options := question.read(event.text, state.page):
            return _several(flow, state, event, question, options)
        case Where() if option := placing.read(state, yes=typed.yes_or_no(plain)):
            return locating.pressed(flow, state, event, option)
        case When() if state.date and (option := _date_option(state, plain)):
            return _date(flow, state, event, option)
        case _:
            return answered(flow, state, event) or note(flow, state, event, event.said)


def _picked_in_words(flow: Flow, state: State, event: Wrote, at: Path, option: str) -> Stepped:
    """An answer in a sentence is the answer; what else the sentence says is kept beside the account, as said."""
    if at in (SEND, CONSENT) or (at == ("adult",) and option == "no"):
        return note(flow, state, event, event.said)  # what binds somebody is pressed, and a child's words are not kept
    before = state
    state, kept = note(flow, state, event, event.said)
    kept = tuple(effect for effect in kept if isinstance(effect, Keep))
    state, moved = _picked(
        flow, replace(state, at=before.at, asked=before.asked, prompts=before.prompts), event, at, option
    )
    return state, (*kept, *moved)


def _beside_questions(flow: Flow, state: State, event: Wrote) -> Stepped:
    """Before the first question, and after Send: nothing that is written there answers one."""
    control = None if event.forwarded else typed.control(event.text) or _control_named(event)
    if state.stage != "open" and control in ("hide", "erase", "delete"):
        return commands.control(flow, state, event, control)
    return note(flow, state, event, event.said)


def _control_named(event: Wrote) -> Control | None:
    return cast("Control", event.button[1:]) if event.button.startswith("@") else None


def _as_pressed(event: Wrote, at: Path) -> Chose:
    """The press of the button whose label was typed."""
    member = at[1] if len(at) == 3 else ""  # noqa: PLR2004 - group, member, step
    return Chose(
        id=event.id, at=event.at, received=event.received, prompt=event.prompt,
        step=at[-1], member=member, option=event.button,
    )  # fmt: skip


def _date_option(state: State, text: str) -> str:
    """Yes to a date, or the number of a day while one is put together."""
    options = {o.id: o for o in dating.buttons(state)}
    if typed.yes_or_no(text) == "yes" and "ok" in options:
        return "ok"
    if typed.yes_or_no(text) == "no" and "other" in options:
        return "other"
    return dating.day(state, int(text)) if text.isdecimal() and len(text) <= 2 else ""  # noqa: PLR2004 - a day


# ── buttons and commands ─────────────────────────────────────────────────────


def _chose(flow: Flow, state: State, event: Chose) -> Stepped:
    if state.stage != "open" and event.step == "~erase" and event.prompt == state.asked:
        return beside.erase_answered(state, yes=event.option == "yes")
    if event.step == "~sending" or state.stage != "open":
        return send_without(state, event)
    if event.step.startswith("~"):
        return beside.pressed(flow, state, event)
    path = flow.address(event.step, event.member)
    here = flow.ask(path, state)
    if here is None:
        return repeat(flow, state, Text(texts.OLD_BUTTON))
    if path != state.at:
        return _stale(flow, state, path, event)
    match here.question:
        case Review():
            return _reviewing(flow, state, event)
        case Choice(options=options) if event.option in options:
            return _picked(flow, state, event, path, event.option)
        case Several() as question:
            return _several(flow, state, event, question, (event.option,))
        case When():
            return _date(flow, state, event, event.option)
        case Known(what="words") if event.option == "none":
            return state, (Look(state.reference, words_asked=True),)
        case Known(instead=options) if event.option in options and event.option == "leave":
            return _picked(flow, state, event, path, event.option)
        case Known(instead=options) if event.option in options:
            return moves.settle(flow, state, event, path, (event.option,))
        case Words(instead=options) if event.option in options and state.marks.get(path, NOTHING).parts:
            return moves.done(flow, state, event)  # words came after the button was shown, and are the answer
        case Words(instead=options) if event.option in options:
            return instead(flow, state, event)
        case Where():
            return locating.pressed(flow, state, event, event.option)
        case _:
            return repeat(flow, state)


def _picked(flow: Flow, state: State, event: Happened, path: Path, option: str) -> Stepped:
    """One option of the question on the screen; a few of them are moves rather than answers."""
    match path[-1], option:
        case "words", _ if state.locked:  # new words would open what is locked
            return repeat(flow, state, Text(texts.LOCKED))
        case "onward", "pause":
            return moves.pause(flow, state)
        case "tactical", "rewrite":
            state = state.marked(path, Mark("picked", (option,), prompt=state.asked, at=event.at))
            state, shown = moves.back_to(flow, state, (*path[:-1], "account"))
            return state, (Keep(path, Picked((option,)), WHOLE), *shown)
        case "words", "five":
            state, moved = moves.settle(flow, state, event, path, (option,))
            return state, (*(e for e in moved if not isinstance(e, Show)), MakeWords())
        case "words", "none" if path in state.marks:
            told = (Show(Text(texts.WORDS_DROPPED)),) if state.words else ()
            state, moved = moves.settle(flow, replace(state, words=False), event, path, (option,))
            return state, (DropWords(), *told, *moved)
        case "what" | "reference" | "return_words", "leave" if state.something_kept():
            state = state.flagged("~kept")
        case "leaving", "back":
            return moves.not_leaving(flow, state)
        case "ukraine", "no" if flow.ask(("not_ukraine",)) is not None:
            state, moved = moves.settle(flow, state.flagged("not_ukraine"), event, path, (option,))
            return state, (Wait("elsewhere", UNDECIDED), *moved)
        case "ukraine", _:
            state = state.unflagged("not_ukraine")
        case "onward", "send" if path in state.marks:  # what was answered behind it stays
            return moves.finish(flow, state, event)
        case "adult", _:
            state = state.unflagged("minor").flagged(*(("minor",) if option == "no" else ()))
        case "uk", _:
            state = state.unflagged("outside_uk").flagged(*(("outside_uk",) if option == "no" else ()))
        case "danger", "urgent":
            state = state.flagged("urgent")
        case _:
            pass
    return moves.settle(flow, state, event, path, (option,))


def _several(flow: Flow, state: State, event: Happened, question: Several, options: tuple[str, ...]) -> Stepped:
    """A press on one of several; the first may be the whole answer."""
    match options:
        case (picking.ALL,) | (picking.NONE_OF_THEM,):
            chosen = tuple(question.options) if options == (picking.ALL,) else ()
            return moves.settle(flow, state, event, state.at, chosen)
        case (picking.SEVERAL,):
            return again(flow, picking.open_up(state, event))
        case (picking.NEXT,):
            return _next_page(flow, state, event, question)
        case _ if not set(options) <= set(question.options):
            return repeat(flow, state)
        case _ if not picking.turning(question, state) and len(options) == 1:
            return moves.settle(flow, state, event, state.at, options)
        case _:
            state = picking.turn(question, state, options, event)
            return repeat(flow, state)


def _next_page(flow: Flow, state: State, event: Happened, question: Several) -> Stepped:
    if state.page + 1 < len(question.pages):
        return again(flow, state.turned(state.page + 1, ""))
    chosen = picking.chosen_now(state)
    if not chosen and not question.all_or_none:
        return moves.passed(flow, state, event, "skipped")
    return moves.settle(flow, state, event, state.at, chosen)


def _date(flow: Flow, state: State, event: Happened, option: str) -> Stepped:
    """A button of the date that is being put together."""
    if option not in {o.id for o in dating.buttons(state)} and not option.startswith("d:"):
        return repeat(flow, state)
    what, _, value = option.partition(":")
    part = value if what == "p" else dating.part(state)
    state, finished = dating.pressed(state, option)
    if option == "other":  # what was read is taken back; the words stay
        unread = moves.date_unread(state, event, part)
        state, shown = again(flow, state)
        return state, (*unread, *shown)
    if finished is None:
        return again(flow, state)
    return moves.date_settled(flow, state, event, finished, part)


def _stale(flow: Flow, state: State, path: Path, event: Chose) -> Stepped:
    """A button of an earlier question changes nothing by itself."""
    mark = state.marks.get(path)
    if mark is None or mark.kind != "picked" or path == ("send",) or state.locked:
        return repeat(flow, state, Text(texts.OLD_BUTTON))
    if mark.options == (event.option,) and event.prompt == mark.prompt:
        return state, ()  # pressed twice: once; the next question is already on its way
    return beside.change(state, path)


def _reviewing(flow: Flow, state: State, event: Chose) -> Stepped:
    what, _, where = event.option.partition(":")
    path = tuple(where.split("."))
    if state.locked and what != "go":
        return repeat(flow, state)
    match what:
        case "go":
            return moves.settle(flow, moves.unasked_again(flow, state), event, state.at, ("go",))
        case "all":
            state, more = ask(flow, state)
            return state, (*review.in_full(flow, state), *more)
        case "list":
            return overlay(state, state.at, Text(texts.REVIEW_PICK), review.page(flow, state, int(where)))
        case "item" if moves.known(flow, state, path):
            return overlay(state, state.at, review.question(flow, state, path), review.item(state, path))
        case "change" if flow.ask(path):
            return moves.back_to(flow, state, path)
        case "remove" if moves.known(flow, state, path):
            return _removed(flow, state, event, path)
        case _:
            return ask(flow, state)


def _removed(flow: Flow, state: State, event: Chose, path: Path) -> Stepped:
    """Destroy one answer or file at the witness's word; the question counts as skipped."""
    before = state
    state = replace(state, changed=(*state.changed, Changed(path, event.at)))
    if path[0] == "exhibit" and len(path) == 2:  # noqa: PLR2004 - a file
        gone = path[1]
        state = replace(state, exhibits=tuple(x for x in state.exhibits if x.id != gone))
        undone: Effects = (Discard(gone),)
        for about in [p for p in state.marks if p[:2] == path]:  # where it is from is said of nothing else
            state, forgotten = moves.dropped(state, about)
            state, undone = state.unmarked(about), (*undone, *forgotten)
    else:
        state, undone = moves.dropped(state, path)
        state = state.marked(path, Mark("passed", ("skipped",), prompt=state.asked, at=event.at))
    state, dropped, told = moves.unreachable(flow, before, state, event.at)
    state, shown = ask(flow, state, (Text(texts.REMOVED), *told))
    return state, (*undone, *dropped, *shown)
