"""What has been spent is counted from the calls, by indexes."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_leg_dialled_at", "leg", ["dialled_at"])
    op.create_index("ix_offer_offered_at", "offer", ["volunteer_id", "offered_at"])


def downgrade() -> None:
    op.drop_index("ix_offer_offered_at", "offer")
    op.drop_index("ix_leg_dialled_at", "leg")
