"""What callers wish for in a volunteer, what volunteers bring, and who is kept apart."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

LISTS = ("speaks", "prefers")


def upgrade() -> None:
    for name in LISTS:
        with op.batch_alter_table("person") as batch:
            batch.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("person") as batch:
        for name in LISTS:
            batch.alter_column(name, server_default=None)
    op.create_table(
        "apart",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("other_id", sa.String(), nullable=False),
        sa.Column("strict", sa.Boolean(), nullable=False),
        sa.CheckConstraint("person_id <> other_id", name=op.f("ck_apart_two")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_apart_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_apart_other_id_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "other_id", "strict", name=op.f("pk_apart")),
    )
    op.create_index("ix_apart_other_id", "apart", ["other_id"])


def downgrade() -> None:
    op.drop_table("apart")
    with op.batch_alter_table("person") as batch:
        for name in LISTS:
            batch.drop_column(name)
