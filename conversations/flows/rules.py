"""On which answers the course of the report turns: roles, routes, and what switches detail off."""

from datetime import date

from conversations.conditions import any_of, flagged, just
from conversations.flows.options import SENSITIVE

APPEAL_SINCE = date(2013, 11, 21)

MINOR = any_of("adult", "no")
INSIDER = any_of("role", "took_part")
TOLD_INSIDER = flagged("insider")
NO_QUESTIONS = (MINOR, INSIDER)
"""Rows 5–15 are not put to a child, nor to somebody who may incriminate themself."""
DETAIL_OFF = (any_of("fits", *SENSITIVE), flagged("sensitive"), TOLD_INSIDER)
MATERIAL = just("role", "sent", "found")
SECOND_HAND = just("role", "sent", "found", "told", "relative", "helping")
SUSPECT = just("role", "suspect")
