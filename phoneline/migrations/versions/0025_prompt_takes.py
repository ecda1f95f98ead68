"""Prompts spoken in by telephone."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prompt_take",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("prompt", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("state", _STATE, nullable=False),
        sa.Column("recording_sid", sa.String(), nullable=True),
        sa.Column("audio", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'here') = (audio is not null)", name=op.f("ck_prompt_take_here_is_audio")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_prompt_take_call_id_call"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_prompt_take_person_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_take")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_prompt_take_call_id_number")),
        sa.UniqueConstraint("token", name=op.f("uq_prompt_take_token")),
    )
    is_left = sa.text("next_try_at is not null")
    op.create_index(
        "ix_prompt_take_next_try_at",
        "prompt_take",
        ["next_try_at"],
        sqlite_where=is_left,
        postgresql_where=is_left,
    )
    with op.batch_alter_table("prompt_recording") as batch:
        batch.add_column(sa.Column("person_id", sa.String(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_prompt_recording_person_id_person"), "person", ["person_id"], ["id"], ondelete="SET NULL"
        )


_STATE = sa.Enum(
    "awaited",
    "here",
    "unfit",
    "kept",
    "dropped",
    name="takestate",
    native_enum=False,
    create_constraint=True,
    length=24,
)


def downgrade() -> None:
    with op.batch_alter_table("prompt_recording") as batch:
        batch.drop_constraint(op.f("fk_prompt_recording_person_id_person"), type_="foreignkey")
        batch.drop_column("person_id")
    op.drop_table("prompt_take")
