"""Callers who are not put through."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATES = (
    *("greeting", "checkin", "waiting", "choosing", "connected", "aside"),
    *("left", "message", "callback", "passed_on"),
)


def upgrade() -> None:
    _call_states(*STATES, "blocked", "ended")
    op.create_table(
        "block",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("number_hash", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(person_id is null) <> (number_hash is null)", name=op.f("ck_block_whom")),
        sa.CheckConstraint("(number is null) = (number_hash is null)", name=op.f("ck_block_number")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_block_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_block_contact_id_contact"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_block_decided_by_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
    )
    standing = sa.text("lifted_at is null")
    for name, column in (("uq_block_person", "person_id"), ("uq_block_number", "number_hash")):
        op.create_index(name, "block", [column], unique=True, sqlite_where=standing, postgresql_where=standing)


def downgrade() -> None:
    op.drop_table("block")
    op.execute("UPDATE call SET state = 'ended' WHERE state = 'blocked'")
    _call_states(*STATES, "ended")


def _call_states(*states: str) -> None:
    """Let a call be in these states and no others."""
    listed = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("call") as call:
        call.drop_constraint(op.f("ck_call_callstate"), type_="check")
        call.create_check_constraint(op.f("ck_call_callstate"), f"state IN ({listed})")
