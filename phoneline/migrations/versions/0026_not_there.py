"""When the carrier last said that it knows nothing of a leg."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("leg", "call"):
        op.add_column(table, sa.Column("not_there_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table in ("call", "leg"):
        op.drop_column(table, "not_there_at")
