"""What was changed about the line: settings, prompts, blocks and limits."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _to(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_setting_change_{column}_{table}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete="SET NULL")


def upgrade() -> None:
    op.create_table(
        "setting_change",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("old", sa.String(), nullable=True),
        sa.Column("new", sa.String(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("source", sa.String(24), nullable=False),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("undoes_id", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('setting', 'words', 'recording', 'block', 'limit', 'apart')",
            name=op.f("ck_setting_change_settingkind"),
        ),
        sa.CheckConstraint("source IN ('page', 'command', 'telephone')", name=op.f("ck_setting_change_changesource")),
        _to("account", "account_id"),
        _to("person", "person_id"),
        _to("setting_change", "undoes_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_change")),
    )
    op.create_index("ix_setting_change_at", "setting_change", ["at", "id"])
    op.create_index("ix_setting_change_of", "setting_change", ["kind", "key", "at"])


def downgrade() -> None:
    op.drop_table("setting_change")
