"""PURE: what a witness writes: a command, a label, an answer, or words for the account."""

from dataclasses import replace
from typing import cast

from conversations import commands, moves, pressing
from conversations.effects import Effects, Keep, Show
from conversations.events import Chose, Wrote
from conversations.flow import Flow
from conversations.kinds import choice, several, when, where
from conversations.landmarks import ADULT, CONSENT, SEND
from conversations.model import Control, Path
from conversations.questions import Choice, OwnWords, Question, Several, When, Where, takes_many
from conversations.reading import ages, typed
from conversations.state import State
from conversations.telling import (
    answered,
    keep_beside_account,
    not_here,
    question_meant,
    take_late_words,
)
from conversations.turn import Turn

Stepped = tuple[State, Effects]
PLAIN = {"~yes": "yes", "~no": "no"}
"""A typed yes or no of the chat's language, as every grammar here reads it."""


def take_written(flow: Flow, state: State, event: Wrote) -> Stepped:
    if event.forwarded == "channel":
        state = state.flagged("channel")
    if not event.text:  # a quote with nothing beside it
        return keep_beside_account(flow, state, event, event.said)
    if not state.asked or state.stage != "open":
        return _beside_questions(flow, state, event)
    here = flow.ask(at := question_meant(state, event), state)
    if here is None or at != state.at:
        return take_late_words(flow, state, event, at)
    if event.forwarded:  # somebody else's words agree to nothing and press nothing
        said = None if isinstance(here.question, OwnWords) else answered(flow, state, event)
        return said or keep_beside_account(flow, state, event, event.said)
    mark = state.marks.get(at)
    begun = takes_many(here.question) and mark is not None and bool(mark.parts)
    control = typed.control(event.text) or _control_named(event)
    question = here.question
    if control == "done" and isinstance(question, Several) and several.is_toggled(question, state):
        return moves.take(flow, several.done(question, state), event)
    if control in ("done", "hide", "erase") or (control and not begun):
        return commands.control(flow, state, event, control)
    plain = PLAIN.get(event.button, event.text)
    if event.button and event.button not in PLAIN and not begun:
        return pressing.take_press(flow, state, _as_pressed(event, at))
    if isinstance(here.question, Choice):
        option = choice.read(here.question, plain)
        if option and not (here.question.adult and ages.tells_more(plain)):
            return pressing.pick_option(flow, state, event, at, option)
        option = option or choice.read(here.question, typed.begins_with(event.text))
        if option:
            return _picked_in_words(flow, state, event, at, option)
    if turn := _pressed_in_words(here.question, state, event, plain):
        return moves.take(flow, turn, event)
    kept = answered(flow, state, event)
    return kept or keep_beside_account(flow, state, event, event.said)


def _pressed_in_words(question: Question, state: State, event: Wrote, plain: str) -> Turn | None:
    """Words that mean a button of the question; None if they are an answer of their own."""
    match question:
        case Several() if options := several.read(question, state, event.text):
            return several.pressed(question, state, event, *options)
        case Where() if option := where.typed_option(question, state, plain):
            return where.pressed(question, state, event, option)
        case When() if option := when.typed_option(state, plain):
            return when.pressed(question, state, event, option)
        case _:
            return None


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
    member = at[1] if len(at) > 1 else ""
    return Chose(
        id=event.id,
        at=event.at,
        received=event.received,
        prompt=event.prompt,
        step=at[-1],
        member=member,
        option=event.button,
    )
