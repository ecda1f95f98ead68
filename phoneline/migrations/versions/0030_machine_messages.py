"""Whether a key was pressed in a check-in's call, and whether a message was left on a machine."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_COLUMNS = ("pressed_at", "message_at")


def upgrade() -> None:
    for name in _COLUMNS:
        op.add_column("attempt", sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("attempt") as batch:
        for name in _COLUMNS:
            batch.drop_column(name)
