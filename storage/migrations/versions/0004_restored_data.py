"""What a restore needs: messages that wait for the operator, and values that tell whether the server's keys fit; and
since when what is on its way waits, and the officers' queue without reading what is closed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("held", sa.Boolean, nullable=False, server_default=sa.false()))
    for table in ("outbox", "work"):
        op.add_column(table, sa.Column("since", sa.BigInteger, nullable=False, server_default="0"))
    op.create_index("referrals_status", "referrals", ["status", "hour"])
    op.add_column("installation", sa.Column("keys_check", sa.LargeBinary))


def downgrade() -> None:
    op.drop_index("referrals_status", "referrals")
    op.drop_column("installation", "keys_check")
    op.drop_column("outbox", "held")
    for table in ("outbox", "work"):
        op.drop_column(table, "since")
