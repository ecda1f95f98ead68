"""Secret addresses from which calendar programs fetch shifts."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "roster_feed",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("made_by", sa.String(), nullable=True),
        sa.Column("fetched_at", INSTANT, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_roster_feed_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["account.id"], name=op.f("fk_roster_feed_made_by_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_roster_feed_token_hash")),
    )
    stands = sa.text("revoked_at is null")
    op.create_index(
        "ix_roster_feed_person_id", "roster_feed", ["person_id"], sqlite_where=stands, postgresql_where=stands
    )


def downgrade() -> None:
    op.drop_table("roster_feed")
