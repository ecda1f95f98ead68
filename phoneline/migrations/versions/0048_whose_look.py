"""In which language and by whose clock a login reads the pages; whose record was looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

ACTIONS = [
    "number_shown",
    "message_heard",
    "outcome_given",
    "checkin_skipped",
    "checkin_restored",
    "checkin_moved",
    "checkin_called",
    "checkin_heard",
    "contact_logged",
    "outreach_asked",
]


def upgrade() -> None:
    with op.batch_alter_table("account") as batch:
        batch.add_column(sa.Column("language", sa.String(), nullable=True))
        batch.add_column(sa.Column("timezone", sa.String(), nullable=True))
        batch.create_check_constraint(op.f("ck_account_language"), "language in ('en', 'fr', 'es')")
    with op.batch_alter_table("access_log") as batch:
        batch.add_column(sa.Column("about_id", sa.String(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_access_log_about_id_person"), "person", ["about_id"], ["id"], ondelete="SET NULL"
        )
    op.create_index("ix_access_log_about_id", "access_log", ["about_id", "at"])
    _allow([*ACTIONS, "looked"])


def _allow(actions: list[str]) -> None:
    words = ", ".join(f"'{action}'" for action in actions)
    check = op.f("ck_access_log_accessaction")
    with op.batch_alter_table("access_log") as batch:
        batch.drop_constraint(check, type_="check")
        batch.create_check_constraint(check, f"action IN ({words})")


def downgrade() -> None:
    op.execute("DELETE FROM access_log WHERE action = 'looked'")
    _allow(ACTIONS)
    op.drop_index("ix_access_log_about_id", "access_log")
    with op.batch_alter_table("access_log") as batch:
        batch.drop_constraint(op.f("fk_access_log_about_id_person"), type_="foreignkey")
        batch.drop_column("about_id")
    with op.batch_alter_table("account") as batch:
        batch.drop_constraint(op.f("ck_account_language"), type_="check")
        batch.drop_column("timezone")
        batch.drop_column("language")
