"""What a plan may say of its calls, why a check-in was skipped, and what was agreed to in which words."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def _word(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


_REASON = _word("checkinreason", "no_consent", "paused", "by_hand", "plan_ended", "plan_changed", "stopped")
_KIND = _word("consentkind", "automated_calls", "volunteer_calls")
_CHECKS = {
    "attempts": "attempts between 1 and 10",
    "retry_seconds": "retry_seconds >= 0",
    "ring_seconds": "ring_seconds between 5 and 600",
    "pause": "paused_until is null or paused_from < paused_until",
    "ended": "(ended_at is null) = (ended_by is null)",
}


def upgrade() -> None:
    op.add_column("leg", sa.Column("digits", sa.Text(), nullable=True))
    op.drop_index("ix_checkin_plan_laid_out_until", "checkin_plan")
    with op.batch_alter_table("checkin_plan") as batch:
        for column in _plan_columns():
            batch.add_column(column)
        for name, rule in _CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_checkin_plan_{name}"), rule)
    with op.batch_alter_table("checkin_plan") as batch:
        for name in ("second_on_retry", "discreet"):
            batch.alter_column(name, server_default=None)
    stands = sa.text("ended_at is null")
    op.create_index(
        "ix_checkin_plan_laid_out_until",
        "checkin_plan",
        ["laid_out_until"],
        sqlite_where=stands,
        postgresql_where=stands,
    )
    with op.batch_alter_table("checkin") as batch:
        batch.add_column(sa.Column("reason", _REASON, nullable=True))
    with op.batch_alter_table("attempt") as batch:
        batch.add_column(sa.Column("number_position", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("attempt") as batch:
        batch.alter_column("number_position", server_default=None)
    _consent_by(["person_id", "kind"])


def _plan_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("topics", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=True),
        sa.Column("retry_seconds", sa.Integer(), nullable=True),
        sa.Column("ring_seconds", sa.Integer(), nullable=True),
        sa.Column("second_on_retry", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("extension", sa.Text(), nullable=True),
        sa.Column("voicemail", _word("planvoicemail", "none", "neutral"), nullable=True),
        sa.Column("discreet", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("quiet", sa.String(), nullable=True),
        sa.Column("ends_local", sa.DateTime(), nullable=True),
        sa.Column("paused_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", _word("planauthor", "peer", "coordinator"), nullable=True),
    ]


def _consent_by(unique: list[str]) -> None:
    op.drop_index("uq_consent_given", "consent")
    if "kind" in unique:
        with op.batch_alter_table("consent") as batch:
            batch.add_column(sa.Column("kind", _KIND, nullable=False, server_default="automated_calls"))
            batch.add_column(sa.Column("words", sa.Text(), nullable=True))
        with op.batch_alter_table("consent") as batch:
            batch.alter_column("kind", server_default=None)
    else:
        # Before, the ledger knew of one kind.
        op.execute("delete from consent where kind <> 'automated_calls'")
        with op.batch_alter_table("consent") as batch:
            batch.drop_constraint(op.f("ck_consent_consentkind"), type_="check")
            batch.drop_column("words")
            batch.drop_column("kind")
    given = sa.text("withdrawn_at is null")
    op.create_index("uq_consent_given", "consent", unique, unique=True, sqlite_where=given, postgresql_where=given)


def downgrade() -> None:
    _consent_by(["person_id"])
    with op.batch_alter_table("attempt") as batch:
        batch.drop_column("number_position")
    with op.batch_alter_table("checkin") as batch:
        batch.drop_constraint(op.f("ck_checkin_checkinreason"), type_="check")
        batch.drop_column("reason")
    # Before, a plan that was taken off was none.
    op.execute("delete from checkin_plan where ended_at is not null")
    op.drop_index("ix_checkin_plan_laid_out_until", "checkin_plan")
    with op.batch_alter_table("checkin_plan") as batch:
        for name in (*_CHECKS, "planvoicemail", "planauthor"):
            batch.drop_constraint(op.f(f"ck_checkin_plan_{name}"), type_="check")
        for column in _plan_columns():
            batch.drop_column(column.name)
    op.create_index("ix_checkin_plan_laid_out_until", "checkin_plan", ["laid_out_until"])
    with op.batch_alter_table("leg") as batch:
        batch.drop_column("digits")
