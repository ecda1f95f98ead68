"""What the first page shows, read in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from dashboard.own_record import not_own
from dashboard.shifts import Span, joined
from phoneline import pauses
from phoneline.follow_ups import IS_OPEN
from phoneline.models import (
    CALL_IS_LIVE,
    Call,
    Checkin,
    CheckinPlan,
    Contact,
    Handover,
    Leg,
    Offer,
    Person,
    PersonRole,
    ShiftHours,
)
from phoneline.states import (
    OPEN_CHECKIN_STATES,
    CallState,
    CheckinState,
    Direction,
    FollowUp,
    HandoverKind,
    LegState,
    OfferResult,
    PauseReason,
    PlanKind,
    Role,
)

ROSTER_AHEAD = timedelta(days=7)
MOST_SPANS = 200
MOST_CALLS = 50
MOST_CHECKINS = 12

Caller = aliased(Person)
Volunteer = aliased(Person)


@dataclass(frozen=True)
class Busy:
    """A volunteer who is being rung, talks or wraps up."""

    person_id: str
    name: str
    result: OfferResult | None
    accepted_at: datetime | None
    conversation_ended_at: datetime | None
    wrap_up_until: datetime | None
    leg_state: LegState


def spans_ahead(session: Session, now: datetime) -> Sequence[Span]:
    """The hours of the coming days that have not ended, of volunteers who may be rung."""
    found = session.execute(
        select(Person.id, Person.name, ShiftHours.tier, ShiftHours.starts_at, ShiftHours.ends_at)
        .join(ShiftHours, ShiftHours.person_id == Person.id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(ShiftHours.ends_at > now, ShiftHours.starts_at < now + ROSTER_AHEAD)
        .where(Person.ready, ~ShiftHours.shadow, ~ShiftHours.off, PersonRole.role == Role.VOLUNTEER)
        .order_by(ShiftHours.starts_at, ShiftHours.tier, ShiftHours.person_id)
        .limit(MOST_SPANS)
    )
    return joined([Span(*row) for row in found])


def open_hours(session: Session, now: datetime, until: datetime) -> Sequence[tuple[datetime, datetime]]:
    """When somebody is still needed: open shifts that begin before `until` and aren't over."""
    found = session.execute(
        select(ShiftHours.starts_at, ShiftHours.ends_at)
        .where(ShiftHours.person_id.is_(None), ~ShiftHours.shadow, ~ShiftHours.off)
        .where(ShiftHours.ends_at > now, ShiftHours.starts_at < until)
        .order_by(ShiftHours.starts_at, ShiftHours.ends_at)
        .limit(MOST_SPANS)
    )
    return [(starts_at, ends_at) for starts_at, ends_at in found]


def busy(session: Session) -> Sequence[Busy]:
    found = session.execute(
        select(
            Offer.volunteer_id,
            Person.name,
            Offer.result,
            Offer.accepted_at,
            Offer.conversation_ended_at,
            Offer.wrap_up_until,
            Leg.state,
        )
        .join(Person, Person.id == Offer.volunteer_id)
        .join(Leg, Leg.id == Offer.leg_id)
        .where(Offer.released_at.is_(None))
        .order_by(Offer.offered_at)
    )
    return [Busy(*row) for row in found]


@dataclass(frozen=True)
class Paused:
    """A volunteer who isn't rung for a while."""

    reason: PauseReason
    since: datetime
    until: datetime | None


def paused(session: Session, now: datetime) -> Mapping[str, Paused]:
    """By the volunteer's id."""
    found = pauses.all_current(session, now)
    return {person_id: Paused(one.reason, one.since, one.until) for person_id, one in found.items()}


@dataclass(frozen=True)
class LiveCall:
    """A call in progress."""

    id: str
    direction: Direction
    state: CallState
    started_at: datetime
    answered_at: datetime | None
    wait_began_at: datetime
    joined_at: datetime | None
    withheld: bool
    caller: str | None
    volunteer: str | None
    """Who took the call and is in it still."""
    third: HandoverKind | None
    """Whoever was brought in and is in it still."""


def live_calls(session: Session) -> Sequence[LiveCall]:
    """Calls that have not ended, longest first."""
    third = select(Handover.kind).where(
        Handover.call_id == Call.id, Handover.joined_at.is_not(None), Handover.ended_at.is_(None)
    )
    talking = select(Offer.id).where(
        Offer.call_id == Call.id, Offer.result == OfferResult.ACCEPTED, Offer.conversation_ended_at.is_(None)
    )
    found: Iterable[Any] = session.execute(
        select(
            Call.id,
            Call.direction,
            Call.state,
            Call.started_at,
            Call.answered_at,
            Call.wait_began_at,
            Call.joined_at,
            Call.number.is_(None),
            Caller.name,
            Volunteer.name,
            third.scalar_subquery(),
        )
        .join(Caller, Caller.id == Call.person_id, isouter=True)
        .join(Volunteer, (Volunteer.id == Call.volunteer_id) & talking.exists(), isouter=True)
        .where(CALL_IS_LIVE, not_own(Call.person_id))
    )
    # Put in order here: asked for it, SQLite goes through all the calls there ever were by their beginning.
    live = sorted((LiveCall(*row) for row in found), key=lambda one: (one.started_at, one.id))
    return live[:MOST_CALLS]


@dataclass(frozen=True)
class PlannedCheckin:
    """A check-in that is still to be made."""

    id: str
    person: str
    kind: PlanKind
    state: CheckinState
    due_at: datetime
    attempt_due_at: datetime
    hands_off: bool
    volunteer: str | None


def open_checkins(session: Session, until: datetime) -> Sequence[PlannedCheckin]:
    """Check-ins that are not settled, due before `until`; at most one more than a page shows."""
    found = session.execute(
        select(
            Checkin.id,
            Person.name,
            Checkin.kind,
            Checkin.state,
            Checkin.due_at,
            Checkin.attempt_due_at,
            Checkin.hands_off_at.is_not(None),
            Volunteer.name,
        )
        .join(Person, Person.id == Checkin.person_id)
        .join(CheckinPlan, CheckinPlan.id == Checkin.plan_id)
        .join(Volunteer, Volunteer.id == CheckinPlan.volunteer_id, isouter=True)
        .where(Checkin.state.in_(OPEN_CHECKIN_STATES), Checkin.due_at < until)
        # What is older has run out of its grace; the bound lets the index on due times do the work.
        .where(Checkin.due_at > until - timedelta(days=8), not_own(Checkin.person_id))
        .order_by(Checkin.attempt_due_at, Checkin.id)
        .limit(MOST_CHECKINS + 1)
    )
    return [PlannedCheckin(*row) for row in found]


def checkin_counts(session: Session, since: datetime, until: datetime) -> dict[CheckinState, int]:
    """How the check-ins due in [since, until) stand."""
    found = session.execute(
        select(Checkin.state, func.count())
        .where(Checkin.due_at >= since, Checkin.due_at < until, not_own(Checkin.person_id))
        .group_by(Checkin.state)
    )
    return dict(found.all())


def people_in_need(session: Session) -> dict[FollowUp, int]:
    """How many people, or contacts of nobody known, have an open follow-up: by its urgency."""
    found = session.execute(
        select(Contact.follow_up, func.count(func.coalesce(Contact.person_id, Contact.id).distinct()))
        .where(IS_OPEN, not_own(Contact.person_id))
        .group_by(Contact.follow_up)
    )
    return dict(found.all())
