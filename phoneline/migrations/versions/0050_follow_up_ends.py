"""How a follow-up ended, another time for it and why, and who took the log away as a file."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
REASONS = ["overdue", "taken", "given"]
ACTIONS = [
    "number_shown",
    "message_heard",
    "outcome_given",
    "checkin_skipped",
    "checkin_restored",
    "checkin_moved",
    "checkin_called",
    "checkin_heard",
    "contact_logged",
    "outreach_asked",
    "looked",
]
NOBODYS = "follow_up in ('wanted', 'urgent') and owner_id is null and owner_account_id is null"


def upgrade() -> None:
    op.create_table(
        "follow_up_end",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("ending", sa.String(24), nullable=False),
        sa.Column("was", sa.String(24), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("taken_back_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "ending IN ('reached', 'not_reached', 'not_needed')", name=op.f("ck_follow_up_end_followupending")
        ),
        sa.CheckConstraint("was IN ('none', 'wanted', 'urgent', 'done')", name=op.f("ck_follow_up_end_followup")),
        sa.CheckConstraint("was in ('wanted', 'urgent')", name=op.f("ck_follow_up_end_was_open")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_follow_up_end_contact_id_contact"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_follow_up_end_account_id_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_end")),
    )
    op.create_index("ix_follow_up_end_contact_id", "follow_up_end", ["contact_id", "at"])
    _partial("ix_contact_done_at", "contact", "done_at", "done_at is not null")
    _partial("ix_contact_nobodys", "contact", "due_at", NOBODYS)
    with op.batch_alter_table("follow_up_move") as batch:
        batch.add_column(sa.Column("due_at", INSTANT, nullable=True))
        batch.add_column(sa.Column("note", sa.Text(), nullable=True))
    _allow("follow_up_move", "why", "movereason", [*REASONS, "later"])
    _allow("access_log", "action", "accessaction", [*ACTIONS, "log_taken"])


def _partial(name: str, table: str, column: str, rows: str) -> None:
    op.create_index(name, table, [column], sqlite_where=sa.text(rows), postgresql_where=sa.text(rows))


def _allow(table: str, column: str, name: str, words: list[str]) -> None:
    check, listed = op.f(f"ck_{table}_{name}"), ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(check, type_="check")
        batch.create_check_constraint(check, f"{column} IN ({listed})")


def downgrade() -> None:
    op.execute("DELETE FROM access_log WHERE action = 'log_taken'")
    op.execute("DELETE FROM follow_up_move WHERE why = 'later'")
    _allow("access_log", "action", "accessaction", ACTIONS)
    _allow("follow_up_move", "why", "movereason", REASONS)
    with op.batch_alter_table("follow_up_move") as batch:
        batch.drop_column("note")
        batch.drop_column("due_at")
    op.drop_index("ix_contact_nobodys", "contact")
    op.drop_index("ix_contact_done_at", "contact")
    op.drop_table("follow_up_end")
