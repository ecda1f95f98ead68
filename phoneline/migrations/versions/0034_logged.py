"""Contacts that were written down by hand; and the call that settled a check-in."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

SHEET = ["checkin_skipped", "checkin_restored", "checkin_moved", "checkin_called", "checkin_heard"]
ACTIONS = ["number_shown", "message_heard", "outcome_given", *SHEET]


def upgrade() -> None:
    with op.batch_alter_table("contact") as batch:
        batch.add_column(sa.Column("by_hand", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("contact") as batch:
        batch.alter_column("by_hand", server_default=None)
    with op.batch_alter_table("checkin") as batch:
        batch.add_column(sa.Column("settled_call_id", sa.String(), nullable=True))
        key = op.f("fk_checkin_settled_call_id_call")
        batch.create_foreign_key(key, "call", ["settled_call_id"], ["id"], ondelete="SET NULL")
    known = sa.text("settled_call_id is not null")
    op.create_index(
        "ix_checkin_settled_call_id", "checkin", ["settled_call_id"], sqlite_where=known, postgresql_where=known
    )
    _actions([*ACTIONS, "contact_logged"])


def _actions(actions: list[str]) -> None:
    words = ", ".join(f"'{action}'" for action in actions)
    with op.batch_alter_table("access_log") as batch:
        batch.drop_constraint(op.f("ck_access_log_accessaction"), type_="check")
        batch.create_check_constraint(op.f("ck_access_log_accessaction"), f"action IN ({words})")


def downgrade() -> None:
    op.execute("DELETE FROM access_log WHERE action = 'contact_logged'")
    _actions(ACTIONS)
    op.drop_index("ix_checkin_settled_call_id", "checkin")
    with op.batch_alter_table("checkin") as batch:
        batch.drop_constraint(op.f("fk_checkin_settled_call_id_call"), type_="foreignkey")
        batch.drop_column("settled_call_id")
    with op.batch_alter_table("contact") as batch:
        batch.drop_column("by_hand")
