"""What volunteers can do at most, when they can't, and who learns by sitting in."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

LOCAL = sa.DateTime()


def upgrade() -> None:
    op.add_column("person", sa.Column("shadowing", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("person") as batch:
        batch.alter_column("shadowing", server_default=None)
    op.create_table(
        "work_limit",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("hours_a_week", sa.Integer(), nullable=True),
        sa.Column("shifts_a_week", sa.Integer(), nullable=True),
        sa.Column("rest_hours", sa.Integer(), nullable=True),
        sa.Column("days_off", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_work_limit")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_work_limit_person_id_person"), ondelete="CASCADE"
        ),
        sa.CheckConstraint("hours_a_week between 1 and 168", name=op.f("ck_work_limit_hours_a_week")),
        sa.CheckConstraint("shifts_a_week between 1 and 50", name=op.f("ck_work_limit_shifts_a_week")),
        sa.CheckConstraint("rest_hours between 1 and 72", name=op.f("ck_work_limit_rest_hours")),
    )
    op.create_table(
        "unavailable",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("starts_local", LOCAL, nullable=False),
        sa.Column("ends_local", LOCAL, nullable=False),
        sa.Column("rrule", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unavailable")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_unavailable_person_id_person"), ondelete="CASCADE"
        ),
        sa.CheckConstraint("starts_local < ends_local", name=op.f("ck_unavailable_order")),
    )
    op.create_index("ix_unavailable_person_id", "unavailable", ["person_id", "starts_local"])


def downgrade() -> None:
    op.drop_table("unavailable")
    op.drop_table("work_limit")
    op.drop_column("person", "shadowing")
