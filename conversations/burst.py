"""PURE: the one status message beneath what is sent: what was counted so far."""

from dataclasses import replace
from typing import Final

from conversations import texts
from conversations.asking import (
    BURST,
    buttons_of,
    numbered,
    question_here,
    repeat_question,
    texts_of,
)
from conversations.effects import Effects, Show, Wait
from conversations.flow import Flow
from conversations.kinds.words import onward_label
from conversations.landmarks import ACCOUNT, CONSENT, current_incident, of_incident
from conversations.model import Size, Text
from conversations.state import Exhibit, State

RECOMPRESSED: Final = ("photo", "video")
"""Kinds that the app sends smaller than they are: how to send the next one whole is said at once.
"""
QUIET_SECONDS: Final = 3
"""How long a burst must be quiet before its status message is brought up to date."""


def status(flow: Flow, state: State) -> tuple[State, Effects]:
    """Say what is kept and what is on its way; under the current question it repeats that
    question's buttons.
    """
    if state.stage != "open":
        return state, ()
    lines = counts(state)
    if not lines:
        return state, ()
    if state.status and state.status != state.asked:
        return state, (Show(lines[-1], replaces=BURST, lead=lines[:-1]),)
    here = question_here(flow, state)
    options = buttons_of(flow, state, here)
    state = numbered(state, options)
    text = Text(onward_label(here.question), texts_of(state))
    show = Show(text, options, replaces=BURST, lead=lines, prompt=state.asked, path=state.at)
    return state, (show,)


def counts(state: State) -> tuple[Text, ...]:
    """What is kept for the incident the witness is telling of, in numbers."""
    member = current_incident(state)
    mark = state.marks.get(of_incident(member, ACCOUNT))
    words = len(mark.parts) if mark else 0
    # also where it belongs to the event before: it is what the witness waits to hear of
    newest = state.exhibits[-1:]
    mine = tuple(x for x in state.exhibits if x.incident == member or x in newest)
    danger = (
        (Text(texts.DANGER),)
        if "danger" in state.flags and _answered_in_status(state, member)
        else ()
    )
    if not state.settled(CONSENT):
        held = words + len(mine)
        if held and not state.language:
            return (Text(texts.HOLDING_FIRST), *danger)
        return (
            (Text(texts.HOLDING, {"count": held}), Text(texts.HELD_UNTIL), *danger) if held else ()
        )
    return (*_counted(words, mine), *danger)


def _answered_in_status(state: State, member: str) -> bool:
    """Whether danger is answered beneath the counts: before consent, and while an account is told,
    until Done.
    """
    mark = state.marks.get(of_incident(member, ACCOUNT))
    return not state.settled(CONSENT) or (
        mark is not None and mark.open and state.at[-1] == ACCOUNT
    )


def _counted(words: int, files: tuple[Exhibit, ...]) -> tuple[Text, ...]:
    held = [x for x in files if x.status == "held"]
    coming = [x for x in files if x.status == "coming"]
    voices = sum(x.kind == "voice" for x in held)
    lines: list[Text] = []
    if words:
        lines.append(Text(texts.KEPT_WORDS, {"count": words}))
    if voices:
        lines.append(Text(texts.KEPT_VOICES, {"count": voices}))
    if len(held) > voices:
        size = Size(sum(x.size for x in held if x.kind != "voice"))
        lines.append(Text(texts.RECEIVED, {"count": len(held) - voices, "size": size}))
    if any(x.kind in RECOMPRESSED and not x.forwarded for x in (*held, *coming)):
        lines.append(Text(texts.UNCHANGED))
    if coming:
        lines.append(Text(texts.COMING, {"count": len(coming)}))
    return tuple(lines)


def acknowledge_burst(flow: Flow, state: State) -> tuple[State, Effects]:
    """Acknowledge the first of a burst at once, and the rest after a moment of quiet."""
    if state.stage != "open":
        return state, ()
    if state.asked and state.status == state.asked:
        return replace(state, counting=True), (Wait(BURST, QUIET_SECONDS),)
    fresh = not state.asked
    state, shown = (
        repeat_question(flow, state, *_counts_before(state))
        if fresh
        else status(flow, replace(state, status=0))
    )
    return replace(state, status=state.asked, counting=False), shown


def _counts_before(state: State) -> tuple[Text, ...]:
    """Said above the very first question, when something came before it."""
    return (Text(texts.HOLDING_FIRST),) if state.something_kept() else ()
