"""PURE: what presses in a dossier, and what is special in it: as the card has it, and as its
additions made it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from conversations.flows.options import SENSITIVE

Json = Mapping[str, Any]
PRESSING: Final = {
    "danger": "Words of danger",
    "urgent": "Asked to be contacted at once",
    "minor": "Under 18",
    "suspect_in_uk": "A suspect may be in the UK",
}
OTHER: Final = {
    "specialist": "Special category",
    "sensitive": "Sensitive: no detail was asked",
    "insider": "May have taken part: no questions were asked",
    "outside_uk": "Not in the UK",
    "before_window": "Before the appeal's dates",
    "channel": "Forwarded from a public channel",
}
LABELS: Final = PRESSING | OTHER


def marks(referral: Json, addenda: Iterable[Json] = ()) -> list[str]:
    """The names of all marks of a report and what was added to it, what presses first."""
    found: set[str] = set()
    for each in (referral, *addenda):
        found |= _of_one(each)
    return [name for name in LABELS if name in found] + sorted(found - set(LABELS))


def pressing(names: Sequence[str]) -> bool:
    """Whether any of these marks is one of the card's priorities."""
    return bool(set(PRESSING) & set(names))


def _of_one(referral: Json) -> set[str]:
    found = set(referral.get("flags", ()))
    answers = [incident["answers"] for incident in referral["incidents"]]
    if any(_chosen(a, "suspect") & {"in_uk"} for a in answers) or any(
        _chosen(a, "suspect_uk") & {"yes", "perhaps"} for a in answers
    ):
        found.add("suspect_in_uk")
    if found & {"sensitive", "minor"} or any(_chosen(a, "fits") & set(SENSITIVE) for a in answers):
        found.add("specialist")
    return found


def _chosen(answers: Json, step: str) -> set[str]:
    return set(answers.get(step, {}).get("option", ()))
