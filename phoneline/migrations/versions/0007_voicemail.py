"""The audio of callers' messages, and who has listened to it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATES = "'awaited', 'kept', 'short', 'missing'"


def upgrade() -> None:
    op.create_table(
        "voicemail",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("recording_sid", sa.String(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("audio", sa.LargeBinary(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_voicemail_voicemailstate")),
        sa.CheckConstraint("(state = 'kept') = (audio is not null)", name=op.f("ck_voicemail_kept_is_audio")),
        sa.CheckConstraint("(audio is null) = (media_type is null)", name=op.f("ck_voicemail_audio_has_a_type")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_voicemail_contact_id_contact"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voicemail")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_voicemail_contact_id")),
    )
    op.create_index(
        "ix_voicemail_next_try_at",
        "voicemail",
        ["next_try_at"],
        sqlite_where=sa.text("next_try_at is not null"),
        postgresql_where=sa.text("next_try_at is not null"),
    )
    _actions("'number_shown', 'message_heard', 'outcome_given'")


def downgrade() -> None:
    op.drop_table("voicemail")
    op.execute("DELETE FROM access_log WHERE action <> 'number_shown'")
    _actions("'number_shown'")


def _actions(allowed: str) -> None:
    with op.batch_alter_table("access_log") as batch:
        batch.drop_constraint(op.f("ck_access_log_accessaction"), type_="check")
        batch.create_check_constraint(op.f("ck_access_log_accessaction"), f"action IN ({allowed})")
