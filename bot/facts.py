"""PURE: the facts about a referral that the server can still read: coarse values of a closed list, never a score."""

from collections.abc import Mapping
from typing import Final

from conversations.state import State

VERSION: Final = 1
Facts = Mapping[str, int | str | bool | list[str]]

UNASKED: Final[dict[str, int | str | bool | list[str]]] = {
    "roles": [], "direct": "", "events": [], "oblasts": [], "months": [], "suspect_identifiable": False,
    "suspect_in_uk": False, "other_proceedings": False, "perishable": False, "vulnerable": False, "danger": False,
    "child": False, "outside_uk": False, "before_window": False, "consents": [], "contact": "none",
    "officer_gender": "", "interpreter": "", "region": "", "campaign": "",
}  # fmt: skip
"""What stands for a question that the flow did not put."""


def facts_of(state: State) -> Facts:
    """Compute the facts at submission. Nothing in them is the witness's own words."""
    files = state.files("held")
    voices = sum(x.kind == "voice" for x in files)
    return {
        **UNASKED,
        "version": VERSION,
        "language": state.language,
        "incidents": len(state.members["incident"]),
        "exhibits": len(files) - voices,
        "voices": voices,
        "announced": len(state.files("lost")),
    }
