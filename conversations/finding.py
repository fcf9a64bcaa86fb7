"""PURE: numbers and return words that are typed to find a report, or taken for one's own."""

import re
from dataclasses import replace

from conversations import moves, texts
from conversations.asking import repeat_question
from conversations.effects import Effects, Look, MakeWords
from conversations.events import Edited, Looked, Wrote
from conversations.flow import Flow
from conversations.model import Text
from conversations.questions import Known
from conversations.state import Mark, State

RETURN_WORDS = ("return_words",)
LEAST_OWN = 4
"""Words of one's own that must be: fewer are guessed."""
MOST_WORDS = 12
"""No return words are more."""
SENTENCE = re.compile(r"[.!?…:;]\s|[.!?…]$|[«»“”\"]")
"""What return words do not have, and a sentence does."""
IN_GROUPS = re.compile(r"\w{4}\W+\w{4}\W+\w{2}")
LEAST_SIGNS, MOST_SIGNS = 7, 14
"""A number has ten letters and digits; one that was typed wrong has about as many."""

Stepped = tuple[State, Effects]


def own_words(flow: Flow, state: State, event: Wrote) -> Stepped:
    """Words of the witness's own: not kept; what finds the report by them is made outside."""
    if len(event.text.split()) < LEAST_OWN:
        return repeat_question(flow, state, Text(texts.OWN_TOO_FEW))
    state = state.marked(
        state.at, Mark("picked", ("taken",), (event.id,), prompt=state.asked, at=event.at)
    )
    state, moved = moves.onward(flow, state)
    return state, (MakeWords(event.text), *moved)


def own_words_edited(flow: Flow, state: State, event: Edited) -> Stepped:
    """A slip in words of one's own was mended: the new ones open the report; they are no part of
    what is told.
    """
    if len(event.text.split()) < LEAST_OWN:
        return repeat_question(flow, state, Text(texts.OWN_TOO_FEW))
    return state, (MakeWords(event.text),)


def look(state: State, event: Wrote, what: str) -> Stepped | None:
    """What only the witness knows goes out to be checked; what can be neither is part of what they
    want to add.
    """
    if event.forwarded or event.about.under or len(event.text.split()) > MOST_WORDS:
        return None
    if what == "words" and SENTENCE.search(event.text.strip()):
        return None
    if what == "reference":
        return (state, (Look(event.text),)) if _like_a_number(event.text) else None
    return state, (Look(state.reference, event.text, words_asked=True),)


def _like_a_number(text: str) -> bool:
    """Whether a message can be the number of a report: letters and digits, about as many as one
    has.
    """
    signs = [c for c in text if c.isalnum()]
    written = (
        any(c.isdecimal() for c in signs)
        or "".join(signs).isupper()
        or bool(IN_GROUPS.fullmatch(text.strip()))
    )
    return LEAST_SIGNS <= len(signs) <= MOST_SIGNS and written


def looked(flow: Flow, state: State, event: Looked) -> Stepped:
    """The referral was found, or its words are asked for, or neither: then the question comes
    again.
    """
    here = flow.ask(state.at, state)
    if here is None or not isinstance(here.question, Known):
        return state, ()
    asked_now = here.question.what == "reference"
    if asked_now:  # words that opened another referral open nothing here
        state = state.unmarked(RETURN_WORDS).flagged("needs_words")
    if asked_now and not event.reference:
        return repeat_question(flow, state, Text(texts.NUMBER_UNREAD))
    # of a number that is none and of other words the same is said
    if not asked_now and not event.opened:
        return repeat_question(flow, state, Text(texts.NOT_FOUND))
    state = replace(state, reference=event.reference)
    state = state.marked(state.at, Mark("picked", ("known",), prompt=state.asked, at=event.at))
    if not event.opened:
        return moves.onward(flow, state)
    state = state.flagged("unproven") if event.unproven else state.unflagged("unproven")
    status = texts.STATUSES.get(event.status, texts.STATUSES["new"])
    warned = (Text(texts.DANGER),) if "danger" in state.flags else ()  # of what was held before
    return moves.onward(flow, state, (*warned, Text(status)))
