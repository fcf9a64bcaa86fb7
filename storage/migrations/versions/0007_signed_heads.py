"""The custody log is signed: hashes over full tiles of leaves, the heads that were signed, and which of them officers have."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("installation", sa.Column("custody_key", sa.String(124)))
    op.create_table(
        "tiles",
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "heads",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_index("ix_heads_size", "heads", ["size"])
    op.create_table(
        "head_posts",
        sa.Column("head", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("message", sa.BigInteger, nullable=False),
    )
    op.create_table("recipients_told", sa.Column("name", sa.LargeBinary, primary_key=True))
    for statement in _append_only("heads"):
        op.execute(statement)


def downgrade() -> None:
    for table in ("recipients_told", "head_posts", "heads", "tiles"):
        op.drop_table(table)
    op.drop_column("installation", "custody_key")


def _append_only(table: str) -> list[str]:
    """As for the ledger; on PostgreSQL its function is there since the first schema."""
    if op.get_bind().dialect.name == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'signed heads are append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION append_only()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    ]
