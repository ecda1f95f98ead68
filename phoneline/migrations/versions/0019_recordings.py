"""Recordings that are played instead of the words of a prompt."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prompt_recording",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("prompt", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("audio", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_prompt_recording_version")),
        sa.CheckConstraint("seconds > 0", name=op.f("ck_prompt_recording_seconds")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_prompt_recording_account_id_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_recording")),
        sa.UniqueConstraint("prompt", "language", "version", name=op.f("uq_prompt_recording_prompt_language_version")),
        sa.UniqueConstraint("token", name=op.f("uq_prompt_recording_token")),
    )
    is_in_use = sa.text("in_use")
    op.create_index(
        "uq_prompt_recording_in_use",
        "prompt_recording",
        ["prompt", "language"],
        unique=True,
        sqlite_where=is_in_use,
        postgresql_where=is_in_use,
    )


def downgrade() -> None:
    op.drop_table("prompt_recording")
