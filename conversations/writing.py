"""PURE: what a witness writes: a command, a label, an answer, or words for the account."""

from dataclasses import replace
from typing import cast

from conversations import commands, dating, locating, picking, placing, pressing
from conversations.asking import CONSENT, SEND
from conversations.effects import Effects, Keep, Show
from conversations.events import Chose, Wrote
from conversations.flow import Flow
from conversations.model import Control, Path
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

DAY_DIGITS = 2
Stepped = tuple[State, Effects]
ADULT: Path = ("adult",)
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
            kept = answered(flow, state, event)
            return kept or keep_beside_account(flow, state, event, event.said)


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
