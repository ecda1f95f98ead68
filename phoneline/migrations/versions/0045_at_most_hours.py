"""How long hours are at most: so is found who is on among those that began lately."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

LENGTHS = (2, 4, 8, 13, 26)
LONGEST = 800
LASTING = {
    "sqlite": "(julianday(ends_at) - julianday(starts_at)) * 24",
    "postgresql": "extract(epoch from ends_at - starts_at) / 3600",
}


def upgrade() -> None:
    op.add_column("shift_hours", sa.Column("at_most_hours", sa.Integer(), nullable=True))
    lasting = LASTING[op.get_bind().dialect.name]
    cases = " ".join(f"WHEN {lasting} <= {hours} THEN {hours}" for hours in LENGTHS)
    op.execute(f"UPDATE shift_hours SET at_most_hours = CASE {cases} ELSE {LONGEST} END")  # noqa: S608 - our own numbers
    words = ", ".join(str(hours) for hours in (*LENGTHS, LONGEST))
    with op.batch_alter_table("shift_hours") as batch:
        batch.alter_column("at_most_hours", existing_type=sa.Integer(), nullable=False)
        batch.create_check_constraint(op.f("ck_shift_hours_at_most_hours"), f"at_most_hours in ({words})")
    op.create_index("ix_shift_hours_at_most_hours", "shift_hours", ["at_most_hours", "starts_at"])


def downgrade() -> None:
    op.drop_index("ix_shift_hours_at_most_hours", "shift_hours")
    with op.batch_alter_table("shift_hours") as batch:
        batch.drop_constraint(op.f("ck_shift_hours_at_most_hours"), type_="check")
        batch.drop_column("at_most_hours")
