"""What is erased for its age, and what a clock that is wrong does not erase."""

from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.witness.expiry import STEADY_SECONDS
from conversations import way
from storage import tables as t
from storage.store import StoreAway
from tests.numbers import Numbers
from tests.shell import Shell, shell
from tests.witness.test_addenda import WAY_IN, say
from tests.witness.test_at_once import SENT

DAY = 86_400
MONTH = 34 * DAY
"""Longer than a report is kept after what falls due in its first days."""


async def everything_due_is_done(it: Shell) -> None:
    """The end of the burst, the day to decide in: else they fall due with the month, and touch the report."""
    it.ahead = 2 * DAY
    await it.quiet()


async def swept_for_an_hour(it: Shell, *, ahead: float) -> None:
    """It is swept, and again when an hour has passed, with the clock as it is then."""
    await it.sweep.once()
    began = it.sweep.running()
    it.sweep.running = lambda: began + STEADY_SECONDS + 60
    it.ahead = ahead + STEADY_SECONDS + 60
    await it.sweep.once()
    await it.quiet()


async def test_a_report_that_was_left_for_a_month_is_erased(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "3", "A saw it.")
        await everything_due_is_done(it)
        it.ahead = MONTH
        await swept_for_an_hour(it, ahead=MONTH)
        assert (await it.count(t.conversations), await it.count(t.answers)) == (0, 0)


async def test_a_clock_that_is_a_month_ahead_until_it_is_set_right_erases_nothing(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "3", "A saw it.")
        known = await it.count(t.seen)
        it.ahead = MONTH
        await swept_for_an_hour(it, ahead=0)
        await it.sweep.once()
        assert (await it.count(t.conversations), await it.count(t.seen)) == (1, known)


async def test_a_report_that_nothing_opens_any_more_is_erased_in_its_time(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "3", "A saw it.")
        channel.send("A", "photo", b"a" * 100, 1)
        await it.quiet()
        async with it.database.reading() as connection:
            slot = (await connection.execute(t.conversations.select())).one().slot
        it.shred.file.destroy([slot])
        it.ahead = MONTH
        await swept_for_an_hour(it, ahead=MONTH)
        assert (
            await it.count(t.conversations),
            await it.count(t.exhibits),
            await it.count(t.objects),
        ) == (0, 0, 0)


async def test_an_orphan_that_the_store_will_not_remove_keeps_the_sweep_from_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:

        async def refused(name: str) -> None:
            raise StoreAway(name and "AccessDenied")

        async with it.database.writing() as connection:
            await connection.execute(insert(t.objects).values(name="ab" * 20, stored=False, hour=1))
        tidied: list[bool] = []

        async def tidy() -> None:
            tidied.append(True)

        monkeypatch.setattr(it.vault.store, "remove", refused)
        monkeypatch.setattr(it.database, "tidy", tidy)
        await say(it, channel, "A", *WAY_IN, "3", "A saw it.", *SENT)
        await swept_for_an_hour(it, ahead=0)
        assert tidied


@pytest.mark.parametrize("how", ["/delete", "expired"])
async def test_of_a_report_that_is_erased_no_state_stays_in_memory(
    how: str, tmp_path: Path
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "3", "A saw it.")
        assert len(it.converse.states) == 1
        if how == "/delete":
            await say(it, channel, "A", how, "[Erase everything]")
        else:
            await everything_due_is_done(it)
            it.ahead = MONTH
            await swept_for_an_hour(it, ahead=MONTH)
        assert await it.count(t.answers) == 0 and it.converse.states == {}
        assert how == "expired" or way._last == ((), ())
