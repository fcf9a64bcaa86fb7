"""Which tables the officers' side may touch, whichever the database is."""

from storage import tables as t

WITNESS_TABLES = frozenset(
    table.name
    for table in (
        t.conversations,
        t.answers,
        t.shown,
        t.exhibits,
        t.messages,
        t.outbox,
        t.work,
        t.seen,
        t.quarantine,
    )
)

ONLY_READ = frozenset(
    {"installation", "recipients", "pieces", "objects", "leaves", "tiles", "heads"}
)
"""What the officers' process reads and never writes: to whom reports are sealed, and what was, is
not its to say; nor what the custody log is signed to hold.
"""

OFFICERS_ROLE = "firsthand_officers"
"""A role of the PostgreSQL server that may touch what both sides need and the officers' own, and
nothing else.
"""
