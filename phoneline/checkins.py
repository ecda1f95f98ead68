"""Check-ins: laid out from plans, dialled once at a time, settled by the peer's own act or left as a task.

Hold the check-in's row (`locked`) before changing it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from phoneline import contacts, legs
from phoneline.db import insert_or_ignore
from phoneline.live_settings import LiveSettings
from phoneline.models import Attempt, Call, Checkin, CheckinPlan, Leg, Person
from phoneline.people import has_consent, withdraw_consent, zone_of
from phoneline.quiet_hours import quiet_until
from phoneline.recurrence import due_instants, instant
from phoneline.states import (
    LIVE_CALL_STATES,
    OPEN_CHECKIN_STATES,
    AttemptResult,
    CallState,
    CheckinState,
    ContactOutcome,
    Direction,
    FollowUp,
    LegEnd,
    LegPurpose,
    PlanKind,
    Purpose,
    SettledBy,
)

AHEAD = timedelta(hours=36)
LATE = timedelta(hours=24)
"""A new plan may name a time that has just passed: up to a day late it becomes a check-in, called or expired."""
CARRIER_AWAY_SECONDS = 30
OVERTAKEN_SECONDS = 3
"""After the last attempt so long is waited for a key that the leg's end has overtaken, before the peer is unreached."""
ON_THE_PHONE_SECONDS = 15
RESULT_OF_END = {
    LegEnd.COMPLETED: AttemptResult.NO_KEY,  # somebody or something answered; that is not an OK
    LegEnd.NO_ANSWER: AttemptResult.NO_ANSWER,
    LegEnd.BUSY: AttemptResult.BUSY,
    LegEnd.FAILED: AttemptResult.FAILED,
    LegEnd.CANCELLED: AttemptResult.CANCELLED,
}


def locked(session: Session, checkin_id: str) -> Checkin:
    held = select(Checkin).where(Checkin.id == checkin_id).with_for_update(of=Checkin, key_share=True)
    return session.scalars(held.execution_options(populate_existing=True)).one()


def of_call(session: Session, call_id: str) -> Attempt | None:
    """The attempt that this call is, if it is one."""
    return session.scalars(select(Attempt).where(Attempt.call_id == call_id)).one_or_none()


# From plans to check-ins


def first_instant(plan: CheckinPlan, zone: ZoneInfo, now: datetime, grace: timedelta) -> datetime:
    """From when on a new plan's due times count: its own start if that is at most a day ago, or its only time."""
    start = instant(plan.starts_local, zone)
    if not plan.rrule or start > now - LATE:
        return start
    return now - grace


def lay_out(session: Session, plan: CheckinPlan, line_zone: ZoneInfo, now: datetime) -> None:
    """Make the plan's check-ins for the hours ahead; each due time once, however many clocks do this."""
    until = now + AHEAD
    zone = zone_of(plan.person, line_zone)
    for due_at in due_instants(plan.starts_local, plan.rrule, zone, plan.laid_out_until, until):
        insert_or_ignore(
            session,
            Checkin,
            plan_id=plan.id,
            person_id=plan.person_id,
            kind=plan.kind,
            purpose=plan.purpose,
            due_at=due_at,
            state=_first_state(session, plan),
            attempt_due_at=due_at,
            dial_after=due_at,
        )
    plan.laid_out_until = max(plan.laid_out_until, until)


def _first_state(session: Session, plan: CheckinPlan) -> CheckinState:
    refused = plan.kind is PlanKind.AUTOMATED and not has_consent(session, plan.person_id)
    return CheckinState.SKIPPED if refused else CheckinState.DUE


def _due_for_layout(now: datetime) -> Select[CheckinPlan]:
    return select(CheckinPlan).where(CheckinPlan.laid_out_until < now + AHEAD / 2).limit(200)


def is_lay_out_due(session: Session, now: datetime) -> bool:
    return session.scalars(_due_for_layout(now).limit(1)).first() is not None


def lay_out_due(session: Session, line_zone: ZoneInfo, now: datetime) -> None:
    """Lay out plans that aren't for the coming day."""
    for plan in session.scalars(_due_for_layout(now)).all():
        lay_out(session, plan, line_zone, now)


# What has become due


def hold_or_expire(session: Session, live: LiveSettings, line_zone: ZoneInfo, now: datetime) -> int:
    """Go through what could be dialled now: expire what is too late, hold what lies in quiet hours.

    Volunteer-made check-ins only expire: nobody is dialled for them by the clock. The number that may be dialled.
    """
    found = [_held(session, candidate.id) for candidate in _waiting(session, now, limit=500)]
    return sum(_may_dial(session, one, live, line_zone, now) for one in found if one is not None)


def _held(session: Session, checkin_id: str) -> Checkin | None:
    """The check-in, held, if it still waits and nobody else has it in hand."""
    return session.scalars(
        select(Checkin)
        .where(Checkin.id == checkin_id, Checkin.state.in_([CheckinState.DUE, CheckinState.WAITING]))
        .with_for_update(skip_locked=True, of=Checkin, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _waiting(session: Session, now: datetime, limit: int) -> Sequence[Checkin]:
    return session.scalars(
        select(Checkin)
        .where(Checkin.state.in_([CheckinState.DUE, CheckinState.WAITING]), Checkin.dial_after <= now)
        .order_by(Checkin.dial_after)
        .limit(limit)
    ).all()


def _may_dial(session: Session, checkin: Checkin, live: LiveSettings, line_zone: ZoneInfo, now: datetime) -> bool:
    """Whether an attempt may start now; if not, the row says what becomes of the check-in instead."""
    deadline = checkin.attempt_due_at + timedelta(seconds=live.checkin_grace_seconds)
    if checkin.attempts_used >= live.checkin_attempts or (now > deadline and checkin.hands_off_at is not None):
        give_up(session, checkin, CheckinState.UNREACHED, now)
        return False
    if now > deadline:
        give_up(session, checkin, CheckinState.EXPIRED, now)
        return False
    if checkin.kind is PlanKind.AUTOMATED and not has_consent(session, checkin.person_id):
        checkin.state = CheckinState.SKIPPED
        return False
    later = _not_before(session, checkin, live, line_zone, now)
    if later > now:
        checkin.dial_after = min(later, deadline + timedelta(milliseconds=1))
    return later <= now


def _not_before(session: Session, checkin: Checkin, live: LiveSettings, line_zone: ZoneInfo, now: datetime) -> datetime:
    """The next instant worth a look: `now` if nothing speaks against dialling."""
    if checkin.hands_off_at is not None or checkin.kind is not PlanKind.AUTOMATED:
        return datetime.max.replace(tzinfo=UTC)
    free_at = quiet_until(now, zone_of(checkin.person, line_zone), live.quiet_weekday, live.quiet_weekend)
    if free_at is None or free_at > now:
        return free_at or datetime.max.replace(tzinfo=UTC)
    if _on_the_phone(session, checkin.person_id):
        return now + timedelta(seconds=ON_THE_PHONE_SECONDS)
    return now


def _on_the_phone(session: Session, person_id: str) -> bool:
    return (
        session.scalars(
            select(Call.id).where(Call.person_id == person_id, Call.state.in_(LIVE_CALL_STATES)).limit(1)
        ).first()
        is not None
    )


def look_again(session: Session) -> None:
    """Quiet hours or grace were changed: whatever is held is judged anew."""
    session.execute(
        update(Checkin)
        .where(Checkin.state.in_([CheckinState.DUE, CheckinState.WAITING]), Checkin.dial_after > Checkin.attempt_due_at)
        .values(dial_after=Checkin.attempt_due_at)
    )


def begin_attempt(session: Session, live: LiveSettings, line_zone: ZoneInfo, now: datetime) -> Leg | None:
    """Write down the attempt that is due longest, and its leg as being dialled. None if there is none after all."""
    for candidate in _waiting(session, now, limit=20):
        checkin = _held(session, candidate.id)
        if checkin is not None and _may_dial(session, checkin, live, line_zone, now):
            return _attempt(session, checkin, live, now)
    return None


def _attempt(session: Session, checkin: Checkin, live: LiveSettings, now: datetime) -> Leg:
    person: Person = checkin.person
    number = person.numbers[0].number
    leg = legs.write_down(session, LegPurpose.CHECKIN, number, live.checkin_ring_seconds, now)
    legs.begin_dialling(leg, now)
    call = Call(
        token=legs.new_token(),
        direction=Direction.OUTBOUND,
        leg_id=leg.id,
        person_id=person.id,
        number=number,
        language=person.language or live.languages[0],
        state=CallState.CHECKIN,
        started_at=now,
        wait_began_at=now,
        # The leg's own sweep follows this call.
        check_at=now + timedelta(days=1),
    )
    session.add(call)
    session.flush()
    session.add(Attempt(checkin_id=checkin.id, call_id=call.id, at=now))
    checkin.state = CheckinState.CALLING
    session.flush()
    return leg


# What the peer did


def settle(checkin: Checkin, state: CheckinState, by: SettledBy, now: datetime) -> bool:
    """A final, good end. False if the check-in had ended before: final states stay."""
    if checkin.state not in OPEN_CHECKIN_STATES:
        return False
    checkin.state = state
    checkin.settled_at = now
    checkin.settled_by = by
    return True


def _overtaken(attempt: Attempt, checkin: Checkin) -> None:
    """A key whose request was overtaken by the end of its leg still counts: the silence is taken back."""
    silent = attempt.over_at is not None and attempt.result in {AttemptResult.NO_KEY, AttemptResult.MACHINE}
    if silent and checkin.state is CheckinState.WAITING and checkin.attempts[-1].id == attempt.id:
        attempt.result = None
        checkin.attempts_used -= 1
        checkin.state = CheckinState.CALLING


def said_ok(session: Session, attempt: Attempt, now: datetime) -> None:
    checkin = locked(session, attempt.checkin_id)
    _overtaken(attempt, checkin)
    _result(attempt, AttemptResult.OK)
    if settle(checkin, CheckinState.OK, SettledBy.KEYPAD, now):
        contact = contacts.of_checkin(session, checkin, now)
        contact.outcome = ContactOutcome.FINE
        contact.call_id = attempt.call_id


def may_snooze(checkin: Checkin, live: LiveSettings) -> bool:
    return checkin.snoozes_used < live.checkin_snoozes


def said_later(session: Session, attempt: Attempt, live: LiveSettings, now: datetime) -> bool:
    """Ring again later. False if there were enough of these. Uses an attempt only if nobody said who they are."""
    checkin = locked(session, attempt.checkin_id)
    if attempt.result is AttemptResult.LATER:
        return True
    _overtaken(attempt, checkin)
    if attempt.result is not None or checkin.state is not CheckinState.CALLING or not may_snooze(checkin, live):
        return False
    _result(attempt, AttemptResult.LATER)
    checkin.snoozes_used += 1
    if attempt.identified_at is None:
        checkin.attempts_used += 1
    _wait_until(checkin, now + timedelta(seconds=live.checkin_snooze_seconds))
    return True


def said_stop(session: Session, attempt: Attempt, now: datetime) -> None:
    """Key 9: no automated call to this person any more, from now on."""
    checkin = locked(session, attempt.checkin_id)
    _overtaken(attempt, checkin)
    _result(attempt, AttemptResult.STOP)
    withdraw_consent(session, checkin.person_id, "key 9", now)
    if checkin.state in OPEN_CHECKIN_STATES:
        checkin.state = CheckinState.STOPPED
        contact = contacts.of_checkin(session, checkin, now)
        contact.call_id = attempt.call_id
        if checkin.purpose is Purpose.SAFETY and attempt.identified_at is None:
            contacts.want_follow_up(contact, FollowUp.URGENT)
    session.execute(
        update(Checkin)
        .where(
            Checkin.person_id == checkin.person_id,
            Checkin.id != checkin.id,
            Checkin.kind == PlanKind.AUTOMATED,
            Checkin.state.in_([CheckinState.DUE, CheckinState.WAITING]),
        )
        .values(state=CheckinState.SKIPPED)
    )


def wants_to_talk(session: Session, attempt: Attempt, now: datetime) -> None:
    checkin = locked(session, attempt.checkin_id)
    _overtaken(attempt, checkin)
    _result(attempt, AttemptResult.TALK)
    if attempt.over_at is not None and checkin.state is CheckinState.CALLING:
        _talk_did_not_come_about(session, checkin, attempt.call, now)


def talked(session: Session, call: Call, now: datetime) -> None:
    """The peer of an outbound call and a volunteer have been joined."""
    attempt = of_call(session, call.id)
    if attempt is None:
        return
    checkin = locked(session, attempt.checkin_id)
    if settle(checkin, CheckinState.TALKED, SettledBy.VOLUNTEER, now):
        contact = contacts.of_checkin(session, checkin, now)
        contact.call_id = call.id
        contact.volunteer_id = call.volunteer_id


def _result(attempt: Attempt, result: AttemptResult) -> None:
    if attempt.result in {None, AttemptResult.UNKNOWN}:
        attempt.result = result


# When a leg to the peer is over


def attempt_over(session: Session, call: Call, end: LegEnd, live: LiveSettings, at: datetime, now: datetime) -> None:
    """The leg has ended at `at`: what the attempt came to, and what comes next. A retry counts from `at`."""
    attempt = of_call(session, call.id)
    if attempt is None or attempt.over_at is not None:
        return
    checkin = locked(session, attempt.checkin_id)
    attempt.over_at = at
    machine = call.leg is not None and call.leg.machine and end is LegEnd.COMPLETED
    _result(attempt, AttemptResult.MACHINE if machine else RESULT_OF_END[end])
    if checkin.state is not CheckinState.CALLING:
        return
    if attempt.result is AttemptResult.TALK:
        _talk_did_not_come_about(session, checkin, call, now)
        return
    checkin.attempts_used += 1
    last = checkin.attempts_used >= live.checkin_attempts
    _wait_until(checkin, at + timedelta(seconds=OVERTAKEN_SECONDS if last else live.checkin_retry_seconds))


def not_placed(session: Session, call: Call, now: datetime) -> None:
    """The carrier was certainly not reached: no leg, no attempt used; tried again soon, within the same grace."""
    attempt = of_call(session, call.id)
    if attempt is None or attempt.over_at is not None:
        return
    checkin = locked(session, attempt.checkin_id)
    attempt.over_at = now
    _result(attempt, AttemptResult.FAILED)
    if checkin.state is CheckinState.CALLING:
        checkin.state = CheckinState.WAITING
        checkin.dial_after = now + timedelta(seconds=CARRIER_AWAY_SECONDS)


def _talk_did_not_come_about(session: Session, checkin: Checkin, call: Call, now: datetime) -> None:
    _wait_until(checkin, now)
    checkin.hands_off_at = now
    contact = contacts.of_checkin(session, checkin, now)
    contact.call_id = call.id
    contacts.want_follow_up(contact, FollowUp.URGENT)


def _wait_until(checkin: Checkin, at: datetime) -> None:
    checkin.state = CheckinState.WAITING
    checkin.attempt_due_at = at
    checkin.dial_after = at


def give_up(session: Session, checkin: Checkin, state: CheckinState, now: datetime) -> None:
    """Unreached or expired: final for the line, and from here on somebody's task."""
    checkin.state = state
    contact = contacts.of_checkin(session, checkin, now)
    urgent = checkin.purpose is Purpose.SAFETY
    contacts.want_follow_up(contact, FollowUp.URGENT if urgent else FollowUp.WANTED)


def _dialable(before: datetime) -> Select[str]:
    return (
        select(Checkin.id)
        .where(
            Checkin.state.in_([CheckinState.DUE, CheckinState.WAITING]),
            Checkin.dial_after <= before,
            Checkin.kind == PlanKind.AUTOMATED,
        )
        .limit(1)
    )


def dialling_is_due(session: Session, now: datetime) -> bool:
    """Whether an automated check-in could be dialled now."""
    return session.scalars(_dialable(now)).first() is not None


def anything_waits(session: Session, now: datetime) -> bool:
    """Whether `hold_or_expire` has something to look at."""
    return bool(_waiting(session, now, limit=1))
