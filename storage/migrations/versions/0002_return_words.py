"""Return words: a report that was hidden is found again by a keyed, memory-hard name, and by nothing else; of a
referral they open its status and the way to add to it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("words", sa.LargeBinary(), nullable=True))
    op.add_column("referrals", sa.Column("words", sa.LargeBinary(), nullable=True))
    op.create_index("conversations_words", "conversations", ["words"], unique=True)


def downgrade() -> None:
    op.drop_index("conversations_words", "conversations")
    op.drop_column("conversations", "words")
    op.drop_column("referrals", "words")
