"""Sessions of logins, links that set their passwords, and what was changed about them."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
CHANGES = (
    "what IN ('invited', 'link_made', 'made_admin', 'made_coordinator', 'made_volunteer', 'ended', 'brought_back', "
    "'factors_reset')"
)


def upgrade() -> None:
    with op.batch_alter_table("account") as batch:
        batch.add_column(sa.Column("invited_at", INSTANT, nullable=True))
        batch.add_column(sa.Column("ended_at", INSTANT, nullable=True))
        batch.add_column(sa.Column("seen_at", INSTANT, nullable=True))
    op.create_table(
        "login_session",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        _of_account("login_session"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_session_token_hash")),
    )
    op.create_index("ix_login_session_account_id", "login_session", ["account_id"])
    op.create_table(
        "login_link",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        _of_account("login_link"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_link_token_hash")),
        sa.UniqueConstraint("account_id", name=op.f("uq_login_link_account_id")),
    )
    op.create_table(
        "account_change",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("by_account_id", sa.String(), nullable=True),
        sa.Column("what", sa.String(24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(CHANGES, name=op.f("ck_account_change_loginchange")),
        _of_account("account_change"),
        sa.ForeignKeyConstraint(
            ["by_account_id"],
            ["account.id"],
            name=op.f("fk_account_change_by_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_change")),
    )
    op.create_index("ix_account_change_account_id", "account_change", ["account_id", "at"])


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_account_id_account")
    return sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    for table in ("account_change", "login_link", "login_session"):
        op.drop_table(table)
    with op.batch_alter_table("account") as batch:
        for column in ("seen_at", "ended_at", "invited_at"):
            batch.drop_column(column)
