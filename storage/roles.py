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

APPENDED = frozenset({"ledger", "openings"})
"""To these the officers' process adds, and changes nothing."""
CHANGED: dict[str, frozenset[str]] = {
    "referrals": frozenset({"status", "officer", "card"}),
    "officers": frozenset({"account", "account_name", "state", "invite", "invite_until", "check"}),
}
"""Of these it changes these columns: who has a referral, and an enrolment; no role, no call sign,
and no key that stands beside a referral. It adds no row, and removes none.
"""
ITS_OWN = frozenset({"posts", "officers_seen", "head_posts", "recipients_told", "leases"})
"""Leases are everybody's: it has one of its own."""
ONLY_READ = frozenset(
    table.name
    for table in t.metadata.sorted_tables
    if table.name not in {*WITNESS_TABLES, *APPENDED, *CHANGED, *ITS_OWN}
)
"""What the officers' process reads and never writes: to whom reports are sealed, and what was, is
not its to say; nor what the custody log is signed to hold.
"""


def may(verb: str, table: str, column: str = "") -> bool:
    """Whether the officers' connection may read, add to, change or remove rows of a table; SQLite's
    own it may.
    """
    if table in WITNESS_TABLES:
        return False
    if verb == "read" or table in ITS_OWN or table.startswith("sqlite_"):
        return True
    if verb == "add":
        return table in APPENDED
    return verb == "change" and column in CHANGED.get(table, ())


def privileges(table: str) -> str:
    """What its role may do with a table, as PostgreSQL says it; "" for nothing."""
    if table in WITNESS_TABLES:
        return ""
    if table in ITS_OWN:
        return "SELECT, INSERT, UPDATE, DELETE"
    if table in APPENDED:
        return "SELECT, INSERT"
    if columns := CHANGED.get(table):
        return "SELECT, UPDATE ({})".format(", ".join(f'"{name}"' for name in sorted(columns)))
    return "SELECT"


OFFICERS_ROLE = "firsthand_officers"
"""A role of the PostgreSQL server that may touch what both sides need and the officers' own, and
nothing else.
"""
