"""Messages played to volunteers by telephone: tickets for the carrier, and who listened."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "voicemail_ticket",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("voicemail_id", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["voicemail_id"],
            ["voicemail.id"],
            name=op.f("fk_voicemail_ticket_voicemail_id_voicemail"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voicemail_ticket")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_voicemail_ticket_token_hash")),
    )
    with op.batch_alter_table("access_log") as batch:
        batch.add_column(sa.Column("person_id", sa.String(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_access_log_person_id_person"), "person", ["person_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    with op.batch_alter_table("access_log") as batch:
        batch.drop_constraint(op.f("fk_access_log_person_id_person"), type_="foreignkey")
        batch.drop_column("person_id")
    op.drop_table("voicemail_ticket")
