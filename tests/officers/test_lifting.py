"""Who asked and who agreed that a hold be lifted, by the custody log alone."""

import json

import pytest

from bot.officers.lifting import AGREED, ASKED, HOURS, LIFTED, Lifting, lifting

A, B, OPERATOR = "officer 1", "officer 2", "the operator"
BOTH = Lifting(A, B)


def log(*entries: tuple[str, str, int]) -> list[bytes]:
    return [
        json.dumps({"kind": kind, "actor": actor, "hour": hour}).encode()
        for kind, actor, hour in entries
    ]


@pytest.mark.parametrize(
    "entries, hour, stands",
    [
        ([], 0, Lifting()),
        ([(ASKED, A, 1)], 2, Lifting(A)),
        ([(ASKED, A, 1)], 2 + HOURS, Lifting()),
        ([(ASKED, A, 1), (AGREED, A, 1)], 2, Lifting(A)),
        ([(ASKED, A, 1), (AGREED, B, 1)], 2, BOTH),
        ([(AGREED, B, 1), (ASKED, A, 1)], 2, Lifting(A)),
        ([(ASKED, A, 1), (AGREED, B, 2 + HOURS)], 2 + HOURS, Lifting()),
        ([(ASKED, A, 1), (AGREED, B, HOURS)], 2 * HOURS, BOTH),
        ([(ASKED, A, 1), (AGREED, B, HOURS)], 2 * HOURS + 1, Lifting()),
        ([(ASKED, A, 1), (AGREED, B, 1), (LIFTED, OPERATOR, 1)], 1, Lifting()),
        ([(ASKED, A, 1), (AGREED, B, 1), (ASKED, B, 1)], 1, Lifting(B)),
    ],
)
def test_two_different_persons_must_say_so_in_time_and_once_for_each_lifting(
    entries: list[tuple[str, str, int]], hour: int, stands: Lifting
) -> None:
    assert lifting(log(*entries), hour * 3600) == stands
