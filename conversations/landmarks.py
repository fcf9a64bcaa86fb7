"""PURE: the questions and groups that the engine knows by name, and where one stands among them.

Everything else that a question does is said in its Ask. A landmark that no flow has any more is a
fault of the flows (check.py).
"""

from typing import Final

from conversations.state import State
from conversations.wording import Path

LANGUAGE: Final = ("language",)
"""Its answer is the language of everything that follows."""
CONSENT: Final = ("consent",)
"""Before it nothing is kept for more than a day."""
UK: Final = ("uk",)
"""From it follows which day "yesterday" was, and it is the first question after the events."""
NOT_UKRAINE: Final = ("not_ukraine",)
"""Whoever does not answer it for a day is erased."""
ADULT: Final = ("adult",)
"""A child tells nothing here beside the age."""
CHILD_DETAILS: Final = ("child_details",)
"""The only words that are taken from a child: whom to call."""
CONTACT: Final = ("contact",)
"""Whoever wants to be called may send a report that tells nothing."""
REVIEW: Final = ("review",)
SEND: Final = ("send",)
"""What is sent is seen and declared; both are asked anew when something was opened since."""
WITHDRAW: Final = ("withdraw",)
REFERENCE: Final = ("reference",)
RETURN_WORDS: Final = ("return_words",)
"""What only who sent a report knows."""

HAS_A_NUMBER: Final = ("safe", "number")
"""Question and option: from here to what can be done about a report that is sent."""
SHARING: Final = "share"
"""What the ids of questions about sharing begin with: one without an answer counts as no."""

INCIDENT: Final = "incident"
EXHIBIT: Final = "exhibit"
"""The groups: what happened, and each file that came with it."""
ACCOUNT: Final = "account"
"""Words that answer nothing else are kept beside it."""
WHERE: Final = "where"
"""A point on the map is its answer, and a date's line may name it."""
WHEN: Final = "when"
"""Shown in the review also where it was passed over, as the account and the place are."""
HAVE: Final = "have"
"""Its option `later` is remembered at the review."""
OTHERS_CONTACT: Final = "others_contact"
"""A card of somebody else is taken where it can be asked."""
ORIGIN_SAME: Final = "origin_same"
"""Its option `same` makes the questions about one file those about all."""
ABOUT_EVENTS: Final = (INCIDENT, EXHIBIT, "forwarded", "official", "official_who")
"""What "no more about the events" leaves out."""
PIN: Final = "~pin"
"""A point on the map, beside the place of its event, until it is confirmed."""

TOP: Final = (
    LANGUAGE, CONSENT, UK, NOT_UKRAINE, ADULT, CHILD_DETAILS, CONTACT, REVIEW, SEND, WITHDRAW,
    REFERENCE, RETURN_WORDS,
)  # fmt: skip
INSIDE: Final = (ACCOUNT, WHERE, WHEN, HAVE, OTHERS_CONTACT, ORIGIN_SAME)


def current_incident(state: State, at: Path = ()) -> str:
    """The incident the witness is at, or that the file is of; elsewhere the last one told of. `at`:
    the question they had before them.
    """
    at = at or state.at
    members = state.members[INCIDENT]
    if is_inside(at, INCIDENT) and at[1] in members:
        return at[1]
    if at[0] == EXHIBIT:
        return next((x.incident for x in state.exhibits if x.id == at[1]), members[-1])
    return members[-1]


def is_inside(path: Path, group: str) -> bool:
    """Whether this is the address of a question that a group asks of each of its members."""
    return len(path) == 3 and path[0] == group  # noqa: PLR2004 - group, member, step


def is_file(path: Path) -> bool:
    """Whether this is a file itself, not an answer about it."""
    return len(path) == 2 and path[0] == EXHIBIT  # noqa: PLR2004


def of_incident(incident: str, step: str) -> Path:
    """The address of a question about an event."""
    return (INCIDENT, incident, step)


def sibling(path: Path, step: str) -> Path:
    """The address of another question of the same member."""
    return (*path[:-1], step)


def is_point(path: Path) -> bool:
    """Whether this is a point on the map."""
    return path[-1].startswith(PIN)


def points_beside(state: State, path: Path) -> list[Path]:
    """The points that were confirmed for the same event."""
    return [p for p in state.marks if p[:-1] == path[:-1] and is_point(p)]
