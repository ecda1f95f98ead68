"""Calls with their legs and offers, check-ins, and the contact log."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _leg() -> None:
    op.create_table(
        "leg",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(24), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("ring_seconds", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("carrier_sid", sa.String(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("dialled_at", INSTANT, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("end", sa.String(24), nullable=True),
        sa.Column("machine", sa.Boolean(), nullable=False),
        sa.Column("end_wanted_at", INSTANT, nullable=True),
        sa.Column("check_at", INSTANT, nullable=False),
        sa.CheckConstraint("purpose IN ('offer', 'checkin')", name=op.f("ck_leg_legpurpose")),
        sa.CheckConstraint(
            "state IN ('pending', 'dialling', 'placed', 'unknown', 'ended')", name=op.f("ck_leg_legstate")
        ),
        sa.CheckConstraint(
            "\"end\" IN ('completed', 'busy', 'no-answer', 'failed', 'canceled')", name=op.f("ck_leg_legend")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leg")),
        sa.UniqueConstraint("carrier_sid", name=op.f("uq_leg_carrier_sid")),
        sa.UniqueConstraint("token", name=op.f("uq_leg_token")),
    )
    _partial("ix_leg_check_at", "leg", ["check_at"], "state <> 'ended'", unique=False)
    _partial("ix_leg_pending", "leg", ["priority", "created_at"], "state = 'pending'", unique=False)


def _call() -> None:
    op.create_table(
        "call",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("carrier_sid", sa.String(), nullable=True),
        sa.Column("direction", sa.String(24), nullable=False),
        sa.Column("leg_id", sa.String(), nullable=True),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("wait_began_at", INSTANT, nullable=False),
        sa.Column("wait_round", sa.Integer(), nullable=False),
        sa.Column("way_out_at", INSTANT, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("joined_at", INSTANT, nullable=True),
        sa.Column("talk_seconds", sa.Double(), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("outcome", sa.String(24), nullable=True),
        sa.Column("volunteer_id", sa.String(), nullable=True),
        sa.Column("room", sa.String(), nullable=True),
        sa.Column("safe_document_at", INSTANT, nullable=True),
        sa.Column("crisis_reached", sa.Boolean(), nullable=False),
        sa.Column("recording_sid", sa.String(), nullable=True),
        sa.Column("recording_seconds", sa.Integer(), nullable=True),
        sa.Column("nudge_at", INSTANT, nullable=True),
        sa.Column("check_at", INSTANT, nullable=False),
        sa.CheckConstraint("direction IN ('inbound', 'outbound')", name=op.f("ck_call_direction")),
        sa.CheckConstraint(
            "state IN ('greeting', 'checkin', 'waiting', 'choosing', 'connected', 'aside', "
            "'left', 'message', 'callback', 'ended')",
            name=op.f("ck_call_callstate"),
        ),
        sa.CheckConstraint(
            "outcome IN ('connected', 'crisis', 'voicemail', 'callback', 'information', "
            "'blocked', 'failed', 'abandoned')",
            name=op.f("ck_call_calloutcome"),
        ),
        sa.ForeignKeyConstraint(["leg_id"], ["leg.id"], name=op.f("fk_call_leg_id_leg")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_call_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["person.id"], name=op.f("fk_call_volunteer_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("carrier_sid", name=op.f("uq_call_carrier_sid")),
        sa.UniqueConstraint("leg_id", name=op.f("uq_call_leg_id")),
        sa.UniqueConstraint("token", name=op.f("uq_call_token")),
    )
    _partial("ix_call_live", "call", ["check_at"], "state <> 'ended'", unique=False)
    _partial("ix_call_nudge_at", "call", ["nudge_at"], "nudge_at is not null", unique=False)
    op.create_index("ix_call_person_id", "call", ["person_id", "started_at"])
    op.create_index("ix_call_started_at", "call", ["started_at"])


def _checkin_plan() -> None:
    op.create_table(
        "checkin_plan",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("starts_local", sa.DateTime(), nullable=False),
        sa.Column("rrule", sa.String(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("purpose", sa.String(24), nullable=False),
        sa.Column("volunteer_id", sa.String(), nullable=True),
        sa.Column("escalate_to", sa.Text(), nullable=True),
        sa.Column("laid_out_until", INSTANT, nullable=False),
        sa.CheckConstraint("kind IN ('automated', 'volunteer')", name=op.f("ck_checkin_plan_plankind")),
        sa.CheckConstraint("purpose IN ('social', 'safety')", name=op.f("ck_checkin_plan_purpose")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_checkin_plan_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["person.id"], name=op.f("fk_checkin_plan_volunteer_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_plan")),
        sa.UniqueConstraint(
            "person_id", "starts_local", "rrule", "kind", name=op.f("uq_checkin_plan_person_id_starts_local_rrule_kind")
        ),
    )
    op.create_index("ix_checkin_plan_laid_out_until", "checkin_plan", ["laid_out_until"])


def _checkin() -> None:
    op.create_table(
        "checkin",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("purpose", sa.String(24), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("day_from", INSTANT, nullable=False),
        sa.Column("day_until", INSTANT, nullable=False),
        sa.Column("attempt_due_at", INSTANT, nullable=False),
        sa.Column("dial_after", INSTANT, nullable=False),
        sa.Column("attempts_used", sa.Integer(), nullable=False),
        sa.Column("snoozes_used", sa.Integer(), nullable=False),
        sa.Column("hands_off_at", INSTANT, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("settled_by", sa.String(24), nullable=True),
        sa.CheckConstraint("kind IN ('automated', 'volunteer')", name=op.f("ck_checkin_plankind")),
        sa.CheckConstraint("purpose IN ('social', 'safety')", name=op.f("ck_checkin_purpose")),
        sa.CheckConstraint(
            "state IN ('due', 'calling', 'waiting', 'ok', 'talked', 'unreached', 'stopped', 'skipped', 'expired')",
            name=op.f("ck_checkin_checkinstate"),
        ),
        sa.CheckConstraint(
            "settled_by IN ('keypad', 'inbound_call', 'volunteer', 'coordinator', 'sms')",
            name=op.f("ck_checkin_settledby"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["checkin_plan.id"], name=op.f("fk_checkin_plan_id_checkin_plan"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_checkin_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin")),
        sa.UniqueConstraint("plan_id", "due_at", name=op.f("uq_checkin_plan_id_due_at")),
    )
    op.create_index("ix_checkin_due_at", "checkin", ["due_at"])
    _partial("ix_checkin_open", "checkin", ["dial_after"], "state = 'due' or state = 'waiting'", unique=False)
    op.create_index("ix_checkin_person_id", "checkin", ["person_id", "due_at"])


def _offer() -> None:
    op.create_table(
        "offer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("volunteer_id", sa.String(), nullable=False),
        sa.Column("leg_id", sa.String(), nullable=False),
        sa.Column("wait_round", sa.Integer(), nullable=False),
        sa.Column("offered_at", INSTANT, nullable=False),
        sa.Column("result", sa.String(24), nullable=True),
        sa.Column("resolved_at", INSTANT, nullable=True),
        sa.Column("accepted_at", INSTANT, nullable=True),
        sa.Column("joined_at", INSTANT, nullable=True),
        sa.Column("conversation_ended_at", INSTANT, nullable=True),
        sa.Column("wrap_up_until", INSTANT, nullable=True),
        sa.Column("outcome_at", INSTANT, nullable=True),
        sa.Column("nudge_at", INSTANT, nullable=True),
        sa.Column("released_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "result IN ('accepted', 'declined', 'no_answer', 'busy', 'machine', 'failed', 'cancelled')",
            name=op.f("ck_offer_offerresult"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_offer_call_id_call"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["person.id"], name=op.f("fk_offer_volunteer_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["leg_id"], ["leg.id"], name=op.f("fk_offer_leg_id_leg")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("leg_id", name=op.f("uq_offer_leg_id")),
    )
    op.create_index("ix_offer_call_id", "offer", ["call_id"])
    op.create_index("ix_offer_last_connected", "offer", ["volunteer_id", "accepted_at"])
    _partial(
        "uq_offer_call_taken",
        "offer",
        ["call_id"],
        "result = 'accepted' and conversation_ended_at is null",
        unique=True,
    )
    _partial("ix_offer_nudge_at", "offer", ["nudge_at"], "nudge_at is not null", unique=False)
    _partial("uq_offer_volunteer_busy", "offer", ["volunteer_id"], "released_at is null", unique=True)


def _attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("checkin_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("result", sa.String(24), nullable=True),
        sa.Column("identified_at", INSTANT, nullable=True),
        sa.Column("over_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "result IN ('ok', 'talk', 'later', 'stop', 'no_key', 'machine', 'no_answer', "
            "'busy', 'failed', 'cancelled', 'unknown')",
            name=op.f("ck_attempt_attemptresult"),
        ),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["checkin.id"], name=op.f("fk_attempt_checkin_id_checkin"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_attempt_call_id_call"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("call_id", name=op.f("uq_attempt_call_id")),
    )
    op.create_index("ix_attempt_checkin_id", "attempt", ["checkin_id", "at"])
    _partial("uq_attempt_live", "attempt", ["checkin_id"], "over_at is null", unique=True)


def _contact() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("volunteer_id", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(24), nullable=False),
        sa.Column("follow_up", sa.String(24), nullable=False),
        sa.Column("call_id", sa.String(), nullable=True),
        sa.Column("checkin_id", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('call', 'checkin', 'voicemail', 'callback', 'sms', 'in_person')",
            name=op.f("ck_contact_contactkind"),
        ),
        sa.CheckConstraint(
            "outcome IN ('fine', 'follow_up', 'urgent', 'wrong_number', 'none')", name=op.f("ck_contact_contactoutcome")
        ),
        sa.CheckConstraint("follow_up IN ('none', 'wanted', 'urgent', 'done')", name=op.f("ck_contact_followup")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contact_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["person.id"], name=op.f("fk_contact_volunteer_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_contact_call_id_call"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["checkin.id"], name=op.f("fk_contact_checkin_id_checkin"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("call_id", "kind", name=op.f("uq_contact_call_id_kind")),
    )
    op.create_index("ix_contact_at_id", "contact", ["at", "id"])
    _partial("ix_contact_open", "contact", ["follow_up", "at"], "follow_up in ('wanted', 'urgent')", unique=False)
    op.create_index("ix_contact_person_id", "contact", ["person_id", "at"])
    _partial("uq_contact_checkin", "contact", ["checkin_id"], "kind = 'checkin'", unique=True)


TABLES = (
    _leg,
    _call,
    _checkin_plan,
    _checkin,
    _offer,
    _attempt,
    _contact,
)
"""What makes each table, those that others point at first."""


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool) -> None:
    """An index of those rows alone for which `where` holds."""
    rows = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=rows, postgresql_where=rows)


def upgrade() -> None:
    for make in TABLES:
        make()


def downgrade() -> None:
    for make in reversed(TABLES):
        op.drop_table(make.__name__.removeprefix("_"))
