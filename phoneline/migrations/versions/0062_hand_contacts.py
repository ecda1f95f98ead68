"""A contact written down by hand, and "Heard" on the day sheet, can be taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
SHEET = ["checkin_skipped", "checkin_restored", "checkin_moved", "checkin_called", "checkin_heard"]
OTHERS = ["outreach_asked", "looked", "log_taken"]
SAID = ["number_shown", "message_heard", "outcome_given"]
ACTIONS = [*SAID, *SHEET, "contact_logged", *OTHERS]
WITH_TAKEN_BACK = [*SAID, *SHEET, "checkin_unheard", "contact_logged", "contact_taken_back", *OTHERS]
STATES = ["due", "calling", "waiting", "ok", "talked", "unreached", "stopped", "skipped", "expired"]


def upgrade() -> None:
    op.create_table(
        "hand_contact",
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("heard_before", INSTANT, nullable=False),
        sa.Column("missed_before", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_hand_contact_contact_id_contact"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_hand_contact")),
    )
    op.create_index("ix_hand_contact_at", "hand_contact", ["at"])
    op.create_table(
        "hand_settled",
        sa.Column("checkin_id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("was", sa.String(24), nullable=False),
        sa.Column("attempt_id", sa.String(), nullable=True),
        sa.CheckConstraint(f"was IN ({_listed(STATES)})", name=op.f("ck_hand_settled_checkinstate")),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["checkin.id"], name=op.f("fk_hand_settled_checkin_id_checkin"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["hand_contact.contact_id"],
            name=op.f("fk_hand_settled_contact_id_hand_contact"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_hand_settled_attempt_id_attempt"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("checkin_id", name=op.f("pk_hand_settled")),
    )
    op.create_index("ix_hand_settled_contact_id", "hand_settled", ["contact_id"])
    _allow(WITH_TAKEN_BACK)


def _listed(words: list[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _allow(actions: list[str]) -> None:
    with op.batch_alter_table("access_log") as batch:
        batch.drop_constraint(op.f("ck_access_log_accessaction"), type_="check")
        batch.create_check_constraint(op.f("ck_access_log_accessaction"), f"action IN ({_listed(actions)})")


def downgrade() -> None:
    op.execute("DELETE FROM access_log WHERE action IN ('checkin_unheard', 'contact_taken_back')")
    _allow(ACTIONS)
    op.drop_table("hand_settled")
    op.drop_table("hand_contact")
