"""PURE: the facts about a referral that the server can still read: coarse values of a closed list,
never a score.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from conversations.flows.options import SENSITIVE, SHARES
from conversations.model import Dated, Path
from conversations.reading.calendar import months
from conversations.regions import of
from conversations.state import State

VERSION: Final = 2
Facts = Mapping[str, int | str | bool | list[str]]
SPECIALIST: Final = "specialist"
"""Stands in place of every special category: which one it is, the server does not know."""
TOLD: Final = ("told",)
MATERIAL: Final = ("sent", "found", "media")


def facts_of(state: State, dates: Iterable[tuple[Path, Dated]] = ()) -> Facts:
    """Compute the facts at submission. Nothing in them is the witness's own words. `dates`: of the
    events.
    """
    files = state.files("held")
    voices = sum(x.kind == "voice" and not x.forwarded for x in files)
    fits = _everywhere(state, "fits")
    return {
        "version": VERSION,
        "language": state.language,
        "roles": list(_options(state, "role")),
        "direct": _direct(_options(state, "role")),
        "events": _events(state, fits),
        "oblasts": [] if is_special(state) else _oblasts(state),
        "months": [] if is_special(state) else _months(dates),
        "incidents": len(state.members["incident"]),
        "exhibits": len(files) - voices,
        "voices": voices,
        "announced": len(state.files("lost")),
        "suspect_identifiable": bool({"yes", "perhaps"} & set(_everywhere(state, "identifiable")))
        or "identifiable" in _everywhere(state, "suspect"),
        "suspect_in_uk": bool({"yes", "perhaps"} & set(_everywhere(state, "suspect_uk")))
        or "in_uk" in _everywhere(state, "suspect"),
        "other_proceedings": _options(state, "official") == ("yes",),
        "perishable": False,
        "vulnerable": is_special(state),
        "danger": bool({"danger", "urgent"} & set(state.flags)),
        "urgent": "urgent" in state.flags,
        "child": "minor" in state.flags,
        "outside_uk": "outside_uk" in state.flags,
        "before_window": "before_window" in state.flags,
        "consents": [who for who in SHARES if shared(state, who) == "yes"],
        "contact": "".join(_options(state, "contact")).replace("no", "") or "none",
        "officer_gender": "".join(_options(state, "officer")),
        "interpreter": "".join(_options(state, "interpreter")),
        "region": "".join(_options(state, "region")),
        "campaign": "",
    }


def with_addendum(facts: Facts, state: State) -> dict[str, int | str | bool | list[str]]:
    """The facts of a referral after something was added to it: what presses, and of what category
    it is by now.
    """
    pressing = {
        "danger": bool({"danger", "urgent"} & set(state.flags)),
        "child": "minor" in state.flags,
        "vulnerable": is_special(state),
    }
    coarser = {"events": [SPECIALIST], "oblasts": [], "months": []} if is_special(state) else {}
    return {
        **facts,
        **{name: bool(facts.get(name)) or now for name, now in pressing.items()},
        **coarser,
    }


def is_special(state: State) -> bool:
    """Whether the referral is of a special category: sealed to specialists and the team, finer in
    nothing.
    """
    return bool({"sensitive", "minor"} & set(state.flags)) or not set(SENSITIVE).isdisjoint(
        _everywhere(state, "fits")
    )


def shared(state: State, who: str) -> str:
    """Whether it may be shared with them: yes, no, or empty where that was not answered."""
    if chosen := _options(state, f"share_{who}"):
        return chosen[0]
    mark = state.marks.get(("share",))
    if mark is None or mark.kind != "picked" or mark.open:
        return ""
    return "yes" if who in mark.options else "no"


def _direct(roles: Sequence[str]) -> str:
    """How near the witness is to what they tell, by the nearest of their roles."""
    if not roles:
        return ""
    if all(r in MATERIAL for r in roles):
        return "sent"
    return "told" if all(r in (*TOLD, *MATERIAL) for r in roles) else "yes"


def _events(state: State, fits: Sequence[str]) -> list[str]:
    if is_special(state):
        return [SPECIALIST]
    return [f for f in dict.fromkeys(fits) if not f.startswith("other")]


def _months(dates: Iterable[tuple[Path, Dated]]) -> list[str]:
    return sorted({month for _, dated in dates for month in months(dated.edtf)})[:6]


def _oblasts(state: State) -> list[str]:
    """Regions of the settlements and points that were called the place of an event, by
    their codes.
    """
    placed = [
        m for path, m in state.marks.items() if path[-1] == "where" or path[-1].startswith("~pin")
    ]
    options = [option for mark in placed if mark.kind != "passed" for option in mark.options]
    return sorted({region for option in options if (region := of(option))})


def _options(state: State, step: str) -> tuple[str, ...]:
    mark = state.marks.get((step,))
    return mark.options if mark is not None and mark.kind == "picked" else ()


def _everywhere(state: State, step: str) -> list[str]:
    marks: list[Any] = [
        m for path, m in state.marks.items() if path[-1] == step and m.kind == "picked"
    ]
    return [option for mark in marks for option in mark.options]
