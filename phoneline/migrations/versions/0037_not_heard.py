"""When people were last heard of, what they missed, their own number of days; and tasks to call somebody."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
KINDS = ["call", "checkin", "voicemail", "callback", "sms", "in_person"]
ACTIONS = [
    "number_shown",
    "message_heard",
    "outcome_given",
    "checkin_skipped",
    "checkin_restored",
    "checkin_moved",
    "checkin_called",
    "checkin_heard",
    "contact_logged",
]
INDEXES = {
    "ix_person_last_heard_at": (["last_heard_at", "id"], "not_heard_days is null"),
    "ix_person_own_days": (["not_heard_days", "last_heard_at", "id"], "not_heard_days is not null"),
    "ix_person_missed": (["last_heard_at", "id"], "checkins_missed >= 3"),
}
LAST_HEARD = """
UPDATE person SET last_heard_at = coalesce((
    SELECT max(contact.at) FROM contact
    WHERE contact.person_id = person.id AND contact.outcome <> 'wrong_number' AND (
        contact.kind IN ('sms', 'in_person')
        OR contact.by_hand
        OR (contact.kind = 'call' AND EXISTS (
            SELECT 1 FROM "call" WHERE "call".id = contact.call_id AND "call".answered_at IS NOT NULL))
        OR (contact.kind = 'callback' AND EXISTS (
            SELECT 1 FROM callback WHERE callback.call_id = contact.call_id AND callback.state = 'joined'))
        OR (contact.kind = 'voicemail' AND EXISTS (
            SELECT 1 FROM voicemail WHERE voicemail.contact_id = contact.id AND voicemail.state = 'kept'))
        OR (contact.kind = 'checkin' AND EXISTS (
            SELECT 1 FROM checkin WHERE checkin.id = contact.checkin_id
            AND checkin.state IN ('ok', 'talked') AND checkin.settled_by <> 'inbound_call'))
    )), created_at)
"""
MISSED = """
UPDATE person SET checkins_missed = (
    SELECT count(*) FROM checkin
    WHERE checkin.person_id = person.id AND checkin.state IN ('unreached', 'expired')
    AND checkin.attempts_used > 0 AND checkin.hands_off_at IS NULL AND checkin.due_at > person.last_heard_at)
"""


def upgrade() -> None:
    op.add_column("person", sa.Column("last_heard_at", INSTANT, nullable=True))
    op.add_column("person", sa.Column("checkins_missed", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("person", sa.Column("not_heard_days", sa.Integer(), nullable=True))
    op.execute(LAST_HEARD)
    op.execute(MISSED)
    with op.batch_alter_table("person") as batch:
        batch.alter_column("last_heard_at", existing_type=INSTANT, nullable=False)
        batch.alter_column("checkins_missed", server_default=None)
        batch.create_check_constraint(op.f("ck_person_not_heard_days"), "not_heard_days between 1 and 3650")
    for name, (columns, where) in INDEXES.items():
        rows = sa.text(where)
        op.create_index(name, "person", columns, sqlite_where=rows, postgresql_where=rows)
    _allow("contact", "contactkind", "kind", [*KINDS, "outreach"])
    task = sa.text("kind = 'outreach' and follow_up in ('wanted', 'urgent')")
    op.create_index(
        "uq_contact_outreach", "contact", ["person_id"], unique=True, sqlite_where=task, postgresql_where=task
    )
    _allow("access_log", "accessaction", "action", [*ACTIONS, "outreach_asked"])


def _allow(table: str, name: str, column: str, values: list[str]) -> None:
    words = ", ".join(f"'{value}'" for value in values)
    check = op.f(f"ck_{table}_{name}")
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(check, type_="check")
        batch.create_check_constraint(check, f"{column} IN ({words})")


def downgrade() -> None:
    op.execute("DELETE FROM access_log WHERE action = 'outreach_asked'")
    _allow("access_log", "accessaction", "action", ACTIONS)
    op.drop_index("uq_contact_outreach", "contact")
    op.execute("DELETE FROM contact WHERE kind = 'outreach'")
    _allow("contact", "contactkind", "kind", KINDS)
    for name in INDEXES:
        op.drop_index(name, "person")
    with op.batch_alter_table("person") as batch:
        batch.drop_constraint(op.f("ck_person_not_heard_days"), type_="check")
        for name in ("last_heard_at", "checkins_missed", "not_heard_days"):
            batch.drop_column(name)
