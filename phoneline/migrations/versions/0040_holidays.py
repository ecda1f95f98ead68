"""Shifts that are cut short at one of their dates, and days on which none take place that come again."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shift", sa.Column("until_local", sa.DateTime(), nullable=True))
    op.create_table(
        "holiday",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("no_shifts", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sa.UniqueConstraint("day", name=op.f("uq_holiday_day")),
    )


def downgrade() -> None:
    op.drop_table("holiday")
    # What was cut short would come about again.
    op.execute("UPDATE shift SET ended_at = CURRENT_TIMESTAMP WHERE until_local IS NOT NULL AND ended_at IS NULL")
    op.drop_column("shift", "until_local")
