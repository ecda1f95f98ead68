"""The usual volunteer of a check-in: rung first, also off shift, since its time was agreed on with them.

Not in their own night, nor on a break, nor while anything holds them.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import checkin_tries, matching, own_shifts, pauses, plan_settings, spending, team
from phoneline.live_settings import LiveSettings
from phoneline.models import Checkin, CheckinTry, Offer, Person
from phoneline.people import zone_of
from phoneline.quiet_hours import is_quiet
from phoneline.states import OfferResult, Role


def askable(session: Session, checkin: Checkin, live: LiveSettings, now: datetime) -> Person | None:
    """The usual volunteer, if they may be rung now. Who passed isn't asked again, who let it ring not at once."""
    usual_id = checkin.plan.volunteer_id
    person = session.get(Person, usual_id) if usual_id is not None else None
    if person is None or not _may_make(session, checkin, person, live, now):
        return None
    lately = now - timedelta(seconds=plan_settings.retry_seconds(checkin.plan, live))
    for offer in checkin_tries.offers_of(session, checkin.id, person.id):
        if offer.result is OfferResult.DECLINED or offer.offered_at > lately:
            return None
    held = team.busy(session, [person.id], now) or spending.rung_enough(session, [person.id], live, now)
    return None if held else person


def _may_make(session: Session, checkin: Checkin, person: Person, live: LiveSettings, now: datetime) -> bool:
    if not (person.ready and person.has(Role.VOLUNTEER) and person.numbers) or person.id == checkin.person_id:
        return False
    if pauses.current(session, person.id, now) is not None:
        return False
    if person.id in matching.apart_from(session, checkin.person_id):
        return False
    night = is_quiet(now, zone_of(person, live.home.zone), live.quiet_weekday, live.quiet_weekend)
    return not night or is_on_shift(session, person, now)


def is_on_shift(session: Session, person: Person, now: datetime) -> bool:
    return own_shifts.on_until(session, person.id, now) is not None


def is_still_wanted(session: Session, offer: Offer, now: datetime) -> bool:
    """Whether the offer is to the usual volunteer, who may be off shift, and who hasn't gone on a break since."""
    usual_id = session.scalars(select(CheckinTry.usual_id).where(CheckinTry.call_id == offer.call_id)).one_or_none()
    ready = usual_id == offer.volunteer_id and offer.volunteer.ready
    return ready and pauses.current(session, offer.volunteer_id, now) is None
