"""PostgreSQL goes away and comes back under processes that run, and under one that starts."""

import asyncio
from pathlib import Path

import pytest

from tests import postgres
from tests.installation import running
from tests.operator.test_backup import begun, finished

pytestmark = pytest.mark.skipif(not postgres.ASKED, reason="is about PostgreSQL")


async def test_every_process_outlives_it_and_one_that_starts_says_that_it_may_pass(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as it:
        phone = await begun(it, "said before")
        await it.delivered()
        with postgres.away(str(it.database)):
            await asyncio.sleep(3)
            assert [
                name for name, process in it.processes.items() if process.poll() is not None
            ] == []
            refused = it.command("run", "--role", "officers", check=False)
            assert refused.returncode == 1 and "the database does not answer" in refused.stderr
        assert await finished(phone)
        await it.channel().until("Referral")
