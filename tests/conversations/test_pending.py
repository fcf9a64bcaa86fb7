"""What is half done at a question: as it is saved, and as 0.1 and 0.2 saved it, in one string."""

import json
from typing import Any

import pytest

from conversations import codec
from conversations.flows.report import REPORT
from conversations.pending import (
    ChoosingRegion,
    DateInHand,
    Found,
    LookingUp,
    NamingSettlement,
    Offered,
    Pending,
)
from conversations.way import start

BEFORE: list[tuple[str, Pending]] = [
    ("", None),
    ("2022", DateInHand("2022")),
    ("2022-03-w08", DateInHand("2022-03-w08")),
    ("2022-03-12/2022", DateInHand("2022-03-12/2022")),
    ("2022-03-12/", DateInHand("2022-03-12/")),
    ("=2022-03-12", DateInHand("2022-03-12", complete=True)),
    ("=2022-03-12|night", DateInHand("2022-03-12", "night", complete=True)),
    ("XXXX-03-12|morning", DateInHand("XXXX-03-12", "morning")),
    ("=", LookingUp()),
    ("?", ChoosingRegion()),
    ("UA32", NamingSettlement("UA32")),
    ("*", Offered()),
    ("*UA32", Offered("UA32")),
]


def saved(**changes: Any) -> dict[str, Any]:
    """A state as an earlier release wrote it, read again."""
    found: dict[str, Any] = json.loads(json.dumps({**codec.freeze(start(REPORT, 1)), **changes}))
    return found


@pytest.mark.parametrize("date, pending", BEFORE)
def test_what_was_half_done_before_an_upgrade_still_is(date: str, pending: Pending) -> None:
    state = codec.thaw(saved(date=date))
    assert state.pending == pending
    assert codec.thaw(codec.freeze(state)) == state


def test_what_was_found_before_an_upgrade_still_is() -> None:
    where = ("incident", "i1", "where")
    offered = codec.thaw(saved(places=["incident.i1.where", "UA80000000000093317 Kyiv, the city"]))
    assert offered.found == Found(where, (("UA80000000000093317", "Kyiv, the city"),))
    point = codec.thaw(saved(places=["incident.i1.~pine7", "live"]))
    assert point.found == Found(("incident", "i1", "~pine7"), live=True)
    for state in (offered, point, codec.thaw(saved(places=[]))):
        assert codec.thaw(codec.freeze(state)) == state


@pytest.mark.parametrize("broken", [["date"], ["nothing"], [], ["offered", 1, 2, 3], 7])
def test_what_is_no_half_answer_is_refused(broken: Any) -> None:
    with pytest.raises(codec.Unreadable):
        codec.thaw(saved(pending=broken))
