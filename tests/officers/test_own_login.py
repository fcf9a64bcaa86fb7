"""The officers' process with a login to the database of its own, and with nobody else's: it does all of its work."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests import postgres
from tests.installation import running
from tests.officers.test_officers import enrolled, filed
from tests.reader import rows
from tests.whole.test_end_to_end import package

pytestmark = pytest.mark.skipif(not postgres.ASKED, reason="on SQLite there are no logins")


async def test_the_officers_work_with_a_login_of_their_own_alone(tmp_path: Path) -> None:
    async with running(tmp_path, "sandbox", "custody", "witness", "files") as it:
        owner = it.environment["FIRSTHAND_DATABASE_URL"]
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute("ALTER ROLE firsthand_officers LOGIN")
        login = make_url(owner).set(username="firsthand_officers")
        it.restart(
            "officers",
            FIRSTHAND_DATABASE_URL="",
            FIRSTHAND_OFFICERS_DATABASE_URL=login.render_as_string(hide_password=False),
        )
        reference = await filed(it)
        tar = await package(it, reference, tmp_path / "in")
        out = tmp_path / "out"
        it.command(
            "open",
            str(tar),
            "-i",
            str(it.identity),
            "--to",
            str(out),
            "--key",
            it.command("key", "--log").stdout.strip(),
        )
        await enrolled(it, "Heron", "officer")
        await it.officer().press("Hand back", on="You have claimed")
        await it.channel().until(f"Referral {reference}\nStatus: new")
        used = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'firsthand_officers' AND datname = current_database()"
        assert rows(it.database, used)[0][0] > 0
