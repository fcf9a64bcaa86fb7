"""The ledger's verifier against logs that were tampered with; each file is named after what was done to it."""

import json
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from storage import custody, ledger
from storage import tables as t
from storage.database import Database
from storage.ledger import Entry
from tests import postgres

FOLDER = Path(__file__).parent.parent / "ledger"
TAMPERED = sorted((FOLDER / "tampered").glob("*.json"))


def lines(path: Path) -> list[bytes]:
    return [str(line).encode() for line in json.loads(path.read_text("utf-8"))["lines"]]


def test_a_whole_log_has_no_faults() -> None:
    assert custody.check(lines(FOLDER / "whole.json"), "7K3M-9QXW-4T") == []


@pytest.mark.parametrize("path", TAMPERED, ids=lambda p: p.stem)
def test_every_tampering_is_found_where_it_was_done(path: Path) -> None:
    said = json.loads(path.read_text("utf-8"))
    faults = custody.check(lines(path), "7K3M-9QXW-4T")
    assert faults and faults[0].line == said["at"]


def test_there_are_enough_ways_to_tamper() -> None:
    assert len(TAMPERED) >= 10


@pytest.mark.parametrize("value", [1.5, None, True, ["a"], {"a": 1}])
def test_canonical_json_holds_strings_and_integers_only(value: object) -> None:
    with pytest.raises(TypeError):
        custody.canonical({"a": value})  # type: ignore[dict-item]


def test_canonical_json_is_what_rfc_8785_says_for_such_values() -> None:
    assert custody.canonical({"b": "Київ\n", "a": 2}) == '{"a":2,"b":"Київ\\n"}'.encode()


async def test_appended_entries_chain_and_their_details_stay_behind_a_commitment(
    database: Database,
) -> None:
    entries = [
        Entry("begun", "witness", "report", {"at": "2026"}),
        Entry("submitted", "intake", "r", {"name": "Olena"}),
    ]
    async with database.writing() as connection:
        await ledger.append(connection, "a-log", entries, hour=5, recipient=None)
    async with database.writing() as connection:
        await ledger.append(
            connection, "a-log", [Entry("claimed", "officer 1", "r")], hour=6, recipient=None
        )
    async with database.reading() as connection:
        found = await ledger.lines(connection, "a-log")
    assert custody.check(found, "a-log") == []
    assert len(found) == 3 and not any(b"Olena" in line for line in found)


async def test_leaves_are_numbered_over_all_logs_in_the_order_of_commit(database: Database) -> None:
    for log in ("a", "b", "a"):
        async with database.writing() as connection:
            await ledger.append(connection, log, [Entry("k", "x", "y")], hour=1, recipient=None)
    assert await ledger.number_leaves(database) == 3
    assert await ledger.number_leaves(database) == 0
    async with database.writing() as connection:
        await ledger.append(connection, "c", [Entry("k", "x", "y")], hour=1, recipient=None)
    assert await ledger.number_leaves(database) == 1


async def test_a_clock_that_was_set_back_does_not_make_a_log_look_tampered_with(
    database: Database,
) -> None:
    for hour in (100, 99):
        async with database.writing() as connection:
            await ledger.append(
                connection, "log", [Entry("k", "a", "s")], hour=hour, recipient=None
            )
    async with database.reading() as connection:
        assert custody.check(await ledger.lines(connection, "log"), "log") == []


@pytest.mark.skipif(bool(postgres.ASKED), reason="there a late line is looked for every time")
async def test_a_line_that_came_late_elsewhere_gets_its_leaf_once_all_are_looked_through(
    database: Database,
) -> None:
    """A backup of PostgreSQL may have a line without a leaf below one that has, and be restored into SQLite."""
    async with database.writing() as connection:
        for log in ("a", "b"):
            await ledger.append(connection, log, [Entry("k", "x", "y")], hour=1, recipient=None)
        newest = (await connection.execute(select(t.ledger).order_by(t.ledger.c.id.desc()))).all()[
            0
        ]
        leaf = {"leaf": 0, "entry": newest.id, "hash": newest.hash}
        await connection.execute(insert(t.leaves), leaf)
    assert await ledger.number_leaves(database) == 0
    assert await ledger.number_leaves(database, whole=True) == 1
    assert await ledger.number_leaves(database, whole=True) == 0
