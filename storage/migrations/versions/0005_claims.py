"""Whose work a row is, told by a number of its own, so that a claim that is renewed stays the same claim."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("work", sa.Column("claim", sa.BigInteger, nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("work", "claim")
