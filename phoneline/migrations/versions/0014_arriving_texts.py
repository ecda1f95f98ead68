"""Texts that arrive."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_index("ix_text_out_number_hash", "text_out", ["number_hash", "created_at"])
    op.create_table(
        "text_in",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("message_sid", sa.String(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("number_hash", sa.String(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("meaning", sa.String(24), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=True),
        sa.CheckConstraint(
            "meaning IN ('stop', 'start', 'help', 'danger', 'on', 'off', 'ok', 'words')",
            name=op.f("ck_text_in_textmeaning"),
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_text_in_contact_id_contact"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_in")),
        sa.UniqueConstraint("message_sid", name=op.f("uq_text_in_message_sid")),
    )
    op.create_index("ix_text_in_number_hash", "text_in", ["number_hash", "at"])
    op.create_index("ix_text_in_contact_id", "text_in", ["contact_id"])


def downgrade() -> None:
    op.drop_table("text_in")
    op.drop_index("ix_text_out_number_hash", "text_out")
