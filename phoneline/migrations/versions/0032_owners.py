"""Whose an open follow-up is and by when it is due; what became of it; and the alarm that one is overdue."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
OPEN = "follow_up in ('wanted', 'urgent')"
KINDS = ["urgent_follow_up", "danger_words", "empty_shift", "spending"]


def upgrade() -> None:
    with op.batch_alter_table("contact") as batch:
        for name, table in (("owner_id", "person"), ("owner_account_id", "account")):
            batch.add_column(sa.Column(name, sa.String(), nullable=True))
            key = op.f(f"fk_contact_{name}_{table}")
            batch.create_foreign_key(key, table, [name], ["id"], ondelete="SET NULL")
        for name in ("due_at", "given_at", "overdue_since"):
            batch.add_column(sa.Column(name, INSTANT, nullable=True))
        batch.add_column(sa.Column("climbs", sa.Integer(), nullable=False, server_default="0"))
    # Due at once: the clock's first look gives each an owner and a time.
    op.execute("UPDATE contact SET due_at = at WHERE follow_up IN ('wanted', 'urgent')")
    with op.batch_alter_table("contact") as batch:
        batch.alter_column("climbs", server_default=None)
        batch.create_check_constraint(op.f("ck_contact_open_is_due"), f"not ({OPEN}) or due_at is not null")
        batch.create_check_constraint(op.f("ck_contact_one_owner"), "owner_id is null or owner_account_id is null")
    _partial("ix_contact_due_at", "contact", ["due_at"], OPEN, unique=False)
    op.create_table(
        "follow_up_move",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("why", sa.String(24), nullable=False),
        sa.Column("was_due_at", INSTANT, nullable=True),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.CheckConstraint("why IN ('overdue', 'taken', 'given')", name=op.f("ck_follow_up_move_movereason")),
        _key("follow_up_move", "contact_id", "contact", "CASCADE"),
        _key("follow_up_move", "owner_id", "person", "SET NULL"),
        _key("follow_up_move", "account_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_move")),
    )
    op.create_index("ix_follow_up_move_contact_id", "follow_up_move", ["contact_id", "at"])
    once = ["contact_id", "was_due_at"]
    _partial("uq_follow_up_move_climbed", "follow_up_move", once, "why = 'overdue'", unique=True)
    _alarm_kinds([*KINDS, "overdue"])


def _key(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool) -> None:
    """An index of those rows alone for which `where` holds."""
    rows = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=rows, postgresql_where=rows)


def _alarm_kinds(kinds: list[str]) -> None:
    words = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("alarm") as batch:
        batch.drop_constraint(op.f("ck_alarm_alarmkind"), type_="check")
        batch.create_check_constraint(op.f("ck_alarm_alarmkind"), f"kind IN ({words})")


def downgrade() -> None:
    op.execute("DELETE FROM alarm_telling WHERE alarm_id IN (SELECT id FROM alarm WHERE kind = 'overdue')")
    op.execute("DELETE FROM alarm WHERE kind = 'overdue'")
    _alarm_kinds(KINDS)
    op.drop_table("follow_up_move")
    op.drop_index("ix_contact_due_at", "contact")
    with op.batch_alter_table("contact") as batch:
        batch.drop_constraint(op.f("ck_contact_open_is_due"), type_="check")
        batch.drop_constraint(op.f("ck_contact_one_owner"), type_="check")
        for name, table in (("owner_id", "person"), ("owner_account_id", "account")):
            batch.drop_constraint(op.f(f"fk_contact_{name}_{table}"), type_="foreignkey")
            batch.drop_column(name)
        for name in ("due_at", "given_at", "overdue_since", "climbs"):
            batch.drop_column(name)
