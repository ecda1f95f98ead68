"""Texts that the line sends, and who wants none."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "text_out",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_hash", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("purpose", sa.String(24), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("carrier_sid", sa.String(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("check_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "purpose IN ('notice', 'alert', 'reply', 'confirmation')", name=op.f("ck_text_out_textpurpose")
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'delivered', 'unknown', 'failed')",
            name=op.f("ck_text_out_textstate"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_text_out_person_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_out")),
        sa.UniqueConstraint("carrier_sid", name=op.f("uq_text_out_carrier_sid")),
        sa.UniqueConstraint("token", name=op.f("uq_text_out_token")),
    )
    _partial("ix_text_out_check_at", "text_out", ["check_at"], "state = 'pending' or state = 'sending'", unique=False)
    op.create_index("ix_text_out_person_id", "text_out", ["person_id", "created_at"])
    op.create_table(
        "text_opt_out",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_text_opt_out_person_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_opt_out")),
    )
    _partial("uq_text_opt_out_standing", "text_opt_out", ["number_hash"], "ended_at is null", unique=True)
    op.create_index("ix_text_opt_out_person_id", "text_opt_out", ["person_id"])


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool) -> None:
    """An index of those rows alone for which `where` holds."""
    rows = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=rows, postgresql_where=rows)


def downgrade() -> None:
    op.drop_table("text_opt_out")
    op.drop_table("text_out")
