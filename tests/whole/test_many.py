"""Many processes over one PostgreSQL and one bucket, as if on machines of their own; `python -m tests.drills.many` is long."""

from pathlib import Path

import pytest

from tests.drills.many import drill


@pytest.mark.long
async def test_processes_that_are_killed_and_frozen_two_at_a_time_lose_nothing(
    tmp_path: Path,
) -> None:
    outcome = await drill(tmp_path, witnesses=10, at_once=10, seed=3)
    assert outcome.verdict.sound and not outcome.verdict.out_of_order, outcome.verdict
    assert outcome.killed.total() >= 2 and outcome.verdict.reports == 10
