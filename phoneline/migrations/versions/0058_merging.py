"""Two records of one person made one; telephones that tell nobody who calls."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ACTS = [
    *("added", "edited", "numbers", "readiness"),
    *("plan_made", "plan_changed", "plan_paused", "plan_resumed", "plan_ended"),
]
NEW_ACTS = ["merged", "parted", "recognised", "not_them"]
OWN = "fk_person_merged_into_id_person"


def upgrade() -> None:
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("merged_into_id", sa.String(), nullable=True))
        batch.create_foreign_key(op.f(OWN), "person", ["merged_into_id"], ["id"], ondelete="CASCADE")
    op.create_index("ix_person_merged_into_id", "person", ["merged_into_id"])
    op.add_column("phone_number", sa.Column("identifies", sa.Boolean(), nullable=True))
    op.execute(sa.text("UPDATE phone_number SET identifies = :yes").bindparams(yes=True))
    with op.batch_alter_table("phone_number") as batch:
        batch.alter_column("identifies", existing_type=sa.Boolean(), nullable=False)
    op.create_table(
        "person_merge",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kept_id", sa.String(), nullable=False),
        sa.Column("gone_id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("moved", sa.Text(), nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.CheckConstraint("kept_id <> gone_id", name=op.f("ck_person_merge_two")),
        _to("kept_id", "person", "CASCADE"),
        _to("gone_id", "person", "CASCADE"),
        _to("account_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
    )
    op.create_index("ix_person_merge_kept_id", "person_merge", ["kept_id", "at"])
    _acts([*ACTS[:4], *NEW_ACTS, *ACTS[4:]])


def _to(column: str, table: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_person_merge_{column}_{table}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete=ondelete)


def _acts(acts: list[str]) -> None:
    words = ", ".join(f"'{act}'" for act in acts)
    check = op.f("ck_person_change_personact")
    with op.batch_alter_table("person_change") as batch:
        batch.drop_constraint(check, type_="check")
        batch.create_check_constraint(check, f"act IN ({words})")


def downgrade() -> None:
    op.execute("DELETE FROM person_change WHERE act IN ('merged', 'parted', 'recognised', 'not_them')")
    _acts(ACTS)
    op.drop_table("person_merge")
    with op.batch_alter_table("phone_number") as batch:
        batch.drop_column("identifies")
    op.drop_index("ix_person_merged_into_id", "person")
    with op.batch_alter_table("person") as batch:
        batch.drop_constraint(op.f(OWN), type_="foreignkey")
        batch.drop_column("merged_into_id")
