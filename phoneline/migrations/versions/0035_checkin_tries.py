"""Each time that a volunteer is to make a check-in."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "checkin_try",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("checkin_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("usual_id", sa.String(), nullable=True),
        sa.Column("began_at", instant, nullable=False),
        sa.Column("over_at", instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["checkin.id"], name=op.f("fk_checkin_try_checkin_id_checkin"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_checkin_try_call_id_call"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["usual_id"], ["person.id"], name=op.f("fk_checkin_try_usual_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_try")),
        sa.UniqueConstraint("call_id", name=op.f("uq_checkin_try_call_id")),
    )
    op.create_index("ix_checkin_try_checkin_id", "checkin_try", ["checkin_id"])
    live = sa.text("over_at is null")
    op.create_index(
        "uq_checkin_try_live", "checkin_try", ["checkin_id"], unique=True, sqlite_where=live, postgresql_where=live
    )


def downgrade() -> None:
    op.drop_table("checkin_try")
