"""PURE: what only who sent a report knows: its number, then its return words. They are checked
outside, and not kept.
"""

import re
from dataclasses import replace
from typing import Final

from conversations import texts
from conversations.effects import Look
from conversations.events import Looked, Wrote
from conversations.landmarks import RETURN_WORDS
from conversations.model import Option, Text
from conversations.questions import Known
from conversations.state import Mark, State
from conversations.turn import Turn

MOST_WORDS: Final = 12
"""No return words are more."""
SENTENCE: Final = re.compile(r"[.!?…:;]\s|[.!?…]$|[«»“”\"]")
"""What return words do not have, and a sentence does."""
IN_GROUPS: Final = re.compile(r"\w{4}\W+\w{4}\W+\w{2}")
LEAST_SIGNS, MOST_SIGNS = 7, 14
"""A number has ten letters and digits; one that was typed wrong has about as many."""


def buttons(question: Known) -> tuple[Option, ...]:
    return tuple(Option(id_, Text(label)) for id_, label in question.instead.items())


def pressed(question: Known, state: State, option: str) -> Turn:
    """A button in place of the number or the words: there are none, or it is left."""
    if option not in question.instead:
        return Turn(state, "repeat")
    if question.what == "words" and option == "none":
        return Turn(state, "stay", (Look(state.reference, words_asked=True),))
    return Turn(state, "settle", options=(option,))


def answered(question: Known, state: State, event: Wrote) -> Turn | None:
    """What only the witness knows goes out to be checked; None for what can be neither: it is part
    of what they want to add.
    """
    if event.forwarded or event.about.under or len(event.text.split()) > MOST_WORDS:
        return None
    if question.what == "words":
        if SENTENCE.search(event.text.strip()):
            return None
        return Turn(state, "stay", (Look(state.reference, event.text, words_asked=True),))
    return Turn(state, "stay", (Look(event.text),)) if _like_a_number(event.text) else None


def _like_a_number(words: str) -> bool:
    """Whether a message can be the number of a report: letters and digits, about as many as one
    has.
    """
    signs = [c for c in words if c.isalnum()]
    written = (
        any(c.isdecimal() for c in signs)
        or "".join(signs).isupper()
        or bool(IN_GROUPS.fullmatch(words.strip()))
    )
    return LEAST_SIGNS <= len(signs) <= MOST_SIGNS and written


def take_lookup(question: Known, state: State, event: Looked) -> Turn:
    """The referral was found, or its words are asked for, or neither: then the question comes
    again.
    """
    asked_now = question.what == "reference"
    if asked_now:  # words that opened another referral open nothing here
        state = state.unmarked(RETURN_WORDS).flagged("needs_words")
    if asked_now and not event.reference:
        return Turn(state, "repeat", lead=(Text(texts.NUMBER_UNREAD),))
    # of a number that is none and of other words the same is said
    if not asked_now and not event.opened:
        return Turn(state, "repeat", lead=(Text(texts.NOT_FOUND),))
    state = state.marked(state.at, Mark("picked", ("known",), prompt=state.asked, at=event.at))
    state = replace(state, reference=event.reference)
    if not event.opened:
        return Turn(state, "onward")
    state = state.flagged("unproven") if event.unproven else state.unflagged("unproven")
    status = texts.STATUSES.get(event.status, texts.STATUSES["new"])
    warned = (Text(texts.DANGER),) if "danger" in state.flags else ()  # of what was held before
    return Turn(state, "onward", lead=(*warned, Text(status)))
