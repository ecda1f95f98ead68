"""What the carrier charges for calls and texts."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "charge",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("carrier_sid", sa.String(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("micros", sa.BigInteger(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_ask_at", INSTANT, nullable=True),
        sa.CheckConstraint("kind IN ('inbound', 'outbound', 'text_in', 'text_out')", name=op.f("ck_charge_chargekind")),
        sa.CheckConstraint("(micros is null) = (unit is null)", name=op.f("ck_charge_known")),
        sa.CheckConstraint("micros is null or next_ask_at is null", name=op.f("ck_charge_asked")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge")),
        sa.UniqueConstraint("carrier_sid", name=op.f("uq_charge_carrier_sid")),
    )
    to_ask = sa.text("next_ask_at is not null")
    op.create_index("ix_charge_next_ask_at", "charge", ["next_ask_at"], sqlite_where=to_ask, postgresql_where=to_ask)
    op.create_index("ix_charge_at", "charge", ["at"])
    op.create_index("ix_text_out_created_at", "text_out", ["created_at"])
    op.create_index("ix_text_in_at", "text_in", ["at"])


def downgrade() -> None:
    op.drop_index("ix_text_in_at", "text_in")
    op.drop_index("ix_text_out_created_at", "text_out")
    op.drop_table("charge")
