"""Every table, and for every column which key seals it, or the reason why it may be read."""

from enum import Enum

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

metadata = MetaData()

SEEN_HOURS = 8 * 24
"""How long an update is known as seen: Telegram repeats for one day, a restored server for up to a
week.
"""


def _row_id() -> Column[int]:
    """What is in flight (outbox, work, posts) is settled by its id, so that one must never be given
    twice.
    """
    return Column("id", Integer, primary_key=True, autoincrement=True)


installation = Table(
    "installation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(32), nullable=False),
    Column("practice", Boolean, nullable=False),
    Column("keys_check", LargeBinary),
    Column("custody_key", String(124)),
)

# ── the witnesses' side: closed to the officers' process ─────────────────────

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("chat", LargeBinary, unique=True),
    Column("address", LargeBinary, nullable=False),
    Column("slot", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("screen", LargeBinary),
    Column("report_keys", LargeBinary, nullable=False),
    Column("account_recipient", String(62), nullable=False),
    Column("identity_recipient", String(62), nullable=False),
    Column("hour", Integer, nullable=False, index=True),
    Column("words", LargeBinary),
    Index("conversations_words", "words", unique=True),
)

answers = Table(
    "answers",
    metadata,
    _row_id(),
    Column("conversation", String(32), nullable=False),
    Column("place", LargeBinary, nullable=False),
    Column("part", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("conversation", "place", "part"),
)

shown = Table(
    "shown",
    metadata,
    _row_id(),
    Column("conversation", String(32), nullable=False, index=True),
    Column("body", LargeBinary, nullable=False),
)

exhibits = Table(
    "exhibits",
    metadata,
    _row_id(),
    Column("conversation", String(32), nullable=False),
    Column("name", String(12), nullable=False),
    Column("object", String(40)),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("conversation", "name"),
)

messages = Table(
    "messages",
    metadata,
    _row_id(),
    Column("conversation", String(32), nullable=False, index=True),
    Column("body", LargeBinary, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    _row_id(),
    Column("channel", String(20), nullable=False),
    Column("conversation", String(32), index=True),
    Column("slot", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("since", BigInteger, nullable=False, default=0, server_default="0"),
    Column("held", Boolean, nullable=False, default=False, server_default=false()),
    sqlite_autoincrement=True,
)

work = Table(
    "work",
    metadata,
    _row_id(),
    Column("kind", String(16), nullable=False),
    Column("conversation", String(32)),
    Column("slot", Integer),
    Column("name", String(80), unique=True),
    Column("body", LargeBinary),
    Column("due", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False, default=0, server_default="0"),
    Column("held_until", BigInteger, nullable=False, default=0),
    Column("claim", BigInteger, nullable=False, default=0, server_default="0"),
    Column("tries", Integer, nullable=False, default=0),
    Index("work_due", "kind", "due"),
    sqlite_autoincrement=True,
)

seen = Table(
    "seen",
    metadata,
    Column("name", LargeBinary, primary_key=True),
    Column("hour", Integer, nullable=False, index=True),
)

quarantine = Table(
    "quarantine",
    metadata,
    _row_id(),
    Column("conversation", String(32), index=True),
    Column("slot", Integer),
    Column("body", LargeBinary),
    Column("why", String(80), nullable=False),
    Column("hour", Integer, nullable=False),
)

# ── what both sides need ─────────────────────────────────────────────────────

objects = Table(
    "objects",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("stored", Boolean, nullable=False),
    Column("hour", Integer, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", String(40), nullable=False),
    Column("until", BigInteger, nullable=False),
)

referrals = Table(
    "referrals",
    metadata,
    Column("reference", String(20), primary_key=True),
    Column("appeal", String(40), nullable=False),
    Column("status", String(20), nullable=False),
    Column("hour", Integer, nullable=False, index=True),
    Column("facts", LargeBinary, nullable=False),
    Column("account_recipient", String(62), nullable=False),
    Column("identity_recipient", String(62), nullable=False),
    Column("officer", Integer),
    Column("card", BigInteger),
    Column("words", LargeBinary),
    Index("referrals_status", "status", "hour"),
)

pieces = Table(
    "pieces",
    metadata,
    _row_id(),
    Column("referral", String(20), nullable=False),
    Column("path", String(120), nullable=False),
    Column("object", String(40)),
    Column("body", LargeBinary),
    Column("size", BigInteger, nullable=False),
    Column("sealed_sha256", String(64), nullable=False),
    UniqueConstraint("referral", "path"),
)

ledger = Table(
    "ledger",
    metadata,
    _row_id(),
    Column("log", String(20), nullable=False),
    Column("n", Integer, nullable=False),
    Column("line", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("log", "n"),
)

openings = Table(
    "openings",
    metadata,
    Column("log", String(20), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)

leaves = Table(
    "leaves",
    metadata,
    Column("leaf", Integer, primary_key=True, autoincrement=False),
    Column("entry", Integer, nullable=False, unique=True),
    Column("hash", String(64), nullable=False),
)

tiles = Table(
    "tiles",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
)
"""Of 256 leaves each, the hash of their tree (storage/tree.py)."""

heads = Table(
    "heads",
    metadata,
    _row_id(),
    Column("size", Integer, nullable=False, index=True),
    Column("hour", Integer, nullable=False),
    Column("note", Text, nullable=False),
)
"""What was signed: append-only, like the ledger."""

# ── the officers' side ───────────────────────────────────────────────────────

officers = Table(
    "officers",
    metadata,
    _row_id(),
    Column("call_sign", String(40), nullable=False, unique=True),
    Column("role", String(12), nullable=False),
    Column("state", String(10), nullable=False),
    Column("account_name", LargeBinary, unique=True),
    Column("account", LargeBinary),
    Column("invite", LargeBinary, unique=True),
    Column("invite_until", Integer),
    Column("check", String(8)),
)

recipients = Table(
    "recipients",
    metadata,
    Column("fingerprint", String(32), primary_key=True),
    Column("recipient", String(62), nullable=False, unique=True),
    Column("kind", String(8), nullable=False),
    Column("officer", Integer),
    Column("state", String(10), nullable=False),
    Column("challenge", LargeBinary),
)

posts = Table(
    "posts",
    metadata,
    _row_id(),
    Column("kind", String(16), nullable=False),
    Column("referral", String(20)),
    Column("officer", Integer),
    Column("body", LargeBinary),
    Column("due", BigInteger, nullable=False, default=0),
    Column("tries", Integer, nullable=False, default=0),
    sqlite_autoincrement=True,
)

head_posts = Table(
    "head_posts",
    metadata,
    Column("head", Integer, primary_key=True, autoincrement=False),
    Column("message", BigInteger, nullable=False),
)
"""Which heads officers have in their channel."""

recipients_told = Table("recipients_told", metadata, Column("name", LargeBinary, primary_key=True))
"""Of which keys, and in which role, officers were told."""

officers_seen = Table(
    "officers_seen",
    metadata,
    Column("name", LargeBinary, primary_key=True),
    Column("hour", Integer, nullable=False, index=True),
)


class Key(Enum):
    """Who can open a sealed column."""

    SHRED = (
        "the report's shred key, until it is overwritten; a delivery address is under the master "
        "key besides"
    )
    FACTS = "the facts key, held by witness and officers' processes"
    AGE = "the recipients' identities, on officers' machines only"
    KEYED = "nobody: a keyed hash"


SEALED: dict[str, Key] = {
    "installation.keys_check": Key.KEYED,
    "conversations.chat": Key.KEYED,
    "conversations.address": Key.SHRED,
    "conversations.state": Key.SHRED,
    "conversations.screen": Key.SHRED,
    "conversations.report_keys": Key.SHRED,
    "conversations.words": Key.KEYED,
    "answers.place": Key.KEYED,
    "answers.part": Key.KEYED,
    "answers.body": Key.SHRED,
    "shown.body": Key.SHRED,
    "exhibits.body": Key.SHRED,
    "messages.body": Key.SHRED,
    "outbox.body": Key.SHRED,
    "work.body": Key.SHRED,
    "seen.name": Key.KEYED,
    "quarantine.body": Key.SHRED,
    "referrals.facts": Key.FACTS,
    "referrals.words": Key.KEYED,
    "pieces.body": Key.AGE,
    "openings.body": Key.AGE,
    "officers.account_name": Key.KEYED,
    "officers.account": Key.FACTS,
    "officers.invite": Key.KEYED,
    "recipients.challenge": Key.KEYED,
    "recipients_told.name": Key.KEYED,
    "posts.body": Key.FACTS,
    "officers_seen.name": Key.KEYED,
}

PLAIN: dict[str, str] = {
    "a random or running id": (
        "installation.id installation.name conversations.id answers.id answers.conversation "
        "shown.id shown.conversation exhibits.id exhibits.conversation exhibits.name "
        "exhibits.object messages.id messages.conversation outbox.id outbox.conversation work.id "
        "work.conversation work.name quarantine.id quarantine.conversation objects.name "
        "leases.name leases.holder referrals.reference pieces.id pieces.referral pieces.object "
        "ledger.id openings.log openings.n leaves.leaf leaves.entry tiles.n heads.id heads.size "
        "head_posts.head head_posts.message officers.id recipients.officer "
        "posts.id posts.referral posts.officer referrals.officer referrals.card"
    ),
    "a name of our own, the same for everybody": (
        "installation.practice conversations.channel outbox.channel work.kind quarantine.why "
        "referrals.appeal referrals.status pieces.path officers.role officers.state "
        "recipients.kind recipients.state"
    ),
    "where a key lies, or its public half": (
        "conversations.slot outbox.slot work.slot quarantine.slot conversations.account_recipient "
        "installation.custody_key conversations.identity_recipient referrals.account_recipient "
        "referrals.identity_recipient recipients.fingerprint recipients.recipient"
    ),
    "the hour, never finer": (
        "conversations.hour seen.hour quarantine.hour objects.hour referrals.hour "
        "officers.invite_until officers_seen.hour heads.hour"
    ),
    "exists only while work is in flight": (
        "work.due work.since work.held_until work.tries outbox.since posts.kind posts.due "
        "posts.tries leases.until"
    ),
    "a counter, a size or a mark": (
        "conversations.version outbox.held work.claim objects.stored pieces.size"
    ),
    "a digest of what is sealed": "pieces.sealed_sha256 ledger.hash leaves.hash tiles.hash",
    "redacted by its format: the custody ledger": "ledger.log ledger.n ledger.line heads.note",
    "chosen by the operator for use in public, or shown to two people to compare": (
        "officers.call_sign officers.check"
    ),
}
