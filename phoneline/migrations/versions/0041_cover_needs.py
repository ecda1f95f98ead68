"""How many people are needed on shift, week by week."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "cover_need",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=True),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("wished", sa.Integer(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("days between 1 and 255", name=op.f("ck_cover_need_days")),
        sa.CheckConstraint("tier in (1, 2)", name=op.f("ck_cover_need_tier")),
        sa.CheckConstraint(
            "minimum >= 0 and wished >= minimum and wished between 1 and 50", name=op.f("ck_cover_need_people")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_cover_need_decided_by_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover_need")),
    )
    standing = sa.text("ended_at is null")
    op.create_index(
        "ix_cover_need_standing", "cover_need", ["made_at"], sqlite_where=standing, postgresql_where=standing
    )


def downgrade() -> None:
    op.drop_table("cover_need")
