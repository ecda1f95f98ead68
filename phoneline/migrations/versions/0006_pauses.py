"""Pauses of volunteers, and what tells when one is due."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "pause",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("reason IN ('missed', 'break')", name=op.f("ck_pause_pausereason")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_pause_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    op.create_index("ix_pause_person_id", "pause", ["person_id", "since"])
    op.create_index(
        "uq_pause_open",
        "pause",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("ended_at is null"),
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index("ix_shift_hours_person_id", "shift_hours", ["person_id", "starts_at"])
    op.create_index("ix_offer_volunteer_id", "offer", ["volunteer_id", "resolved_at"])
    op.drop_index("ix_offer_last_connected", "offer")
    op.create_index("ix_offer_last_connected", "offer", ["volunteer_id", "joined_at"])


def downgrade() -> None:
    op.drop_index("ix_offer_last_connected", "offer")
    op.create_index("ix_offer_last_connected", "offer", ["volunteer_id", "accepted_at"])
    op.drop_index("ix_offer_volunteer_id", "offer")
    op.drop_index("ix_shift_hours_person_id", "shift_hours")
    op.drop_table("pause")
