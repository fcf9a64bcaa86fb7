"""One step of a conversation: what it becomes because of an event, and what must be done
about it.
"""

from dataclasses import replace
from typing import cast

from conversations import beside, commands, dating, locating, picking, placing, pressing, texts
from conversations.arriving import (
    file_lost,
    file_sealed,
    take_file,
    tell_receipt,
    warn_before_limit,
)
from conversations.asking import CONSENT, SEND, ask_question, repeat_question
from conversations.burst import status
from conversations.editing import edited
from conversations.effects import Effects, Keep, Look, Show, Wait
from conversations.events import (
    Asked,
    Began,
    Blocked,
    Chose,
    Delivered,
    Edited,
    Event,
    Filed,
    Looked,
    Lost,
    Nearing,
    Other,
    Pinned,
    PlacesFound,
    Recalled,
    Sealed,
    Sent,
    SharedContact,
    Waited,
    WordsMade,
    Wrote,
)
from conversations.finding import looked
from conversations.flow import Flow
from conversations.model import Control, Path, Text
from conversations.questions import Choice, OwnWords, Several, When, Where, takes_many, tells_more
from conversations.reading import typed
from conversations.state import State
from conversations.telling import (
    answered,
    keep_beside_account,
    not_here,
    question_meant,
    take_late_words,
)

Stepped = tuple[State, Effects]
DAY_DIGITS = 2
SILENCE = 12 * 3600
"""After so many seconds the next thing a witness does is answered with where they stopped."""
ADULT: Path = ("adult",)
IDLE = 30 * 60
"""After so many seconds earlier answers are shown only after the return words, if words were taken.
"""
PLAIN = {"~yes": "yes", "~no": "no"}
"""A typed yes or no of the chat's language, as every grammar here reads it."""
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
    state = replace(
        _locked(flow, state) if state.words and silent > IDLE else state, last=event.received
    )
    state, effects = _did(flow, state, event)
    if first and not state.settled(CONSENT):
        effects = (Wait("consent", pressing.UNDECIDED), *effects)
    if _stopped(state, silent, event):
        state, shown = beside.tell_where_they_stopped(flow, state)
        effects = (*(e for e in effects if not isinstance(e, Show)), *shown)
    return state, effects


def _locked(flow: Flow, state: State) -> State:
    """From here on nothing that was answered is shown; a date that waits for a yes is asked for
    anew.
    """
    here = flow.ask(state.at, state)
    return replace(
        state.turned(0, "") if here and isinstance(here.question, When) else state, locked=True
    )


def _stopped(state: State, silent: int, event: Event) -> bool:
    """Whether this is the first sign after a long silence, or a start in the middle of a report."""
    kept = (
        state.stage == "open"
        and not state.hidden
        and state.settled(CONSENT)
        and state.something_kept()
    )
    if not state.language or state.at == ("reference",):
        return False  # of a report that is not found yet there is nothing to go on with
    return kept and (silent > SILENCE or isinstance(event, Began))


def _did(flow: Flow, state: State, event: Event) -> Stepped:
    """Something the witness did."""
    match event:
        case Began(code=code) if code and state.at == ("reference",):
            return state, (Look(code),)
        case Began():
            return repeat_question(flow, state) if state.asked else ask_question(flow, state)
        case Wrote():
            return _wrote(flow, state, event)
        case Chose():
            return pressing.take_press(flow, state, event)
        case Asked():
            return commands.asked(flow, state, event)
        case Sent():
            return take_file(flow, state, event)
        case Edited():
            return edited(flow, state, event)
        case Pinned():
            return locating.pinned(flow, state, event)
        case SharedContact():
            return beside.take_contact_card(flow, state, event)
        case Other():
            return beside.set_aside_strange(flow, state, event)
        case _:
            return repeat_question(flow, state, Text(texts.NOT_KEPT))


def _happened(flow: Flow, state: State, event: Event) -> Stepped:
    """Something that came of itself: a file is here, a wait is over, the report is filed."""
    match event:
        case Sealed():
            return file_sealed(state, event)
        case Lost():
            return file_lost(flow, state, event)
        case Nearing():
            return warn_before_limit(state, event)
        case Waited(key="kept"):
            return status(flow, replace(state, waiting=False))
        case Waited(key=key):
            return beside.end_of_wait(state, key)
        case Filed():
            return tell_receipt(flow, state, event)
        case WordsMade():
            return _words_made(flow, state, event)
        case Looked():
            return looked(flow, state, event)
        case Recalled():
            return beside.tell_where_they_stopped(
                flow, replace(state, hidden=False, locked=False, last=event.received)
            )
        case PlacesFound():
            return locating.found(flow, state, event)
        case Delivered() | Blocked() | _:
            return state, ()


def _words_made(flow: Flow, state: State, event: WordsMade) -> Stepped:
    """Five words to be noted, in a message that Hide removes like any other; the question comes
    once more below.
    """
    if state.stage != "open":
        return replace(state, words=True), ()
    told = (
        Show(Text(texts.FIVE_WORDS, {"words": event.words}))
        if event.words
        else Show(Text(texts.OWN_TAKEN))
    )
    state, shown = ask_question(flow, replace(state, words=True))
    return state, (told, *shown)


# ── words ────────────────────────────────────────────────────────────────────


def _wrote(flow: Flow, state: State, event: Wrote) -> Stepped:
    if event.forwarded == "channel":
        state = state.flagged("channel")
    if not event.text:  # a quote with nothing beside it
        return keep_beside_account(flow, state, event, event.said)
    if not state.asked or state.stage != "open":
        return _beside_questions(flow, state, event)
    at = question_meant(state, event)
    here = flow.ask(at, state)
    if here is None or at != state.at:
        return take_late_words(flow, state, event, at)
    if event.forwarded:  # somebody else's words agree to nothing and press nothing
        said = None if isinstance(here.question, OwnWords) else answered(flow, state, event)
        return said or keep_beside_account(flow, state, event, event.said)
    mark = state.marks.get(at)
    begun = takes_many(here.question) and mark is not None and bool(mark.parts)
    control = typed.control(event.text) or _control_named(event)
    if (
        control == "done"
        and isinstance(here.question, Several)
        and picking.turning(here.question, state)
    ):
        return pressing.press_several(flow, state, event, here.question, (picking.DONE,))
    if control in ("done", "hide", "erase") or (control and not begun):
        return commands.control(flow, state, event, control)
    plain = PLAIN.get(event.button, event.text)
    if event.button and event.button not in PLAIN and not begun:
        return pressing.take_press(flow, state, _as_pressed(event, at))
    match here.question:
        case Choice() as question if (option := question.read(plain)) and not (
            question.adult and tells_more(plain)
        ):
            return pressing.pick_option(flow, state, event, at, option)
        case Choice() as question if option := question.read(plain) or question.read(
            typed.begins_with(event.text)
        ):
            return _picked_in_words(flow, state, event, at, option)
        case Several() as question if options := question.read(event.text, state.page):
            return pressing.press_several(flow, state, event, question, options)
        case Where() if option := placing.read(state, yes=typed.yes_or_no(plain)):
            return locating.pressed(flow, state, event, option)
        case When() if state.date and (option := _date_option(state, plain)):
            return pressing.of_date(flow, state, event, option)
        case _:
            return answered(flow, state, event) or keep_beside_account(
                flow, state, event, event.said
            )


def _picked_in_words(flow: Flow, state: State, event: Wrote, at: Path, option: str) -> Stepped:
    """An answer in a sentence is the answer; what else the sentence says is kept beside the
    account, as said.
    """
    if at in (SEND, CONSENT):
        return keep_beside_account(flow, state, event, event.said)  # what binds somebody is pressed
    if at == ADULT and option == "no":
        state, moved = pressing.pick_option(flow, state, event, at, option)
        asked = [e for e in moved if isinstance(e, Show) and e.prompt]
        state, told = not_here(
            flow, state, event.text, *(lead for show in asked for lead in show.lead)
        )
        return state, (*(e for e in moved if e not in asked), *told)
    before = state
    state, kept = keep_beside_account(flow, state, event, event.said)
    kept = tuple(effect for effect in kept if isinstance(effect, Keep))
    state, moved = pressing.pick_option(
        flow,
        replace(state, at=before.at, asked=before.asked, prompts=before.prompts),
        event,
        at,
        option,
    )
    return state, (*kept, *moved)


def _beside_questions(flow: Flow, state: State, event: Wrote) -> Stepped:
    """Before the first question, and after Send: nothing that is written there answers one."""
    control = None if event.forwarded else typed.control(event.text) or _control_named(event)
    if state.stage != "open" and control in ("hide", "erase", "delete"):
        return commands.control(flow, state, event, control)
    return keep_beside_account(flow, state, event, event.said)


def _control_named(event: Wrote) -> Control | None:
    return cast("Control", event.button[1:]) if event.button.startswith("@") else None


def _as_pressed(event: Wrote, at: Path) -> Chose:
    """The press of the button whose label was typed."""
    member = at[1] if len(at) == 3 else ""  # noqa: PLR2004 - group, member, step
    return Chose(
        id=event.id,
        at=event.at,
        received=event.received,
        prompt=event.prompt,
        step=at[-1],
        member=member,
        option=event.button,
    )


def _date_option(state: State, text: str) -> str:
    """Yes to a date, or the number of a day while one is put together."""
    options = {o.id: o for o in dating.buttons(state)}
    if typed.yes_or_no(text) == "yes" and "ok" in options:
        return "ok"
    if typed.yes_or_no(text) == "no" and "other" in options:
        return "other"
    a_day = text.isdecimal() and len(text) <= DAY_DIGITS
    return dating.day(state, int(text)) if a_day else ""
