"""Ladders that stand are found without reading those that are over."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    rows = sa.text("state <> 'over'")
    op.create_index("ix_escalation_standing", "escalation", ["person_id"], sqlite_where=rows, postgresql_where=rows)


def downgrade() -> None:
    op.drop_index("ix_escalation_standing", "escalation")
