"""What a conversation and a message go through is a channel; a bot is one kind of it."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("conversations", "outbox"):
        op.alter_column(table, "bot", new_column_name="channel")


def downgrade() -> None:
    for table in ("conversations", "outbox"):
        op.alter_column(table, "channel", new_column_name="bot")
