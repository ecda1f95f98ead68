"""The ladder after a safety check-in that reached nobody, and whom a peer agreed to be asked."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
BEFORE = ("handover", "offer", "alarm", "callback", "checkin")
NOW = ("handover", "offer", "alarm", "escalation", "callback", "checkin")


def _word(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool) -> None:
    rows = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=rows, postgresql_where=rows)


def _order(purposes: tuple[str, ...]) -> None:
    """What waits to be dialled takes its place in the new order."""
    for priority, purpose in enumerate(purposes):
        op.execute(f"UPDATE leg SET priority = {priority} WHERE purpose = '{purpose}' AND state = 'pending'")  # noqa: S608 - our own words


def _allow(purposes: tuple[str, ...]) -> None:
    words = ", ".join(f"'{purpose}'" for purpose in purposes)
    with op.batch_alter_table("leg") as batch:
        batch.drop_constraint(op.f("ck_leg_legpurpose"), type_="check")
        batch.create_check_constraint(op.f("ck_leg_legpurpose"), f"purpose IN ({words})")


def _agreed_contact() -> None:
    op.create_table(
        "agreed_contact",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_hash", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("texts_ok", sa.Boolean(), nullable=False),
        sa.Column("agreed_at", INSTANT, nullable=False),
        sa.Column("agreed_how", sa.Text(), nullable=False),
        sa.Column("stopped_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_agreed_contact_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_contact")),
    )
    op.create_index("ix_agreed_contact_person_id", "agreed_contact", ["person_id", "position"])
    listed = "ended_at is null"
    _partial("uq_agreed_contact_number", "agreed_contact", ["person_id", "number_hash"], listed, unique=True)


def _escalation() -> None:
    op.create_table(
        "escalation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("checkin_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("state", _word("escalationstate", "climbing", "taken", "over"), nullable=False),
        sa.Column("step", _word("escalationstep", "volunteer", "contacts", "coordinator"), nullable=True),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("next_step_at", INSTANT, nullable=True),
        sa.Column("taken_until", INSTANT, nullable=True),
        sa.Column("over_at", INSTANT, nullable=True),
        sa.Column("over_how", _word("escalationend", "heard", "well", "settled"), nullable=True),
        sa.CheckConstraint("(state = 'over') = (over_at is not null)", name=op.f("ck_escalation_over")),
        sa.CheckConstraint("(state = 'taken') = (taken_until is not null)", name=op.f("ck_escalation_taken")),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["checkin.id"], name=op.f("fk_escalation_checkin_id_checkin"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_escalation_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint("checkin_id", name=op.f("uq_escalation_checkin_id")),
    )
    op.create_index("ix_escalation_person_id", "escalation", ["person_id", "began_at"])
    _partial("ix_escalation_next_step_at", "escalation", ["next_step_at"], "next_step_at is not null", unique=False)


def _telling() -> None:
    results = ("taken", "well", "stop", "silent", "no_answer", "failed", "not_rung", "told")
    op.create_table(
        "escalation_telling",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("escalation_id", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("kind", _word("tellingkind", "ask", "end"), nullable=False),
        sa.Column("agreed_contact_id", sa.String(), nullable=False),
        sa.Column("leg_id", sa.String(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("result", _word("tellingresult", *results), nullable=True),
        sa.Column("over_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["escalation_id"],
            ["escalation.id"],
            name=op.f("fk_escalation_telling_escalation_id_escalation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["agreed_contact_id"],
            ["agreed_contact.id"],
            name=op.f("fk_escalation_telling_agreed_contact_id_agreed_contact"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["leg_id"], ["leg.id"], name=op.f("fk_escalation_telling_leg_id_leg")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_telling")),
        sa.UniqueConstraint("escalation_id", "step", name=op.f("uq_escalation_telling_escalation_id_step")),
        sa.UniqueConstraint("leg_id", name=op.f("uq_escalation_telling_leg_id")),
    )
    table = "escalation_telling"
    op.create_index("ix_escalation_telling_agreed_contact_id", table, ["agreed_contact_id"])
    _partial("uq_escalation_telling_live", table, ["escalation_id"], "over_at is null and kind = 'ask'", unique=True)
    ends = ["escalation_id", "agreed_contact_id"]
    _partial("uq_escalation_telling_end", table, ends, "kind = 'end'", unique=True)


def upgrade() -> None:
    _allow(NOW)
    _order(NOW)
    _agreed_contact()
    _escalation()
    _telling()
    with op.batch_alter_table("callback") as batch:
        batch.alter_column("call_id", existing_type=sa.String(), nullable=True)
        batch.add_column(sa.Column("escalation_id", sa.String(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_callback_escalation_id_escalation"),
            "escalation",
            ["escalation_id"],
            ["id"],
            ondelete="CASCADE",
        )
        batch.create_unique_constraint(op.f("uq_callback_escalation_id"), ["escalation_id"])
        batch.create_check_constraint(op.f("ck_callback_why"), "(call_id is null) <> (escalation_id is null)")


def downgrade() -> None:
    # Before, every call-back had been promised in a call.
    op.execute("delete from callback where call_id is null")
    with op.batch_alter_table("callback") as batch:
        batch.drop_constraint(op.f("ck_callback_why"), type_="check")
        batch.drop_constraint(op.f("uq_callback_escalation_id"), type_="unique")
        batch.drop_constraint(op.f("fk_callback_escalation_id_escalation"), type_="foreignkey")
        batch.drop_column("escalation_id")
        batch.alter_column("call_id", existing_type=sa.String(), nullable=False)
    for table in ("escalation_telling", "escalation", "agreed_contact"):
        op.drop_table(table)
    op.execute("DELETE FROM leg WHERE purpose = 'escalation'")
    _order(BEFORE)
    _allow(BEFORE)
