"""Coordinators' duty: a roster of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

WITHOUT = ["person_id", "starts_local", "rrule", "tier"]


def upgrade() -> None:
    op.add_column("shift", sa.Column("duty", sa.String(24), nullable=True))
    op.execute("UPDATE shift SET duty = 'calls'")
    with op.batch_alter_table("shift") as batch:
        batch.alter_column("duty", existing_type=sa.String(24), nullable=False)
        batch.create_check_constraint(op.f("ck_shift_duty"), "duty IN ('calls', 'coordinator')")
        batch.drop_constraint(op.f("uq_shift_person_id_starts_local_rrule_tier"), type_="unique")
        batch.create_unique_constraint(op.f("uq_shift_person_id_starts_local_rrule_tier_duty"), [*WITHOUT, "duty"])
    op.create_table(
        "duty_hours",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("shift_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["shift.id"], name=op.f("fk_duty_hours_shift_id_shift"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_duty_hours_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_hours")),
        sa.UniqueConstraint("shift_id", "starts_at", name=op.f("uq_duty_hours_shift_id_starts_at")),
    )
    op.create_index("ix_duty_hours_ends_at_starts_at", "duty_hours", ["ends_at", "starts_at"])


def downgrade() -> None:
    op.drop_table("duty_hours")
    op.execute("DELETE FROM shift WHERE duty = 'coordinator'")
    with op.batch_alter_table("shift") as batch:
        batch.drop_constraint(op.f("uq_shift_person_id_starts_local_rrule_tier_duty"), type_="unique")
        batch.drop_constraint(op.f("ck_shift_duty"), type_="check")
        batch.drop_column("duty")
        batch.create_unique_constraint(op.f("uq_shift_person_id_starts_local_rrule_tier"), WITHOUT)
