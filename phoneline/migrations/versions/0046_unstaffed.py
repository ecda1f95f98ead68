"""An alarm about a stretch that is about to begin with nobody on shift."""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

KINDS = ["urgent_follow_up", "danger_words", "empty_shift", "spending", "overdue"]


def upgrade() -> None:
    _allow([*KINDS, "unstaffed"])


def _allow(kinds: list[str]) -> None:
    check, words = op.f("ck_alarm_alarmkind"), ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("alarm") as batch:
        batch.drop_constraint(check, type_="check")
        batch.create_check_constraint(check, f"kind IN ({words})")


def downgrade() -> None:
    op.execute("DELETE FROM alarm_telling WHERE alarm_id IN (SELECT id FROM alarm WHERE kind = 'unstaffed')")
    op.execute("DELETE FROM alarm WHERE kind = 'unstaffed'")
    _allow(KINDS)
