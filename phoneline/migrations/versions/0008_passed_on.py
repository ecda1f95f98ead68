"""A caller may be with the fallback number."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BEFORE = (
    *("greeting", "checkin", "waiting", "choosing", "connected", "aside"),
    *("left", "message", "callback", "ended"),
)
NOW = (*BEFORE[:-1], "passed_on", "ended")


def _allow(states: tuple[str, ...]) -> None:
    words = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("call") as batch:
        batch.drop_constraint(op.f("ck_call_callstate"), type_="check")
        batch.create_check_constraint(op.f("ck_call_callstate"), f"state IN ({words})")


def upgrade() -> None:
    _allow(NOW)


def downgrade() -> None:
    op.execute("UPDATE call SET state = 'choosing' WHERE state = 'passed_on'")
    _allow(BEFORE)
