"""The word in a conversation that the agreed time is nearly used up."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

STANDS = sa.text("ended_at is null and minutes is not null")


def upgrade() -> None:
    op.create_table(
        "time_warning",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.String(length=24), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("result IN ('taken', 'failed', 'unknown')", name=op.f("ck_time_warning_warningresult")),
        sa.ForeignKeyConstraint(
            ["call_id"], ["call.id"], name=op.f("fk_time_warning_call_id_call"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_warning")),
        sa.UniqueConstraint("call_id", name=op.f("uq_time_warning_call_id")),
        sa.UniqueConstraint("token", name=op.f("uq_time_warning_token")),
    )
    op.create_index(
        "ix_daily_limit_minutes", "daily_limit", ["person_id"], sqlite_where=STANDS, postgresql_where=STANDS
    )


def downgrade() -> None:
    op.drop_index("ix_daily_limit_minutes", "daily_limit")
    op.drop_table("time_warning")
