"""Who skipped, moved or settled a check-in by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

BEFORE = "'number_shown', 'message_heard', 'outcome_given'"
NEW = "'checkin_skipped', 'checkin_restored', 'checkin_moved', 'checkin_called', 'checkin_heard'"


def upgrade() -> None:
    with op.batch_alter_table("access_log") as batch:
        batch.add_column(sa.Column("checkin_id", sa.String(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_access_log_checkin_id_checkin"), "checkin", ["checkin_id"], ["id"], ondelete="SET NULL"
        )
        batch.drop_constraint(op.f("ck_access_log_accessaction"), type_="check")
        batch.create_check_constraint(op.f("ck_access_log_accessaction"), f"action IN ({BEFORE}, {NEW})")
    op.create_index("ix_access_log_checkin_id", "access_log", ["checkin_id", "at"])


def downgrade() -> None:
    op.execute(f"DELETE FROM access_log WHERE action IN ({NEW})")  # noqa: S608 - our own words
    op.drop_index("ix_access_log_checkin_id", "access_log")
    with op.batch_alter_table("access_log") as batch:
        batch.drop_constraint(op.f("ck_access_log_accessaction"), type_="check")
        batch.create_check_constraint(op.f("ck_access_log_accessaction"), f"action IN ({BEFORE})")
        batch.drop_constraint(op.f("fk_access_log_checkin_id_checkin"), type_="foreignkey")
        batch.drop_column("checkin_id")
