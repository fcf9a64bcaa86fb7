"""Statements as rooms write them, on either database: what is asked is what is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import bindparam, delete, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from storage import compiled, statements
from storage import tables as t
from storage.database import Database

_NAMED = select(t.seen.c.name).where(t.seen.c.name.in_(bindparam("names", expanding=True)))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 9, 64, 65])
async def test_a_list_of_any_length_finds_what_is_in_it_and_nothing_else(
    count: int, database: Database
) -> None:
    names = [b"%03d" % number for number in range(80)]
    async with database.writing() as connection:
        rows = [{"name": name, "hour": 1} for name in names]
        await connection.execute(insert(t.seen), rows)
        for _ in range(2):  # the second time as it was compiled
            found = await connection.execute(_NAMED, {"names": names[:count]})
            assert sorted(found.scalars()) == names[:count]


@given(st.lists(st.integers(), max_size=70))
def test_a_list_is_filled_up_with_what_is_in_it(values: list[int]) -> None:
    filled = compiled._filled_up(values)
    assert set(filled) == set(values) and filled[: len(values)] == values
    assert len(filled) in {0, *(2**power for power in range(8))}


async def test_defaults_of_columns_are_filled_in_for_one_row_and_for_many(
    database: Database,
) -> None:
    row = {"channel": "witness", "slot": 1, "body": b"x"}
    async with database.writing() as connection:
        await connection.execute(insert(t.outbox), [row, {**row, "slot": 2}])
        await connection.execute(insert(t.outbox).values(**row))
        found = await connection.execute(select(t.outbox.c.held, t.outbox.c.since))
        assert [tuple(each) for each in found] == [(False, 0)] * 3
        assert all(each.held is False for each in found)


async def test_how_many_rows_were_changed_is_said_and_what_was_returned_comes(
    database: Database,
) -> None:
    async with database.writing() as connection:
        rows = [{"name": bytes([number]), "hour": number} for number in range(4)]
        await connection.execute(insert(t.seen), rows)
        changed = await connection.execute(update(t.seen).where(t.seen.c.hour > 1).values(hour=9))
        assert changed.rowcount == 2
        gone = delete(t.seen).where(t.seen.c.hour == 9).returning(t.seen.c.name)
        assert sorted((await connection.execute(gone)).scalars()) == [bytes([2]), bytes([3])]
        both = tuple_(t.seen.c.name, t.seen.c.hour).in_([(bytes([0]), 0), (bytes([1]), 7)])
        assert (await connection.execute(select(t.seen.c.hour).where(both))).scalars() == [0]


async def test_one_is_one_and_none_is_none(database: Database) -> None:
    async with database.writing() as connection:
        nothing = await connection.execute(select(t.seen))
        assert (nothing.first(), nothing.scalar(), nothing.all()) == (None, None, [])
        with pytest.raises(ValueError, match="not enough"):
            nothing.scalar_one()
        assert (
            await connection.execute(select(func.count()).select_from(t.seen))
        ).scalar_one() == 0


async def test_a_value_that_is_not_given_is_not_made_up(database: Database) -> None:
    async with database.reading() as connection:
        with pytest.raises(KeyError, match="names"):
            await connection.execute(_NAMED)


async def test_nothing_of_a_transaction_that_fails_stays(database: Database) -> None:
    row = {"name": b"a", "hour": 1}

    async def twice() -> None:
        async with database.writing() as connection:
            for _ in range(2):
                await connection.execute(statements.insert(connection, t.seen), row)

    with pytest.raises(IntegrityError):
        await twice()
    async with database.reading() as connection:
        assert (await connection.execute(select(t.seen))).all() == []


async def test_a_reader_sees_what_was_there_when_it_began(database: Database) -> None:
    async with database.reading() as early:
        assert (await early.execute(select(t.seen))).all() == []
        async with database.writing() as connection:
            await connection.execute(insert(t.seen), {"name": b"a", "hour": 1})
        assert (await early.execute(select(t.seen))).all() == []
    async with database.reading() as late:
        assert len((await late.execute(select(t.seen))).all()) == 1


async def test_a_stream_brings_every_row_once(database: Database) -> None:
    rows = [{"name": b"%05d" % number, "hour": number} for number in range(1_700)]
    async with database.writing() as connection:
        await connection.execute(insert(t.seen), rows)
    async with database.reading() as connection:
        parts = [part async for part in connection.stream(select(t.seen).order_by(t.seen.c.hour))]
    assert max(map(len, parts)) < len(rows)
    assert [row.hour for part in parts for row in part] == list(range(1_700))
