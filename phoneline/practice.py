"""The practice line: a volunteer's telephone is rung, and a caller is played to them.

No call, offer or contact comes of it: it stands in no export, report or roster.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from phoneline import legs, own_shifts, pauses, spending, team
from phoneline.db import Job, after_commit, insert_or_ignore
from phoneline.live_settings import LiveSettings
from phoneline.models import Leg, Offer, Person, Practice
from phoneline.states import LegPurpose

RING_SECONDS = 30
MOST_A_DAY = 10
DAY = timedelta(days=1)


class Refused(StrEnum):
    """Why nobody is rung."""

    NO_NUMBER = "no_number"
    ON_SHIFT = "on_shift"
    """Callers come first: on a break, or off shift, there is time to practise."""
    ON_THE_PHONE = "on_the_phone"
    RINGS = "rings"
    """Their telephone rings for it already."""
    ENOUGH = "enough"
    CAP = "cap"


def ask(session: Session, person: Person, live: LiveSettings, now: datetime) -> Refused | None:
    """Have their telephone rung. Why not, if nobody is; pressed again it rings once."""
    why = _why_not(session, person, live, now)
    if why is not None:
        return why
    leg = legs.write_down(session, LegPurpose.PRACTICE, person.numbers[0].number, RING_SECONDS, now)
    if not insert_or_ignore(session, Practice, person_id=person.id, leg_id=leg.id, at=now):
        session.delete(leg)
        return Refused.RINGS
    after_commit(session, Job("place_calls"))
    return None


def _why_not(session: Session, person: Person, live: LiveSettings, now: datetime) -> Refused | None:
    lately = select(func.count()).where(Practice.person_id == person.id, Practice.at > now - DAY)
    lately = lately.where(Practice.leg_id.is_not(None))
    if not person.numbers:
        return Refused.NO_NUMBER
    if current(session, person.id) is not None:
        return Refused.RINGS
    if is_on_call(session, person, now):
        return Refused.ON_SHIFT
    if team.busy(session, [person.id], now):
        return Refused.ON_THE_PHONE
    if session.execute(lately).scalar_one() >= MOST_A_DAY:
        return Refused.ENOUGH
    return None if spending.may_call_peers(session, live, now) else Refused.CAP


def is_on_call(session: Session, person: Person, now: datetime) -> bool:
    """Whether callers may ring them in this moment."""
    on = own_shifts.on_until(session, person.id, now) is not None
    return on and person.ready and pauses.current(session, person.id, now) is None


def in_menu(session: Session, person: Person, now: datetime) -> Practice:
    """They are in the volunteers' own menu, and practise there: nobody need ring them."""
    made = Practice(person_id=person.id, at=now, over_at=now)
    session.add(made)
    session.flush()
    return made


def of_visit(session: Session, practice_id: str, person_id: str) -> Practice | None:
    found = session.get(Practice, practice_id)
    return found if found is not None and found.person_id == person_id else None


def current(session: Session, person_id: str) -> Practice | None:
    """The one for which their telephone is rung, or on which they are."""
    return session.scalars(select(Practice).filter_by(person_id=person_id, over_at=None)).one_or_none()


# The leg


def hold(session: Session, leg: Leg) -> Practice | None:
    """What the leg is for, held and read afresh; None once who practised was erased."""
    held = select(Practice).where(Practice.leg_id == leg.id).with_for_update(of=Practice, key_share=True)
    return session.scalars(held.execution_options(populate_existing=True)).one_or_none()


def is_wanted(session: Session, leg: Leg) -> bool:
    """Whether a leg that waited its turn is still to be dialled: not if a call came first."""
    found = session.scalars(select(Practice).where(Practice.leg_id == leg.id)).one_or_none()
    if found is None or found.over_at is not None:
        return False
    busy = select(Offer.id).where(Offer.volunteer_id == found.person_id, Offer.released_at.is_(None))
    return session.scalars(busy).first() is None


def over(session: Session, leg: Leg, now: datetime) -> None:
    """Their telephone is free again."""
    found = session.scalars(select(Practice).where(Practice.leg_id == leg.id)).one_or_none()
    if found is not None:
        found.over_at = found.over_at or now


def finished(session: Session, person_id: str) -> tuple[int, datetime | None]:
    """How often they went through a whole call, and when last."""
    done = select(func.count(Practice.finished_at), func.max(Practice.finished_at))
    count, last = session.execute(done.where(Practice.person_id == person_id)).one()
    return count, last
