"""Volunteers' telephones from which their PIN was texted; a PIN may be tried by text, too."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_telephone",
        sa.Column("number_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("pin_hash", sa.String(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_known_telephone_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number_hash", "person_id", name=op.f("pk_known_telephone")),
    )
    with op.batch_alter_table("pin_try") as batch:
        batch.drop_constraint(op.f("fk_pin_try_call_id_call"), type_="foreignkey")


def downgrade() -> None:
    op.execute("DELETE FROM pin_try WHERE call_id NOT IN (SELECT id FROM call)")
    with op.batch_alter_table("pin_try") as batch:
        batch.create_foreign_key(op.f("fk_pin_try_call_id_call"), "call", ["call_id"], ["id"], ondelete="CASCADE")
    op.drop_table("known_telephone")
