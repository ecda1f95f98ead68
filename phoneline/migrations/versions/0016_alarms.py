"""Alarms, and who was told of them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "alarm",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.Column("next_step_at", INSTANT, nullable=True),
        sa.Column("acknowledged_at", INSTANT, nullable=True),
        sa.Column("acknowledged_by", sa.String(), nullable=True),
        sa.Column("acknowledged_account_id", sa.String(), nullable=True),
        sa.Column("over_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('urgent_follow_up', 'danger_words', 'empty_shift', 'spending')",
            name=op.f("ck_alarm_alarmkind"),
        ),
        sa.CheckConstraint("state IN ('open', 'acknowledged', 'over')", name=op.f("ck_alarm_alarmstate")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_alarm_contact_id_contact"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["person.id"], name=op.f("fk_alarm_acknowledged_by_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_account_id"],
            ["account.id"],
            name=op.f("fk_alarm_acknowledged_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )
    _partial("uq_alarm_subject", "subject", "state <> 'over'", unique=True)
    _partial("ix_alarm_next_step_at", "next_step_at", "state = 'open'", unique=False)
    op.create_index("ix_alarm_contact_id", "alarm", ["contact_id"])
    op.create_table(
        "alarm_telling",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("alarm_id", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("leg_id", sa.String(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["alarm_id"], ["alarm.id"], name=op.f("fk_alarm_telling_alarm_id_alarm"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_alarm_telling_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["leg_id"], ["leg.id"], name=op.f("fk_alarm_telling_leg_id_leg")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_telling")),
        sa.UniqueConstraint("alarm_id", "step", name=op.f("uq_alarm_telling_alarm_id_step")),
        sa.UniqueConstraint("leg_id", name=op.f("uq_alarm_telling_leg_id")),
    )
    op.create_index("ix_alarm_telling_person_id", "alarm_telling", ["person_id", "at"])


def _partial(name: str, column: str, where: str, *, unique: bool) -> None:
    """An index of those rows alone for which `where` holds."""
    rows = sa.text(where)
    op.create_index(name, "alarm", [column], unique=unique, sqlite_where=rows, postgresql_where=rows)


def downgrade() -> None:
    op.drop_table("alarm_telling")
    op.drop_table("alarm")
