"""What the team says to itself: thanks, and what it decides together."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _to_person(table: str, column: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}_person"), ondelete=ondelete)


def upgrade() -> None:
    op.create_table(
        "thanks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("from_id", sa.String(), nullable=True),
        sa.Column("to_id", sa.String(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        _to_person("thanks", "from_id", "SET NULL"),
        _to_person("thanks", "to_id", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thanks")),
    )
    op.create_index("ix_thanks_at", "thanks", ["at"])
    op.create_table(
        "proposal",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("by_id", sa.String(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("closes_at", INSTANT, nullable=False),
        _to_person("proposal", "by_id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index("ix_proposal_closes_at", "proposal", ["closes_at"])
    op.create_table(
        "vote",
        sa.Column("proposal_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("choice", sa.String(24), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("choice IN ('yes', 'no')", name=op.f("ck_vote_choice")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_vote_proposal_id_proposal"), ondelete="CASCADE"
        ),
        _to_person("vote", "person_id", "CASCADE"),
        sa.PrimaryKeyConstraint("proposal_id", "person_id", name=op.f("pk_vote")),
    )
    op.create_table(
        "letter_text",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        _to_person("letter_text", "person_id", "CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "week", name=op.f("pk_letter_text")),
    )


def downgrade() -> None:
    for table in ("letter_text", "vote", "proposal", "thanks"):
        op.drop_table(table)
