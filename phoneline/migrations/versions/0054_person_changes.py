"""Aliases, what was changed about somebody's record, and what the team notes about them."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ACTS = (
    "'added', 'edited', 'numbers', 'readiness', "
    "'plan_made', 'plan_changed', 'plan_paused', 'plan_resumed', 'plan_ended'"
)


def upgrade() -> None:
    op.create_index(
        "ix_contact_person_done",
        "contact",
        ["person_id", "done_at"],
        sqlite_where=sa.text("done_at is not null"),
        postgresql_where=sa.text("done_at is not null"),
    )
    op.add_column("person", sa.Column("alias", sa.Text(), nullable=True))
    op.create_table(
        "person_change",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("act", sa.String(24), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.CheckConstraint(f"act IN ({ACTS})", name=op.f("ck_person_change_personact")),
        *_whose("person_change"),
    )
    op.create_index("ix_person_change_person_id", "person_change", ["person_id", "at"])
    op.create_table(
        "person_note",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("edited_at", INSTANT, nullable=True),
        sa.Column("removed_at", INSTANT, nullable=True),
        *_whose("person_note"),
    )
    op.create_index("ix_person_note_person_id", "person_note", ["person_id", "at"])


def _whose(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f(f"fk_{table}_account_id_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    op.drop_table("person_note")
    op.drop_table("person_change")
    op.drop_column("person", "alias")
    op.drop_index("ix_contact_person_done", "contact")
