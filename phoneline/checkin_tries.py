"""Which check-in a call makes for a volunteer, and whose it is by the plan. Read only; `volunteer_checkins` acts."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline.models import CHECKIN_TRY_IS_LIVE, Call, CheckinTry, Offer


def of_call(session: Session, call: Call) -> CheckinTry | None:
    """None for any other call."""
    return session.scalars(select(CheckinTry).where(CheckinTry.call_id == call.id)).one_or_none()


def is_by_themselves(session: Session, call: Call) -> bool:
    """Whether the volunteer who is rung chose to call: then nobody else is asked."""
    chosen = select(CheckinTry.by_themselves).where(CheckinTry.call_id == call.id)
    return bool(session.scalars(chosen).one_or_none())


def live_of(session: Session, checkin_id: str) -> CheckinTry | None:
    """The one under way for a check-in."""
    live = select(CheckinTry).where(CheckinTry.checkin_id == checkin_id, CHECKIN_TRY_IS_LIVE)
    return session.scalars(live.execution_options(populate_existing=True)).one_or_none()


def offers_of(session: Session, checkin_id: str, volunteer_id: str) -> Sequence[Offer]:
    """Each time that this volunteer was asked to make the check-in."""
    asked = select(Offer).join(CheckinTry, CheckinTry.call_id == Offer.call_id)
    return session.scalars(asked.where(CheckinTry.checkin_id == checkin_id, Offer.volunteer_id == volunteer_id)).all()
