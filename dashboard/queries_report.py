"""What a report is made of, counted by the database: a fixed number of questions, whatever happened in the range."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from phoneline.elapsed import Earliest, QuarterHour, Told, Whole, WholeSeconds
from phoneline.follow_ups import IS_OPEN
from phoneline.models import (
    AccessLog,
    Attempt,
    Call,
    Charge,
    Checkin,
    CheckinPlan,
    CheckinTry,
    Contact,
    Leg,
    Person,
    ShiftHours,
    TextIn,
    TextOut,
)
from phoneline.report_rules import (
    HEARD,
    MADE,
    MISSED,
    CallsAlike,
    ChargesAlike,
    CheckinsAlike,
    ContactsAlike,
    HoursOf,
    Tallies,
)
from phoneline.states import (
    AccessAction,
    CallOutcome,
    ContactKind,
    Direction,
    LegState,
    PlanKind,
    SettledBy,
    TextState,
)

Query = Select[*tuple[Any, ...]]
MINUTE = 60
PLACED = Call.carrier_sid.is_not(None)
"""As in the exports: a leg that the carrier never placed was no call."""


@dataclass(frozen=True)
class Range:
    """From `since`, included, until `until`, not; of what has a length, what was of it up to `now`."""

    since: datetime
    until: datetime
    now: datetime

    def holds(self, at: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        return and_(at >= self.since, at < self.until)


def tallies(session: Session, within: Range, grace_seconds: int, *, with_names: bool = True) -> Tallies:
    """Everything that stands in a report's measures."""
    reached, *charged = session.execute(
        select(*(one.scalar_subquery() for one in (people(within), *billed(within))))
    ).one()
    return Tallies(
        calls=[CallsAlike(*row) for row in _rows(session, calls(within))],
        contacts=[ContactsAlike(*row) for row in _rows(session, contacts(within))],
        messages=dict(_rows(session, messages(within))),
        checkins=[CheckinsAlike(*row) for row in _rows(session, checkins(within, grace_seconds))],
        open_since=[minutes for (minutes,) in _rows(session, still_open(within))],
        usual={bool(usual): count for usual, count in _rows(session, continuity(within))},
        people=reached,
        volunteers=_volunteers(session, within, with_names=with_names),
        charges=[ChargesAlike(*row) for row in _rows(session, charges(within))],
        chargeable=sum(charged),
    )


def _rows(session: Session, statement: Query) -> Sequence[Any]:
    return list(session.execute(statement))


def _sum(of: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[int]:
    """A whole number in both databases."""
    return cast(func.sum(of), BigInteger)


def calls(within: Range) -> Query:
    waited = WholeSeconds(Call.started_at, Earliest(Call.answered_at, Call.way_out_at, Call.ended_at))
    alike = (Call.direction, Call.outcome, waited.label("waited"))
    return (
        select(*alike, func.count(), _sum(Whole(Call.talk_seconds)))
        .where(within.holds(Call.started_at), PLACED)
        .group_by(Call.direction, Call.outcome, "waited")
    )


def by_quarters(session: Session, within: Range) -> Sequence[tuple[int, int, int]]:
    """Calls to the line: the quarter of an hour since 1970, how many came in it, how many of them were answered."""
    answered = case((Call.outcome == CallOutcome.CONNECTED, 1), else_=0)
    quarter = QuarterHour(Call.started_at).label("quarter")
    statement = (
        select(quarter, func.count(), _sum(answered))
        .where(within.holds(Call.started_at), PLACED, Call.direction == Direction.INBOUND)
        .group_by("quarter")
    )
    return [(quarter, count, answered) for quarter, count, answered in _rows(session, statement)]


def contacts(within: Range) -> Query:
    seconds = WholeSeconds(Told(Contact.at), Told(Contact.done_at))
    alike = (Contact.kind, Contact.follow_up, (seconds // MINUTE).label("minutes"))
    return (
        select(*alike, func.count())
        .where(within.holds(Contact.at))
        .group_by(Contact.kind, Contact.follow_up, "minutes")
    )


def messages(within: Range) -> Query:
    """By the minutes until somebody listened, did the follow-up, or was joined with them in a call."""
    listened = (
        select(func.min(AccessLog.at))
        .where(AccessLog.contact_id == Contact.id, AccessLog.action == AccessAction.MESSAGE_HEARD)
        .correlate(Contact)
        .scalar_subquery()
    )
    rung = (
        select(func.min(Call.answered_at))
        .where(Call.person_id == Contact.person_id, Call.started_at > Contact.at, Call.answered_at.is_not(None))
        .correlate(Contact)
        .scalar_subquery()
    )
    left = (
        select(Contact.at.label("at"), Earliest(listened, Contact.done_at, rung).label("seen_at"))
        .where(within.holds(Contact.at), Contact.kind == ContactKind.VOICEMAIL)
        .subquery()
    )
    minutes = (WholeSeconds(left.c.at, left.c.seen_at) // MINUTE).label("minutes")
    return select(minutes, func.count()).group_by("minutes")


def checkins(within: Range, grace_seconds: int) -> Query:
    """With their attempts; counted one by one, since joined they would multiply the check-ins."""
    attempts = select(func.count()).where(Attempt.checkin_id == Checkin.id).scalar_subquery()
    soon = WholeSeconds(Told(Checkin.due_at), Told(Checkin.settled_at)) <= grace_seconds
    in_time = case((soon, true()), else_=false()).label("in_time")
    counted = select(Checkin.state, in_time, func.count(), _sum(attempts)).where(within.holds(Checkin.due_at))
    return counted.group_by(Checkin.state, "in_time")


def still_open(within: Range) -> Query:
    """Of the check-ins that reached nobody, those whose follow-up is open: the minutes since they were given up."""
    return (
        select(WholeSeconds(Contact.at, literal(within.now, Contact.at.type)) // MINUTE)
        .join(Checkin, Checkin.id == Contact.checkin_id)
        .where(IS_OPEN, Contact.kind == ContactKind.CHECKIN, within.holds(Checkin.due_at), Checkin.state.in_(MISSED))
    )


def continuity(within: Range) -> Query:
    """Conversations in check-ins by volunteers, by whether it was the usual one; without those that have none."""
    talked = Contact.volunteer_id
    usual = func.coalesce(CheckinTry.usual_id, CheckinPlan.volunteer_id)
    same = case((talked == usual, 1), else_=0).label("same")
    return (
        select(same, func.count())
        .select_from(Checkin)
        .join(CheckinPlan, CheckinPlan.id == Checkin.plan_id)
        .join(Contact, and_(Contact.checkin_id == Checkin.id, Contact.kind == ContactKind.CHECKIN))
        .join(CheckinTry, CheckinTry.call_id == Checkin.settled_call_id, isouter=True)
        .where(
            within.holds(Checkin.due_at),
            Checkin.kind == PlanKind.VOLUNTEER,
            Checkin.state.in_(MADE),
            Checkin.settled_by == SettledBy.VOLUNTEER,
            talked.is_not(None),
            usual.is_not(None),
        )
        .group_by("same")
    )


def people(within: Range) -> Select[int]:
    """How many different people: joined with somebody, heard from in a check-in, or met or called by hand."""
    joined = select(Call.person_id).where(
        within.holds(Call.started_at), PLACED, Call.outcome == CallOutcome.CONNECTED, Call.person_id.is_not(None)
    )
    heard = select(Checkin.person_id).where(within.holds(Checkin.due_at), Checkin.state.in_(HEARD))
    by_hand = or_(
        Contact.kind == ContactKind.IN_PERSON, and_(Contact.kind == ContactKind.CALL, Contact.call_id.is_(None))
    )
    met = select(Contact.person_id).where(within.holds(Contact.at), by_hand, Contact.person_id.is_not(None))
    return select(func.count()).select_from(union(joined, heard, met).subquery())


def _volunteers(session: Session, within: Range, *, with_names: bool) -> Sequence[HoursOf]:
    """Everybody who was on shift or took a call."""
    now = literal(within.now, ShiftHours.ends_at.type)
    on = WholeSeconds(Told(ShiftHours.starts_at), Told(Earliest(ShiftHours.ends_at, now)))
    hours = (
        select(ShiftHours.person_id, _sum(on))
        .where(
            within.holds(ShiftHours.starts_at),
            ShiftHours.starts_at < within.now,
            ShiftHours.starts_at < ShiftHours.ends_at,
            ShiftHours.person_id.is_not(None),
            ~ShiftHours.shadow,
        )
        .group_by(ShiftHours.person_id)
    )
    taken = (
        select(Call.volunteer_id, func.count(), _sum(Whole(Call.talk_seconds)))
        .where(
            within.holds(Call.started_at), PLACED, Call.outcome == CallOutcome.CONNECTED, Call.volunteer_id.is_not(None)
        )
        .group_by(Call.volunteer_id)
    )
    seconds: Mapping[str, int] = dict(_rows(session, hours))
    conversations: Mapping[str, tuple[int, int]] = {who: (count, talk) for who, count, talk in _rows(session, taken)}
    everybody = seconds.keys() | conversations.keys()
    named = select(Person.id, Person.name).where(Person.id.in_(everybody)).order_by(Person.name, Person.id)
    names: Mapping[str, str] = dict(_rows(session, named)) if with_names else dict.fromkeys(everybody, "")
    return [
        HoursOf(person_id, name, seconds.get(person_id, 0), *conversations.get(person_id, (0, 0)))
        for person_id, name in names.items()
    ]


def charges(within: Range) -> Query:
    return (
        select(Charge.unit, _sum(Charge.micros), func.count())
        .where(within.holds(Charge.at), Charge.micros.is_not(None))
        .group_by(Charge.unit)
    )


def billed(within: Range) -> Sequence[Select[int]]:
    """Counts of the calls and texts for which the carrier usually wants something."""
    legs = (within.holds(Leg.dialled_at), Leg.answered_at.is_not(None), Leg.carrier_sid.is_not(None))
    return (
        select(func.count()).select_from(Leg).where(*legs, Leg.state == LegState.ENDED),
        select(func.count())
        .select_from(Call)
        .where(within.holds(Call.started_at), Call.direction == Direction.INBOUND, Call.ended_at.is_not(None)),
        select(func.count())
        .select_from(TextOut)
        .where(within.holds(TextOut.created_at), TextOut.state.in_((TextState.SENT, TextState.DELIVERED))),
        select(func.count()).select_from(TextIn).where(within.holds(TextIn.at)),
    )
