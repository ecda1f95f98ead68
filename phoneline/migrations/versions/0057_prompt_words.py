"""Other words for prompts than the catalogue's."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prompt_words",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("prompt", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_prompt_words_version")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_prompt_words_account_id_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_words")),
        sa.UniqueConstraint("prompt", "language", "version", name=op.f("uq_prompt_words_prompt_language_version")),
    )
    is_in_use = sa.text("in_use")
    op.create_index(
        "uq_prompt_words_in_use",
        "prompt_words",
        ["prompt", "language"],
        unique=True,
        sqlite_where=is_in_use,
        postgresql_where=is_in_use,
    )


def downgrade() -> None:
    op.drop_table("prompt_words")
