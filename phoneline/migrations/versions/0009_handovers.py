"""Somebody brought into a conversation, and that on the contact log."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("offer_id", sa.String(), nullable=False),
        sa.Column("leg_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("away_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.String(24), nullable=True),
        sa.CheckConstraint("kind IN ('coordinator', 'crisis')", name=op.f("ck_handover_handoverkind")),
        sa.CheckConstraint(
            "result IN ('joined', 'declined', 'no_answer', 'busy', 'failed', 'cancelled')",
            name=op.f("ck_handover_handoverresult"),
        ),
        sa.CheckConstraint("kind = 'coordinator' or person_id is null", name=op.f("ck_handover_whom")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_handover_call_id_call"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_handover_offer_id_offer"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["leg_id"], ["leg.id"], name=op.f("fk_handover_leg_id_leg")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_handover_person_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sa.UniqueConstraint("leg_id", name=op.f("uq_handover_leg_id")),
    )
    is_open = sa.text("ended_at is null")
    for column in ("call_id", "person_id"):
        op.create_index(
            f"uq_handover_{column.removesuffix('_id')}_open",
            "handover",
            [column],
            unique=True,
            sqlite_where=is_open,
            postgresql_where=is_open,
        )
    op.create_index("ix_handover_call_id", "handover", ["call_id", "asked_at"])
    with op.batch_alter_table("contact") as batch:
        batch.add_column(sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("handed_over_to", sa.String(24), nullable=True))
        batch.create_check_constraint(op.f("ck_contact_handoverkind"), "handed_over_to IN ('coordinator', 'crisis')")


def downgrade() -> None:
    with op.batch_alter_table("contact") as batch:
        batch.drop_constraint(op.f("ck_contact_handoverkind"), type_="check")
        batch.drop_column("handed_over_to")
        batch.drop_column("handed_over_at")
    op.drop_table("handover")
