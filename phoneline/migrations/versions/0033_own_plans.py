"""Peers at their own check-in calls by telephone."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def _word(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


_PAGE = _word(
    "planpage",
    *("who", "plan", "more", "none", "agree", "days", "weekdays", "same_time", "time", "half", "pause", "confirm"),
    *("person", "over"),
)
_WISH = _word("planwish", "move", "change", "make", "pause", "resume", "end")
_POINTS_AT = {
    "call_id": ("call", "CASCADE"),
    "person_id": ("person", "CASCADE"),
    "plan_id": ("checkin_plan", "SET NULL"),
    "checkin_id": ("checkin", "SET NULL"),
}


def upgrade() -> None:
    op.create_table(
        "plan_visit",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("page", _PAGE, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("news", sa.String(), nullable=True),
        sa.Column("plan_id", sa.String(), nullable=True),
        sa.Column("wish", _WISH, nullable=True),
        sa.Column("checkin_id", sa.String(), nullable=True),
        sa.Column("rrule", sa.String(), nullable=True),
        sa.Column("clock", sa.String(), nullable=True),
        sa.Column("at_local", sa.DateTime(), nullable=True),
        *[
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_plan_visit_{column}_{table}"), ondelete=on_delete
            )
            for column, (table, on_delete) in _POINTS_AT.items()
        ],
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_plan_visit")),
    )


def downgrade() -> None:
    op.drop_table("plan_visit")
