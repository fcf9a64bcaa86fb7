"""Ids of what is in flight are never used again: SQLite gives the largest one anew once its row is gone, so that a
message whose row went with its report was settled in place of the receipt that had its id."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("outbox", "work", "posts")


def upgrade() -> None:
    _again(sqlite_autoincrement=True)


def downgrade() -> None:
    _again(sqlite_autoincrement=False)


def _again(*, sqlite_autoincrement: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return  # a sequence never goes back
    for name in TABLES:
        held = sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())
        arguments = {"sqlite_autoincrement": sqlite_autoincrement}
        with op.batch_alter_table(name, recreate="always", copy_from=held, table_kwargs=arguments):
            pass
