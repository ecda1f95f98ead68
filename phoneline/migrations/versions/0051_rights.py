"""What people asked for under their rights; what isn't kept any more becomes null."""

import sqlalchemy as sa
from alembic import op

from phoneline.crypto import vault

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

MESSAGE_STATES = ["awaited", "kept", "short", "missing"]
STANDS = "kind = 'erase' and done_at is null and undone_at is null"
FORGETTABLE = [("leg", "number"), ("text_out", "number"), ("text_out", "body"), ("callback", "number")]


def upgrade() -> None:
    _requests()
    op.create_table(
        "kept_refusal",
        sa.Column("number_hash", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_machine", sa.Boolean(), nullable=False),
        sa.Column("by_volunteers", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number_hash", name=op.f("pk_kept_refusal")),
    )
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    for table, column in FORGETTABLE:
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, existing_type=sa.Text(), nullable=True)
    with op.batch_alter_table("voicemail") as batch:
        batch.add_column(sa.Column("erasure_id", sa.String(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_voicemail_erasure_id_rights_request"),
            "rights_request",
            ["erasure_id"],
            ["id"],
            ondelete="SET NULL",
        )
    _message_states([*MESSAGE_STATES, "removed"])
    _partial("ix_leg_number_kept", "leg", ["created_at"], "number is not null")
    _partial("ix_call_number_kept", "call", ["started_at", "id"], "person_id is null and number is not null")
    _partial("ix_contact_note_kept", "contact", ["at"], "note is not null")
    _partial("ix_text_out_body_kept", "text_out", ["created_at"], "body is not null")
    _partial("ix_text_in_number_kept", "text_in", ["at"], "number is not null")
    _partial("ix_callback_number_kept", "callback", ["promised_at"], "person_id is null and number is not null")
    _partial("ix_voicemail_kept", "voicemail", ["contact_id"], "state = 'kept'")
    _partial("ix_voicemail_erasure_id", "voicemail", ["erasure_id"], "erasure_id is not null")
    op.create_index("ix_contact_checkin_id", "contact", ["checkin_id"])
    op.create_index("ix_access_log_at", "access_log", ["at"])


def _requests() -> None:
    op.create_table(
        "rights_request",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("asked_how", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_up", sa.String(length=24), nullable=True),
        sa.Column("seek", sa.JSON(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_request")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_rights_request_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_rights_request_account_id_account"), ondelete="SET NULL"
        ),
        sa.CheckConstraint("kind IN ('export', 'erase')", name=op.f("ck_rights_request_rightskind")),
        sa.CheckConstraint(
            "asked_how IN ('telephone', 'in_person', 'writing')", name=op.f("ck_rights_request_askedhow")
        ),
        sa.CheckConstraint(
            "held_up IN ('on_the_phone', 'shifts', 'last_admin')", name=op.f("ck_rights_request_heldup")
        ),
        sa.CheckConstraint("done_at is null or undone_at is null", name=op.f("ck_rights_request_one_end")),
    )
    _partial("uq_rights_request_erasure", "rights_request", ["person_id"], STANDS, unique=True)
    _partial("ix_rights_request_due_at", "rights_request", ["due_at"], "due_at is not null")
    op.create_index("ix_rights_request_person_id", "rights_request", ["person_id", "at"])
    op.create_index("ix_rights_request_at", "rights_request", ["at"])


def _partial(name: str, table: str, columns: list[str], rows: str, *, unique: bool = False) -> None:
    where = sa.text(rows)
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _message_states(states: list[str]) -> None:
    words = ", ".join(f"'{state}'" for state in states)
    check = op.f("ck_voicemail_voicemailstate")
    with op.batch_alter_table("voicemail") as batch:
        batch.drop_constraint(check, type_="check")
        batch.create_check_constraint(check, f"state IN ({words})")


def downgrade() -> None:
    op.drop_index("ix_access_log_at", "access_log")
    op.drop_index("ix_contact_checkin_id", "contact")
    for name, table in (
        ("ix_voicemail_erasure_id", "voicemail"),
        ("ix_voicemail_kept", "voicemail"),
        ("ix_callback_number_kept", "callback"),
        ("ix_text_in_number_kept", "text_in"),
        ("ix_text_out_body_kept", "text_out"),
        ("ix_contact_note_kept", "contact"),
        ("ix_call_number_kept", "call"),
        ("ix_leg_number_kept", "leg"),
    ):
        op.drop_index(name, table)
    op.execute("UPDATE voicemail SET state = 'missing' WHERE state = 'removed'")
    _message_states(MESSAGE_STATES)
    with op.batch_alter_table("voicemail") as batch:
        batch.drop_constraint(op.f("fk_voicemail_erasure_id_rights_request"), type_="foreignkey")
        batch.drop_column("erasure_id")
    # What isn't kept any more can't be had back: rows that say nothing go.
    op.execute("DELETE FROM callback WHERE number IS NULL")
    op.execute("DELETE FROM text_out WHERE number IS NULL OR body IS NULL")
    blank = sa.text("UPDATE leg SET number = :blank WHERE number IS NULL")
    op.execute(blank.bindparams(blank=vault().encrypt("")))
    for table, column in reversed(FORGETTABLE):
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, existing_type=sa.Text(), nullable=False)
    with op.batch_alter_table("person") as batch:
        batch.drop_column("erased_at")
    op.drop_table("kept_refusal")
    op.drop_table("rights_request")
