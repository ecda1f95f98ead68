"""The volunteers' own menu: who is in it, PINs tried in vain, and hours that nobody planned."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
BEFORE = (
    *("greeting", "checkin", "waiting", "choosing", "connected", "aside"),
    *("left", "message", "callback", "passed_on", "blocked", "ended"),
)
NOW = ("greeting", "menu", *BEFORE[1:])


def _allow(states: tuple[str, ...]) -> None:
    words = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("call") as batch:
        batch.drop_constraint(op.f("ck_call_callstate"), type_="check")
        batch.create_check_constraint(op.f("ck_call_callstate"), f"state IN ({words})")


def upgrade() -> None:
    with op.batch_alter_table("call") as batch:
        batch.add_column(sa.Column("informed_at", INSTANT, nullable=True))
    _allow(NOW)
    with op.batch_alter_table("shift_hours") as batch:
        batch.alter_column("shift_id", existing_type=sa.String(), nullable=True)
    op.create_table(
        "menu_visit",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("opened_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_menu_visit_call_id_call"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_menu_visit_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_menu_visit")),
    )
    op.create_table(
        "pin_try",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("right", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_pin_try_call_id_call"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("call_id", "number", name=op.f("pk_pin_try")),
    )
    op.create_index("ix_pin_try_at", "pin_try", ["at"])
    op.create_table(
        "pin_lock",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("until", INSTANT, nullable=True),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_pin_lock")),
    )
    op.create_index("ix_pin_lock_changed_at", "pin_lock", ["changed_at"])


def downgrade() -> None:
    op.drop_table("pin_lock")
    op.drop_table("pin_try")
    op.drop_table("menu_visit")
    op.execute("DELETE FROM shift_hours WHERE shift_id IS NULL")
    with op.batch_alter_table("shift_hours") as batch:
        batch.alter_column("shift_id", existing_type=sa.String(), nullable=False)
    # Whoever is in the menu waits.
    op.execute("UPDATE call SET state = 'waiting' WHERE state = 'menu'")
    _allow(BEFORE)
    with op.batch_alter_table("call") as batch:
        batch.drop_column("informed_at")
