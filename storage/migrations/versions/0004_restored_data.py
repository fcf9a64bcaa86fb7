"""What a restore needs: messages that wait for the operator, and values that tell whether the server's keys fit."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("held", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("installation", sa.Column("keys_check", sa.LargeBinary))


def downgrade() -> None:
    op.drop_column("installation", "keys_check")
    op.drop_column("outbox", "held")
