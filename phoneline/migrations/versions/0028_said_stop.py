"""Who pressed 9 in a volunteer's call has it in the ledger."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_NOT_NEEDED = "no yes was needed"
_at = sa.DateTime(timezone=True)
_consent = sa.table(
    "consent",
    sa.column("id", sa.String()),
    sa.column("person_id", sa.String()),
    sa.column("kind", sa.String()),
    sa.column("given_at", _at),
    sa.column("given_how", sa.String()),
    sa.column("withdrawn_at", _at),
    sa.column("withdrawn_how", sa.String()),
)
_checkin = sa.table("checkin", *(sa.column(name, sa.String()) for name in ("id", "person_id", "kind")))
_attempt = sa.table(
    "attempt", sa.column("checkin_id", sa.String()), sa.column("result", sa.String()), sa.column("at", _at)
)


def upgrade() -> None:
    said = (
        sa.select(_checkin.c.person_id, sa.func.max(_attempt.c.at, type_=_at))
        .join_from(_attempt, _checkin, _checkin.c.id == _attempt.c.checkin_id)
        .where(_attempt.c.result == "stop", _checkin.c.kind == "volunteer")
        .group_by(_checkin.c.person_id)
    )
    for person_id, at in op.get_bind().execute(said).all():
        entry = {
            "id": str(uuid.uuid4()),
            "person_id": person_id,
            "kind": "volunteer_calls",
            "given_at": at,
            "given_how": _NOT_NEEDED,
            "withdrawn_at": at,
            "withdrawn_how": "key 9",
        }
        op.execute(sa.insert(_consent).values(**entry))


def downgrade() -> None:
    op.execute(sa.delete(_consent).where(_consent.c.kind == "volunteer_calls", _consent.c.given_how == _NOT_NEEDED))
