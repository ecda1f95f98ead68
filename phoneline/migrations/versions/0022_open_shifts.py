"""Shifts, and hours of them, that are nobody's yet."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

NOBODYS = sa.text("person_id is null")


def _may_be_nobodys(*, nullable: bool) -> None:
    for table in ("shift", "shift_hours"):
        with op.batch_alter_table(table) as batch:
            batch.alter_column("person_id", existing_type=sa.String(), nullable=nullable)


def upgrade() -> None:
    _may_be_nobodys(nullable=True)
    op.create_index(
        "uq_shift_open",
        "shift",
        ["starts_local", "rrule", "tier"],
        unique=True,
        sqlite_where=NOBODYS,
        postgresql_where=NOBODYS,
    )
    op.create_index("ix_shift_hours_open", "shift_hours", ["starts_at"], sqlite_where=NOBODYS, postgresql_where=NOBODYS)


def downgrade() -> None:
    op.drop_index("ix_shift_hours_open", "shift_hours")
    op.drop_index("uq_shift_open", "shift")
    # Who took some of an open shift stays on, unplanned.
    op.execute(
        "UPDATE shift_hours SET shift_id = NULL WHERE shift_id IN (SELECT id FROM shift WHERE person_id IS NULL)"
    )
    op.execute("DELETE FROM shift_hours WHERE person_id IS NULL")
    op.execute("DELETE FROM shift WHERE person_id IS NULL")
    _may_be_nobodys(nullable=False)
