"""Somebody who can write rows of the database and has no key: nothing is sealed to them, and doctor names what they did."""

from pathlib import Path

from sqlalchemy import insert, select, update

from bot.officers.watched_recipients import WatchedRecipients
from bot.operator.doctor import zones
from storage import age, referrals
from storage import tables as t
from storage.keys import Unsealable
from tests.numbers import Numbers
from tests.opened import dossier_of
from tests.shell import Shell, shell
from tests.witness.test_addenda import CHAT, TO_SEND, WAY_IN, say


class _Settings:
    """Where doctor finds the shred keys."""

    holds_shred_keys = True

    def __init__(self, it: Shell) -> None:
        self.shred_keys = it.folder / "keys" / "shred.keys"


async def found(it: Shell) -> list[str]:
    async with it.database.reading() as connection:
        return [f.what async for f in zones._report_keys(connection, _Settings(it))]  # type: ignore[arg-type]


async def test_a_public_key_that_was_put_beside_an_open_report_opens_nothing_of_it(
    tmp_path: Path,
) -> None:
    thief, _ = age.new_identity()
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, CHAT, *WAY_IN, "3", "I saw it.")
        assert await found(it) == []
        async with it.database.writing() as connection:
            c = t.conversations
            await connection.execute(
                update(c).values(account_recipient=thief, identity_recipient=thief)
            )
        (what,) = await found(it)
        assert "1 unsent reports stand beside a public key that is not their own" in what
        channel.send(CHAT, "photo", b"sealed after the row was changed", 1)
        await it.quiet()
        await say(it, channel, CHAT, "done", *TO_SEND)
        (reference,) = await it.referrals()
        data = await dossier_of(
            it, reference, tmp_path
        )  # opens every piece with the report's own key
        assert (
            next((data / "exhibits").iterdir()).read_bytes() == b"sealed after the row was changed"
        )
        async with it.database.reading() as connection:
            row = (await connection.execute(select(t.referrals))).one()
        assert thief not in (row.account_recipient, row.identity_recipient)


async def test_the_key_and_the_facts_of_a_referral_are_bound_to_its_row(tmp_path: Path) -> None:
    """An addition would be sealed to whatever key stands there; and a card wear another's facts."""
    thief, _ = age.new_identity()
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        for chat in ("1", "2"):
            await say(it, channel, chat, *WAY_IN, "3", "I saw it.", "done", *TO_SEND)
        first, second = await it.referrals()
        r = t.referrals.c

        async def opens(reference: str) -> bool:
            async with it.database.reading() as connection:
                try:
                    return await referrals.get(connection, reference, it.facts) is not None
                except Unsealable:
                    return False

        assert await opens(first) and await opens(second)
        async with it.database.writing() as connection:
            row = (await connection.execute(select(t.referrals).where(r.reference == first))).one()
            await connection.execute(
                update(t.referrals).where(r.reference == second).values(facts=row.facts)
            )
        assert await opens(first) and not await opens(second)
        async with it.database.writing() as connection:
            await connection.execute(
                update(t.referrals).where(r.reference == first).values(account_recipient=thief)
            )
        assert not await opens(first)


async def test_a_key_that_somebody_puts_among_the_recipients_is_told_to_all_officers(
    tmp_path: Path,
) -> None:
    said: list[str] = []

    async def say_in_channel(text: str) -> int:
        said.append(text)
        return len(said)

    async with shell(tmp_path, Numbers()) as it:
        watched = WatchedRecipients(it.database, it.facts, say_in_channel)
        await watched.once()
        await watched.once()
        assert len(said) == 1 and "team, team" in said[0]
        thief, _ = age.new_identity()
        print_ = age.fingerprint(thief)
        row = {"fingerprint": print_, "recipient": thief, "kind": "team", "state": "active"}
        async with it.database.writing() as connection:
            await connection.execute(insert(t.recipients), row)
            await connection.execute(insert(t.recipients_told), {"name": b"a name of their own"})
        await watched.once()
        assert len(said) == 2 and print_[:4] in said[1]
        async with it.database.reading() as connection:
            found = [f.what async for f in zones._recipients(connection)]
        assert any(print_ in what and "no command entered that key" in what for what in found)
