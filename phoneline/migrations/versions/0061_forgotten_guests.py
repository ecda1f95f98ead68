"""Whoever was on a list long ago without being known stays to be counted, and is nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

WHO = "ck_activity_signup_who"
SOMEBODY = "person_id is not null or number_hash is not null or name is not null"


def upgrade() -> None:
    with op.batch_alter_table("activity_signup") as batch:
        batch.add_column(sa.Column("forgotten", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("activity_signup") as batch:
        batch.alter_column("forgotten", server_default=None)
        batch.drop_constraint(op.f(WHO), type_="check")
        batch.create_check_constraint(op.f(WHO), f"{SOMEBODY} or forgotten")


def downgrade() -> None:
    op.execute(f"DELETE FROM activity_signup WHERE NOT ({SOMEBODY})")  # noqa: S608 - a text of our own
    with op.batch_alter_table("activity_signup") as batch:
        batch.drop_constraint(op.f(WHO), type_="check")
        batch.create_check_constraint(op.f(WHO), SOMEBODY)
        batch.drop_column("forgotten")
