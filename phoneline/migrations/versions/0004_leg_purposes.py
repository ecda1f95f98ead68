"""More reasons to place a call, and their order of work."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BEFORE = ("offer", "checkin")
NOW = ("handover", "offer", "alarm", "callback", "checkin")


def _order(purposes: tuple[str, ...]) -> None:
    """What waits to be dialled takes its place in the new order."""
    for priority, purpose in enumerate(purposes):
        op.execute(f"UPDATE leg SET priority = {priority} WHERE purpose = '{purpose}' AND state = 'pending'")  # noqa: S608 - our own words


def _allow(purposes: tuple[str, ...]) -> None:
    words = ", ".join(f"'{purpose}'" for purpose in purposes)
    with op.batch_alter_table("leg") as batch:
        batch.drop_constraint(op.f("ck_leg_legpurpose"), type_="check")
        batch.create_check_constraint(op.f("ck_leg_legpurpose"), f"purpose IN ({words})")


def upgrade() -> None:
    _allow(NOW)
    _order(NOW)


def downgrade() -> None:
    # A call-back's call keeps its leg; what the other new legs served is gone by now.
    op.execute("UPDATE leg SET purpose = 'checkin' WHERE purpose = 'callback'")
    op.execute("DELETE FROM leg WHERE purpose IN ('handover', 'alarm')")
    _order(BEFORE)
    _allow(BEFORE)
