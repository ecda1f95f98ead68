"""Volunteers' own page: notes of theirs, what peers share with them, calls to practise, wishes to talk."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
PURPOSES = ["handover", "offer", "alarm", "escalation", "callback", "checkin", "reminder"]
OUTCOMES = ["fine", "follow_up", "urgent", "wrong_number", "none"]
SHARES = ["usual", "team"]
STATES = ["asked", "taken", "done"]


def upgrade() -> None:
    _allow_purposes([*PURPOSES, "practice"])
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("shares", sa.String(24), nullable=False, server_default="usual"))
        batch.create_check_constraint(op.f("ck_person_shares"), f"shares IN ({_listed(SHARES)})")
    with op.batch_alter_table("person") as batch:
        batch.alter_column("shares", server_default=None)
    with op.batch_alter_table("contact") as batch:
        batch.add_column(sa.Column("note_by_id", sa.String(), nullable=True))
        batch.add_column(sa.Column("note_from", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("note_at", INSTANT, nullable=True))
        name = op.f("fk_contact_note_by_id_person")
        batch.create_foreign_key(name, "person", ["note_by_id"], ["id"], ondelete="SET NULL")
    with op.batch_alter_table("contact") as batch:
        batch.alter_column("note_from", server_default=None)
    rows = sa.text("note_by_id is not null")
    op.create_index(
        "ix_contact_note_by", "contact", ["note_by_id", "note_at"], sqlite_where=rows, postgresql_where=rows
    )
    called = sa.text("volunteer_id is not null")
    op.create_index(
        "ix_checkin_plan_volunteer_id",
        "checkin_plan",
        ["volunteer_id"],
        sqlite_where=called,
        postgresql_where=called,
    )
    with op.batch_alter_table("checkin_try") as batch:
        batch.add_column(sa.Column("by_themselves", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("checkin_try") as batch:
        batch.alter_column("by_themselves", server_default=None)
    _make_practice()
    _make_debrief()


def _make_practice() -> None:
    op.create_table(
        "practice",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("leg_id", sa.String(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("took_at", INSTANT, nullable=True),
        sa.Column("stepped_out_at", INSTANT, nullable=True),
        sa.Column("outcome", sa.String(24), nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("over_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice")),
        _points("practice", "person_id", "person", "CASCADE"),
        sa.ForeignKeyConstraint(["leg_id"], ["leg.id"], name=op.f("fk_practice_leg_id_leg")),
        sa.UniqueConstraint("leg_id", name=op.f("uq_practice_leg_id")),
        sa.CheckConstraint(f"outcome IN ({_listed(OUTCOMES)})", name=op.f("ck_practice_contactoutcome")),
    )
    _unique_where("uq_practice_rings", "practice", "over_at is null")
    op.create_index("ix_practice_person_id", "practice", ["person_id", "at"])


def _make_debrief() -> None:
    op.create_table(
        "debrief",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("taken_by", sa.String(), nullable=True),
        sa.Column("taken_at", INSTANT, nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debrief")),
        _points("debrief", "person_id", "person", "CASCADE"),
        _points("debrief", "call_id", "call", "SET NULL"),
        _points("debrief", "taken_by", "account", "SET NULL"),
        sa.CheckConstraint(f"state IN ({_listed(STATES)})", name=op.f("ck_debrief_debriefstate")),
        sa.CheckConstraint("(state = 'done') = (done_at is not null)", name=op.f("ck_debrief_done")),
        sa.CheckConstraint("state = 'asked' or taken_at is not null", name=op.f("ck_debrief_taken")),
    )
    _unique_where("uq_debrief_open", "debrief", "state <> 'done'")
    op.create_index("ix_debrief_person_id", "debrief", ["person_id", "asked_at"])


def _unique_where(name: str, table: str, rows: str) -> None:
    where = sa.text(rows)
    op.create_index(name, table, ["person_id"], unique=True, sqlite_where=where, postgresql_where=where)


def _points(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def _listed(values: list[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _allow_purposes(purposes: list[str]) -> None:
    with op.batch_alter_table("leg") as batch:
        batch.drop_constraint(op.f("ck_leg_legpurpose"), type_="check")
        batch.create_check_constraint(op.f("ck_leg_legpurpose"), f"purpose IN ({_listed(purposes)})")


def downgrade() -> None:
    op.drop_table("debrief")
    op.drop_table("practice")
    with op.batch_alter_table("checkin_try") as batch:
        batch.drop_column("by_themselves")
    op.drop_index("ix_checkin_plan_volunteer_id", "checkin_plan")
    op.drop_index("ix_contact_note_by", "contact")
    with op.batch_alter_table("contact") as batch:
        batch.drop_constraint(op.f("fk_contact_note_by_id_person"), type_="foreignkey")
        for name in ("note_at", "note_from", "note_by_id"):
            batch.drop_column(name)
    with op.batch_alter_table("person") as batch:
        batch.drop_constraint(op.f("ck_person_shares"), type_="check")
        batch.drop_column("shares")
    op.execute("DELETE FROM leg WHERE purpose = 'practice'")
    _allow_purposes(PURPOSES)
