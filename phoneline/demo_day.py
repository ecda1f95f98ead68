"""The demo's week of check-ins, most with people who have no telephone on its page: the day sheet and the log are full.

What is over is made up; what is to come is as real as any check-in, and nobody answers it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import checkin_layout, checkins, contacts, due_checkins
from phoneline.live_settings import LiveSettings
from phoneline.models import Attempt, Checkin, CheckinPlan, Person
from phoneline.recurrence import instant
from phoneline.states import (
    AttemptResult,
    CallState,
    CheckinReason,
    CheckinState,
    ContactOutcome,
    LegEnd,
    LegState,
    PlanKind,
    Purpose,
    SettledBy,
)

DAYS = 6
RINGS = timedelta(seconds=40)
AGAIN = timedelta(minutes=11)


@dataclass(frozen=True)
class Peer:
    """Who is called each day, so many hours before the demo was started, and how that ends today.

    Without a number: they are one of its people already.
    """

    name: str
    number: str
    hours_ago: int
    today: str
    volunteer: str = ""


PEERS = (
    Peer("Amina", "+14165550141", 6, "ok"),
    Peer("Luz", "+14165550142", 5, "talked", "Ana"),
    Peer("Old Tom", "+14165550143", 4, "unreached"),
    Peer("Blue Heron", "+14165550144", 3, "second"),
    Peer("Jo", "+14165550145", 2, "skipped"),
    Peer("Marguerite", "+14165550146", -3, "ok"),
    Peer("Mika", "", -4, "ok"),
    Peer("D.", "+14165550147", -5, "ok", "Ravi"),
)


NEW_PEOPLE = [one for one in PEERS if one.number]


def invent(session: Session, zone: ZoneInfo, now: datetime) -> None:
    """Plans, and what came of them until now. The people are there already."""
    by_name = {person.name: person for person in session.scalars(select(Person))}
    for one in PEERS:
        first = now - timedelta(days=DAYS, hours=one.hours_ago)
        local = first.astimezone(zone).replace(minute=0, second=0, microsecond=0, tzinfo=None)
        plan = CheckinPlan(
            person=by_name[one.name],
            starts_local=local,
            rrule="FREQ=DAILY",
            kind=PlanKind.VOLUNTEER if one.volunteer else PlanKind.AUTOMATED,
            purpose=Purpose.SOCIAL,
            volunteer_id=by_name[one.volunteer].id if one.volunteer else None,
            laid_out_until=now,
        )
        session.add(plan)
        session.flush()
        for day in range(DAYS + 1):
            due_at = instant(local + timedelta(days=day), zone)
            if due_at < now:
                _was(session, plan, due_at, zone, one.today if day == DAYS else "ok")
        checkin_layout.lay_out(session, plan, zone, now)


def _was(session: Session, plan: CheckinPlan, due_at: datetime, zone: ZoneInfo, how: str) -> None:
    """The check-in that was due then, and how it ended."""
    checkin_layout.lay_out_one(session, plan, due_at, zone, agreed=True)
    checkin = session.scalars(select(Checkin).filter_by(plan_id=plan.id, due_at=due_at)).one()
    if how == "skipped":
        checkins.skip(checkin, CheckinReason.BY_HAND)
        return
    if how in {"second", "unreached"}:
        _tried(session, checkin, due_at, AttemptResult.NO_ANSWER)
    if how == "unreached":
        _tried(session, checkin, due_at + AGAIN, AttemptResult.MACHINE)
        _tried(session, checkin, due_at + 2 * AGAIN, AttemptResult.NO_ANSWER)
        checkins.give_up(session, checkin, CheckinState.UNREACHED, due_at + 2 * AGAIN + RINGS)
        return
    _heard(session, checkin, due_at + (AGAIN if how == "second" else timedelta()))


def _heard(session: Session, checkin: Checkin, at: datetime) -> None:
    by_volunteer = checkin.kind is PlanKind.VOLUNTEER
    attempt = _tried(session, checkin, at, AttemptResult.TALK if by_volunteer else AttemptResult.OK)
    attempt.call.volunteer_id = checkin.plan.volunteer_id
    state = CheckinState.TALKED if by_volunteer else CheckinState.OK
    checkins.settle(checkin, state, SettledBy.VOLUNTEER if by_volunteer else SettledBy.KEYPAD, at + RINGS)
    contact = contacts.of_checkin(session, checkin, at + RINGS)
    contact.outcome = ContactOutcome.FINE
    contact.call_id = attempt.call_id
    contact.volunteer_id = checkin.plan.volunteer_id


def _tried(session: Session, checkin: Checkin, at: datetime, result: AttemptResult) -> Attempt:
    """An attempt that is over."""
    call = due_checkins.write_down(session, checkin, LiveSettings(), at)
    attempt = session.scalars(select(Attempt).filter_by(call_id=call.id)).one()
    attempt.result, attempt.over_at = result, at + RINGS
    call.state, call.ended_at = CallState.ENDED, at + RINGS
    leg = call.leg
    if leg is not None:
        answered = result is not AttemptResult.NO_ANSWER
        leg.state, leg.end = LegState.ENDED, LegEnd.COMPLETED if answered else LegEnd.NO_ANSWER
        leg.dialled_at, leg.ended_at = at, at + RINGS
        leg.answered_at = at if answered else None
        # The carrier took it: without an id the first page would say that our calls can't be placed.
        call.carrier_sid = leg.carrier_sid = f"CA{secrets.token_hex(16)}"
    checkin.state = CheckinState.WAITING
    checkin.attempts_used += result in {AttemptResult.NO_ANSWER, AttemptResult.MACHINE}
    session.flush()
    return attempt
