"""What an officer with forty referrals is told in their own chat."""

from pathlib import Path

from sqlalchemy import insert, select

from bot.officers import cards
from storage import tables as t
from storage.bodies import load
from storage.records import Referral
from tests.numbers import Numbers
from tests.shell import shell
from tests.witness.test_addenda import OTHER, reported, say


def one(number: int, **facts: object) -> Referral:
    known = {"language": "uk", "incidents": 1, "exhibits": 0, "voices": 0, **facts}
    return Referral(f"REF-{number:02}", "new", 500_000 + number, known, None, None, "age1")


def test_a_list_goes_on_until_everything_was_listed() -> None:
    waiting = [one(n) for n in range(40)] + [one(40, danger=True)]
    start, seen = 0, list[str]()
    while True:
        said = cards.queue(waiting, start)
        assert said.text.startswith(f"In the queue: 41, {start + 1} to ")
        seen += [label.removeprefix("Claim ") for label, _ in said.buttons if "Claim" in label]
        after = [data for label, data in said.buttons if label.startswith("The next")]
        if not after:
            break
        start = int(after[0].removeprefix("q:"))
    assert seen == ["REF-40", *(f"REF-{n:02}" for n in range(40))]
    assert cards.queue(waiting, 99).text.startswith("In the queue: 41, 1 to 8 of them.")


def test_what_is_with_somebody_says_what_was_added() -> None:
    said = cards.mine([one(1, addenda=2), one(2)])
    assert said.text.startswith("With you: 2.") and "added since: 2" in said.text
    assert said.text.count("added since") == 1


async def test_whoever_has_a_referral_is_told_of_an_addition_and_of_danger_in_it(
    tmp_path: Path,
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        reference, words = await reported(it, channel, words=True)
        async with it.database.writing() as connection:
            row = insert(t.officers).values(call_sign="Heron", role="officer", state="active")
            heron = (await connection.execute(row.returning(t.officers.c.id))).scalar_one()
            await connection.execute(t.referrals.update().values(status="claimed", officer=heron))
        for told in ("She lives in Leeds now.", "They are at my door now, they will kill me."):
            await say(it, channel, OTHER, "/start", "3", "/add", reference, words, told)
            await say(it, channel, OTHER, "done", "[Send]")
        async with it.database.reading() as connection:
            found = (await connection.execute(select(t.posts).order_by(t.posts.c.id))).all()
    notes = [load(it.facts.open(p.body, "posts.body"))["text"] for p in found if p.kind == "note"]
    assert [p.officer for p in found if p.kind == "note"] == [heron, heron]
    assert all(f"added to {reference}, which is with you" in note for note in notes)
    assert ["Words of danger" in note for note in notes] == [False, True]
    assert [p.kind for p in found if p.kind != "note"][-1] == "urgent"
    assert not any("Leeds" in note or "door" in note for note in notes)
