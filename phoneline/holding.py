"""What speaks against calling a peer in this moment, and until when."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import plan_settings, spending
from phoneline.live_settings import LiveSettings
from phoneline.models import CALL_IS_LIVE, LEG_IS_LIVE, Call, Checkin, Leg, Offer, PhoneNumber
from phoneline.people import zone_of
from phoneline.quiet_hours import quiet_until

ON_THE_PHONE_SECONDS = 15
NEVER = datetime.max.replace(tzinfo=UTC)


class Hold(StrEnum):
    """Why a peer isn't called yet."""

    QUIET = "quiet"
    CAP = "cap"
    """The line's cap on spending."""
    OWN_CAP = "own_cap"
    """The cap on calls to one person a day."""
    ON_THE_PHONE = "on_the_phone"


@dataclass(frozen=True)
class Held:
    """Not before `until`: then it is looked at again."""

    by: Hold
    until: datetime


def what_holds(
    session: Session,
    checkin: Checkin,
    live: LiveSettings,
    line_zone: ZoneInfo,
    now: datetime,
    own: Call | None = None,
) -> Held | None:
    """None if nothing speaks against calling them now; `own` is the call by which a volunteer is about to."""
    until = quiet_end(checkin, live, line_zone, now)
    if until > now:
        return Held(Hold.QUIET, until)
    if not spending.may_call(session, checkin.person_id, live, now):
        theirs = spending.may_call_peers(session, live, now)
        return Held(Hold.OWN_CAP if theirs else Hold.CAP, now + timedelta(seconds=spending.HELD_SECONDS))
    if _on_the_phone(session, checkin.person_id, own):
        return Held(Hold.ON_THE_PHONE, now + timedelta(seconds=ON_THE_PHONE_SECONDS))
    return None


def quiet_end(checkin: Checkin, live: LiveSettings, line_zone: ZoneInfo, at: datetime) -> datetime:
    """The first instant from `at` on that isn't in their quiet hours."""
    windows = plan_settings.quiet_windows(checkin.plan, live)
    return quiet_until(at, zone_of(checkin.person, line_zone), *windows) or NEVER


def _on_the_phone(session: Session, person_id: str, own: Call | None) -> bool:
    """Whether the peer, or somebody who shares their telephone, is on it with the line, or has just been."""
    their_numbers = select(PhoneNumber.number_hash).where(PhoneNumber.person_id == person_id)
    sharers = select(PhoneNumber.person_id).where(PhoneNumber.number_hash.in_(their_numbers))
    on_call = select(Call.id).where(Call.person_id.in_(sharers), CALL_IS_LIVE)
    if own is not None:
        on_call = on_call.where(Call.id != own.id)
    # What the volunteer says of a call that has just ended decides whether it counts.
    being_logged = (
        select(Call.id)
        .join(Offer, Offer.call_id == Call.id)
        .join(Leg, Leg.id == Offer.leg_id)
        .where(Call.person_id == person_id, Offer.released_at.is_(None), Offer.joined_at.is_not(None))
        .where(LEG_IS_LIVE)
    )
    return any(session.scalars(rows.limit(1)).first() is not None for rows in (on_call, being_logged))
