"""Volunteers are reminded of their shifts, by texts and by calls."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
PURPOSES = ["handover", "offer", "alarm", "escalation", "callback", "checkin"]
KINDS = ["day_before", "soon"]
STATES = ["waiting", "asked", "calling", "confirmed", "declined", "unanswered", "over"]


def upgrade() -> None:
    _allow_purposes([*PURPOSES, "reminder"])
    op.create_table(
        "shift_reminder",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("hours_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("text_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_reminder")),
        _points("shift_reminder", "hours_id", "shift_hours", "CASCADE"),
        _points("shift_reminder", "person_id", "person", "CASCADE"),
        _points("shift_reminder", "text_id", "text_out", "SET NULL"),
        sa.UniqueConstraint("hours_id", "person_id", "kind", name=op.f("uq_shift_reminder_hours_id_person_id_kind")),
        sa.CheckConstraint(f"kind IN ({_listed(KINDS)})", name=op.f("ck_shift_reminder_reminderkind")),
        sa.CheckConstraint(f"state IN ({_listed(STATES)})", name=op.f("ck_shift_reminder_reminderstate")),
    )
    rows = sa.text("due_at is not null")
    op.create_index("ix_shift_reminder_due_at", "shift_reminder", ["due_at"], sqlite_where=rows, postgresql_where=rows)
    op.create_index("ix_shift_reminder_person_id", "shift_reminder", ["person_id", "starts_at"])
    op.create_table(
        "reminder_call",
        sa.Column("leg_id", sa.String(), nullable=False),
        sa.Column("reminder_id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("leg_id", name=op.f("pk_reminder_call")),
        sa.ForeignKeyConstraint(["leg_id"], ["leg.id"], name=op.f("fk_reminder_call_leg_id_leg")),
        _points("reminder_call", "reminder_id", "shift_reminder", "CASCADE"),
    )
    op.create_index("ix_reminder_call_reminder_id", "reminder_call", ["reminder_id", "at"])
    op.create_table(
        "shift_call_stop",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_shift_call_stop")),
        _points("shift_call_stop", "person_id", "person", "CASCADE"),
    )


def _points(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def _listed(values: list[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _allow_purposes(purposes: list[str]) -> None:
    with op.batch_alter_table("leg") as batch:
        batch.drop_constraint(op.f("ck_leg_legpurpose"), type_="check")
        batch.create_check_constraint(op.f("ck_leg_legpurpose"), f"purpose IN ({_listed(purposes)})")


def downgrade() -> None:
    op.drop_table("shift_call_stop")
    op.drop_table("reminder_call")
    op.drop_table("shift_reminder")
    op.execute("DELETE FROM leg WHERE purpose = 'reminder'")
    _allow_purposes(PURPOSES)
