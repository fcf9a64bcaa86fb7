"""A process that ends for a fresh one: when, what it waits for, and what it hands on."""

import asyncio
import json
import os
from collections.abc import Iterator

import pytest

from bot import supervisor
from bot.process.handover import HANDOVER, handed_over, memory
from bot.process.renewing import AFTER_SECONDS, AT_LATEST_SECONDS, RENEW, Renewal, Renewing
from bot.witness.expiry import STEADY_SECONDS, Expiry
from bot.witness.quota import Quota
from bot.witness.return_words import OF_ONE_CHAT, Returning
from storage.keys import Box


@pytest.fixture
def handover(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    fd = memory()
    assert fd is not None
    monkeypatch.setenv(HANDOVER, str(fd))
    yield fd
    os.close(fd)


def test_it_is_due_a_minute_after_the_last_report_left_and_ten_after_the_first_word() -> None:
    now = 1000.0
    renewing = Renewing(lambda: now)
    assert not renewing.due()
    renewing.heard()
    now += AT_LATEST_SECONDS - 1
    assert not renewing.due()
    renewing.left()
    now += 1
    assert renewing.due(), "whatever left, what was said is here for ten minutes"
    renewing = Renewing(lambda: now)
    renewing.left()
    now += AFTER_SECONDS - 1
    assert not renewing.due()
    renewing.left()
    now += AFTER_SECONDS - 1
    assert not renewing.due(), "several of one evening are one renewal"
    now += 1
    assert renewing.due()


async def test_it_goes_on_while_a_fresh_one_would_not_start_and_begins_nothing_once_it_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(RENEW, "1")
    monkeypatch.setattr("bot.process.renewing.AGAIN_SECONDS", 0.01)
    now, asked = 1000.0, 0

    async def passes() -> bool:
        nonlocal asked
        asked += 1
        assert not renewing.ending
        return asked > 3

    renewing = Renewing(lambda: now, passes=passes)
    renewing.left()
    now += AFTER_SECONDS
    with pytest.raises(Renewal):
        await renewing.serve()
    assert asked == 4 and renewing.ending and renewing.over


async def test_nobody_is_renewed_whom_nobody_would_start_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(RENEW, raising=False)
    renewing = Renewing(lambda: 1e9)
    renewing.left()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await renewing.serve()


@pytest.mark.usefixtures("handover")
def test_what_was_counted_goes_along_and_a_killed_process_leaves_nothing() -> None:
    master, now = Box(bytes(32)), 1000.0
    quota, tries = Quota(2, 1000, lambda: now), Returning(master, lambda: now)
    with handed_over(quota=quota, tries=tries):
        assert quota.begin("1") and quota.begin("1") and not quota.begin("1")
        assert [tries.use_a_try(b"a") for _ in range(OF_ONE_CHAT + 1)] == [True] * OF_ONE_CHAT + [
            False
        ]
    quota, tries = Quota(2, 1000, lambda: now), Returning(master, lambda: now)
    with handed_over(quota=quota, tries=tries):
        assert (
            not quota.begin("1")
            and quota.begin("2")
            and not tries.use_a_try(b"a")
            and tries.use_a_try(b"b")
        )
        killed = Quota(2, 1000, lambda: now)
        with handed_over(
            quota=killed
        ):  # as after a kill: what lay there was taken by the one that is gone
            assert killed.begin("1")


def test_an_hour_of_a_steady_clock_outlives_renewals(handover: int) -> None:
    """Else nothing would ever be erased for its age where somebody writes every ten minutes."""
    running = 5000.0

    def fresh() -> Expiry:
        return Expiry(None, None, None, None, 30, lambda: 1.7e9 + running, lambda: running)  # type: ignore[arg-type]

    sweep, steady = fresh(), []
    for _ in range(8):
        with handed_over(steady=sweep):
            steady.append(sweep._steady())
            running += STEADY_SECONDS / 6
        assert json.loads(os.pread(handover, 10_000, 0))["steady"][1] == 5000.0
        sweep = fresh()
    assert steady == [False] * 6 + [True] * 2


def test_a_child_has_the_number_of_its_memory() -> None:
    assert supervisor._environment(7, "files")[HANDOVER] == "7"
    assert HANDOVER not in supervisor._environment(None, "files")
