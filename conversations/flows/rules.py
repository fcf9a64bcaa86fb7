"""On which answers the course of the report turns: roles, routes, and what switches detail off."""

from dataclasses import replace
from datetime import date

from conversations.conditions import any_of, any_where, both, flagged, just
from conversations.flows.options import SENSITIVE
from conversations.steps import Ask, Conditions

APPEAL_SINCE = date(2013, 11, 21)
FIRST_DAY = date(2022, 2, 24)
"""These two are the appeal's to say; they stand here for the flows as they are shipped."""

MINOR = any_of("adult", "no")
INSIDER = any_of("role", "took_part")
TOLD_INSIDER = flagged("insider")
NO_QUESTIONS = (MINOR, INSIDER)
"""Rows 5–15 are not put to a child, nor to somebody who may incriminate themself."""
DETAIL_OFF = (any_of("fits", *SENSITIVE), flagged("sensitive"), TOLD_INSIDER)
MATERIAL = just("role", "sent", "found")
SECOND_HAND = just("role", "sent", "found", "told", "relative", "helping")
SUSPECT = just("role", "suspect")
STOPPED = any_where("insider", "stop")
"""Whoever seems to have taken part, was told of legal advice, and wants no more questions."""
HAPPENED_TO_THEM = any_of("role", "me")
SPARED = (
    both(any_of("fits", *SENSITIVE), HAPPENED_TO_THEM),
    both(flagged("sensitive"), HAPPENED_TO_THEM),
    STOPPED,
)
"""Where somebody was and who did it is not asked of whom it was done to; when and where always is.
"""
WRITTEN_DOWN = (any_of("with_you", "yes"), just("role", "told", "helping"))
"""What somebody else told, written down."""


def by_version(ask: Ask, *, unless_2: Conditions, unless_3: Conditions) -> tuple[Ask, Ask]:
    """One question that version 2 of the report leaves out in other cases than version 3 does."""
    return (
        replace(ask, until=2, unless=(*unless_2, *ask.unless)),
        replace(ask, since=3, unless=(*unless_3, *ask.unless)),
    )
