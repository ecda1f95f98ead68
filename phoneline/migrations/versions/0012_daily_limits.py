"""What was agreed with people who call often."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STATES = (
    *("greeting", "menu", "checkin", "waiting", "choosing", "connected", "aside"),
    *("left", "message", "callback", "passed_on", "blocked"),
)


def upgrade() -> None:
    _call_states(*STATES, "used_up", "ended")
    op.create_table(
        "daily_limit",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("calls is not null or minutes is not null", name=op.f("ck_daily_limit_something")),
        sa.CheckConstraint("calls >= 1", name=op.f("ck_daily_limit_calls")),
        sa.CheckConstraint("minutes >= 1", name=op.f("ck_daily_limit_minutes")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_daily_limit_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_daily_limit_decided_by_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_limit")),
        sa.UniqueConstraint("person_id", name=op.f("uq_daily_limit_person_id")),
    )


def downgrade() -> None:
    op.drop_table("daily_limit")
    op.execute("UPDATE call SET state = 'ended' WHERE state = 'used_up'")
    _call_states(*STATES, "ended")


def _call_states(*states: str) -> None:
    """Let a call be in these states and no others."""
    listed = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("call") as call:
        call.drop_constraint(op.f("ck_call_callstate"), type_="check")
        call.create_check_constraint(op.f("ck_call_callstate"), f"state IN ({listed})")
