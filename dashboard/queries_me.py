"""What a volunteer's own page is made of, in a fixed number of queries. Of peers a first name, where they call them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from phoneline import (
    checkin_layout,
    checkin_rings,
    debriefs,
    holding,
    matching,
    own_calls,
    own_shifts,
    pauses,
    plan_settings,
    practice,
)
from phoneline.models import (
    CHECKIN_TRY_IS_LIVE,
    Call,
    Checkin,
    CheckinPlan,
    CheckinTry,
    Debrief,
    Offer,
    Pause,
    Person,
    Practice,
)
from phoneline.own_calls import OwnCall
from phoneline.own_checkins import OwnList
from phoneline.own_shifts import Stretch
from phoneline.people import said_no_to_volunteers
from phoneline.recurrence import day_around
from phoneline.states import CallState, CheckinState, OfferResult, PlanKind
from phoneline.volunteer_checkins import WAITS

Volunteer = aliased(Person)


class Going(StrEnum):
    """What goes on about a check-in in this moment."""

    RINGS_ME = "rings_me"
    RINGS_THEM = "rings_them"
    TALKING = "talking"
    ASKED = "asked"
    """Somebody else is being rung for it, or is at it."""


@dataclass(frozen=True)
class Busy:
    """What holds the volunteer: a call that rings, or goes on, or the rest after it."""

    result: OfferResult | None
    accepted_at: datetime | None
    conversation_ended_at: datetime | None
    wrap_up_until: datetime | None


@dataclass(frozen=True)
class Listed:
    """One whom they call today, or could."""

    id: str
    name: str
    due_at: datetime
    attempt_due_at: datetime
    state: CheckinState
    own: bool
    topics: str
    """What the peer wanted whoever usually calls them to know."""
    going: Going | None
    may_call: bool
    is_quiet: bool
    """It is the peer's quiet hours."""


@dataclass(frozen=True)
class Now:
    """What changes while one looks at it."""

    name: str
    ready: bool
    has_number: bool
    hours: Sequence[Stretch]
    pause: Pause | None
    busy: Busy | None
    practice: Practice | None
    debrief: Debrief | None
    checkins: Sequence[Listed]
    last: OwnCall | None


def now(session: Session, own: OwnList) -> Now:
    person, at = own.person, own.now
    return Now(
        name=person.first_name,
        ready=person.ready,
        has_number=bool(person.numbers),
        hours=own_shifts.ahead(session, person.id, at)[:2],
        pause=pauses.current(session, person.id, at),
        busy=_busy(session, person.id),
        practice=practice.current(session, person.id),
        debrief=debriefs.of_volunteer(session, person.id),
        checkins=_checkins(session, own),
        last=next(iter(own_calls.of_volunteer(session, person.id, at, most=1)), None),
    )


def _busy(session: Session, person_id: str) -> Busy | None:
    held = select(Offer).where(Offer.volunteer_id == person_id, Offer.released_at.is_(None))
    offer = session.scalars(held).one_or_none()
    if offer is None:
        return None
    return Busy(offer.result, offer.accepted_at, offer.conversation_ended_at, offer.wrap_up_until)


def _checkins(session: Session, own: OwnList) -> Sequence[Listed]:
    """Theirs of today, over or not, then what nobody else calls while they are on shift."""
    mine, others = _of_today(session, own), checkin_rings.of_shift(session, own)
    going = _going(session, own.person.id, [one.id for one in (*mine, *others)])
    return [_listed(one, own, going.get(one.id), own_one=one in mine) for one in (*mine, *others)]


def _of_today(session: Session, own: OwnList) -> Sequence[Checkin]:
    since, until = day_around(own.now, own.zone)
    theirs = (
        select(Checkin)
        .join(CheckinPlan, CheckinPlan.id == Checkin.plan_id)
        .options(joinedload(Checkin.person), joinedload(Checkin.plan))
        .where(CheckinPlan.volunteer_id == own.person.id, Checkin.kind == PlanKind.VOLUNTEER, Checkin.due_at < until)
        .where(or_(Checkin.due_at >= since, Checkin.state.in_([*WAITS, CheckinState.CALLING])))
        .where(Checkin.person_id.not_in(matching.apart(own.person.id)), ~said_no_to_volunteers(Checkin.person_id))
    )
    return session.scalars(theirs.order_by(Checkin.due_at, Checkin.id).limit(checkin_rings.MOST)).all()


def _going(session: Session, person_id: str, ids: Sequence[str]) -> dict[str, Going]:
    """By check-in: what goes on."""
    at_it = or_(Offer.result.is_(None), Offer.result == OfferResult.ACCEPTED)
    rows = session.execute(
        select(CheckinTry.checkin_id, Call.state, Offer.volunteer_id, Offer.result)
        .join(Call, Call.id == CheckinTry.call_id)
        .join(Offer, Offer.call_id == Call.id)
        .where(CheckinTry.checkin_id.in_(ids), CHECKIN_TRY_IS_LIVE, at_it, Offer.conversation_ended_at.is_(None))
    )
    found: dict[str, Going] = {}
    for checkin_id, state, volunteer_id, result in rows:
        if volunteer_id != person_id:
            found.setdefault(checkin_id, Going.ASKED)
        elif result is None:
            found[checkin_id] = Going.RINGS_ME
        else:
            found[checkin_id] = Going.RINGS_THEM if state is CallState.RINGING else Going.TALKING
    return found


def _listed(one: Checkin, own: OwnList, going: Going | None, *, own_one: bool) -> Listed:
    """Whether they may be called is looked at once more when it is asked for."""
    waits = one.state in WAITS and one.attempts_used < plan_settings.attempts(one.plan, own.live)
    due = one.state is CheckinState.DUE or one.attempt_due_at <= own.now
    is_quiet = holding.quiet_end(one, own.live, own.line_zone, own.now) > own.now
    may_call = waits and due and going is None and not checkin_layout.is_paused(one.plan, own.now)
    return Listed(
        id=one.id,
        name=one.person.known_as,
        due_at=one.due_at,
        attempt_due_at=one.attempt_due_at,
        state=one.state,
        own=own_one,
        topics=(one.plan.topics or "") if own_one else "",
        going=going,
        may_call=may_call and not is_quiet and own.person.ready,
        is_quiet=is_quiet and waits,
    )
