"""Pairs that are kept apart by a decision on a page."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "apart_decision",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("other_id", sa.String(), nullable=False),
        sa.Column("strict", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("person_id <> other_id", name=op.f("ck_apart_decision_two")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_apart_decision_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["person.id"], name=op.f("fk_apart_decision_other_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_apart_decision_decided_by_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_apart_decision")),
    )
    _index("uq_apart_decision_pair", "person_id", "other_id", unique=True)
    _index("ix_apart_decision_other_id", "other_id", unique=False)


def downgrade() -> None:
    op.drop_table("apart_decision")


def _index(name: str, *columns: str, unique: bool) -> None:
    standing = sa.text("lifted_at is null")
    op.create_index(
        name, "apart_decision", list(columns), unique=unique, sqlite_where=standing, postgresql_where=standing
    )
