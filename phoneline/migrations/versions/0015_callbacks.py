"""Promised call-backs that the line dials, and the states of the calls that keep them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
BEFORE = "greeting menu checkin waiting choosing connected aside left message callback passed_on blocked used_up ended"
NOW = BEFORE.replace("waiting", "seeking ringing waiting")


def _allow(states: str) -> None:
    words = ", ".join(f"'{state}'" for state in states.split())
    with op.batch_alter_table("call") as batch:
        batch.drop_constraint(op.f("ck_call_callstate"), type_="check")
        batch.create_check_constraint(op.f("ck_call_callstate"), f"state IN ({words})")


def upgrade() -> None:
    _allow(NOW)
    op.create_table(
        "callback",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_hash", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("promised_at", INSTANT, nullable=False),
        sa.Column("place_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("next_try_at", INSTANT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('promised', 'calling', 'joined', 'settled', 'stopped', 'given_up')",
            name=op.f("ck_callback_callbackstate"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_callback_call_id_call"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_callback_person_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback")),
        sa.UniqueConstraint("call_id", name=op.f("uq_callback_call_id")),
    )
    _partial("ix_callback_promised", "callback", ["next_try_at"], "state = 'promised'", unique=False)
    op.create_index("ix_callback_number_hash", "callback", ["number_hash", "promised_at"])
    op.create_index("ix_callback_person_id", "callback", ["person_id", "promised_at"])
    op.create_table(
        "callback_try",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("callback_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("number_hash", sa.String(), nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("over_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["callback_id"], ["callback.id"], name=op.f("fk_callback_try_callback_id_callback"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["call.id"], name=op.f("fk_callback_try_call_id_call"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_try")),
        sa.UniqueConstraint("call_id", name=op.f("uq_callback_try_call_id")),
    )
    _partial("uq_callback_try_live", "callback_try", ["number_hash"], "over_at is null", unique=True)
    op.create_index("ix_callback_try_callback_id", "callback_try", ["callback_id"])


def downgrade() -> None:
    op.drop_table("callback_try")
    op.drop_table("callback")
    op.execute(
        "UPDATE call SET state = 'ended', ended_at = coalesce(ended_at, started_at) "
        "WHERE state IN ('seeking', 'ringing')"
    )
    _allow(BEFORE)


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool) -> None:
    rows = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=rows, postgresql_where=rows)
