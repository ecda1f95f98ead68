"""The second step of a login: an app's secret, recovery codes, and sessions that wait for a code."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("account") as batch:
        batch.add_column(sa.Column("totp_secret", sa.Text(), nullable=True))
        batch.add_column(sa.Column("totp_offered", sa.Text(), nullable=True))
        batch.add_column(sa.Column("totp_step", sa.Integer(), nullable=True))
    with op.batch_alter_table("login_session") as batch:
        batch.add_column(sa.Column("waits_for_code", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("login_session") as batch:
        batch.alter_column("waits_for_code", server_default=None)
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index("ix_recovery_code_account_id", "recovery_code", ["account_id"])


def downgrade() -> None:
    op.drop_table("recovery_code")
    with op.batch_alter_table("login_session") as batch:
        batch.drop_column("waits_for_code")
    with op.batch_alter_table("account") as batch:
        for column in ("totp_step", "totp_offered", "totp_secret"):
            batch.drop_column(column)
