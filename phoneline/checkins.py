"""A check-in's course: settled by the peer's own act, waiting for another attempt, or left as somebody's task.

Hold the check-in's row (`locked`) before changing it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from phoneline import checkin_tries, contacts, escalations, last_heard, later_time, legs, plan_settings
from phoneline.live_settings import LiveSettings
from phoneline.models import CHECKIN_WAITS, Attempt, Call, Callback, Checkin, Leg
from phoneline.people import KEY_9, refuse_volunteers, withdraw_consent, zone_of
from phoneline.recurrence import day_around
from phoneline.states import (
    OPEN_CHECKIN_STATES,
    AttemptResult,
    CallState,
    CheckinReason,
    CheckinState,
    ContactOutcome,
    FollowUp,
    LegEnd,
    LegState,
    PlanKind,
    Purpose,
    SettledBy,
)

CARRIER_AWAY_SECONDS = 30
OVERTAKEN_SECONDS = 3
"""After the last attempt so long is waited for a key that the leg's end has overtaken, before the peer is unreached."""
RESULT_OF_END = {
    LegEnd.COMPLETED: AttemptResult.NO_KEY,  # somebody or something answered; that is not an OK
    LegEnd.NO_ANSWER: AttemptResult.NO_ANSWER,
    LegEnd.BUSY: AttemptResult.BUSY,
    LegEnd.FAILED: AttemptResult.FAILED,
    LegEnd.CANCELLED: AttemptResult.CANCELLED,
}
HEARD_FROM = frozenset({CheckinState.OK, CheckinState.TALKED})
WITHOUT_A_KEY = frozenset({*RESULT_OF_END.values(), AttemptResult.MACHINE})


def locked(session: Session, checkin_id: str) -> Checkin:
    held = select(Checkin).where(Checkin.id == checkin_id).with_for_update(of=Checkin, key_share=True)
    return session.scalars(held.execution_options(populate_existing=True)).one()


def held(session: Session, *which: ColumnElement[bool]) -> Sequence[Checkin]:
    """Those for which this holds once they are held. What a change of its plan has just taken off isn't among them."""
    rows = select(Checkin).where(*which).order_by(Checkin.id).with_for_update(of=Checkin, key_share=True)
    return session.scalars(rows.execution_options(populate_existing=True)).all()


def of_call(session: Session, call_id: str) -> Attempt | None:
    """The attempt that this call is, if it is one."""
    return session.scalars(select(Attempt).where(Attempt.call_id == call_id)).one_or_none()


def settle(checkin: Checkin, state: CheckinState, by: SettledBy, now: datetime, *, call_id: str | None = None) -> bool:
    """A final, good end, by a conversation in the call `call_id`. False if it had ended before: final states stay."""
    if checkin.state not in OPEN_CHECKIN_STATES:
        return False
    checkin.state = state
    checkin.settled_at = now
    checkin.settled_by = by
    checkin.settled_call_id = call_id
    return True


def _overtaken(attempt: Attempt, checkin: Checkin) -> None:
    """A key whose request was overtaken by the end of its leg, told as whatever, still counts: somebody was there."""
    silent = attempt.over_at is not None and attempt.result in WITHOUT_A_KEY
    if silent and checkin.state is CheckinState.WAITING and checkin.attempts[-1].id == attempt.id:
        attempt.result = None
        checkin.attempts_used -= 1
        checkin.state = CheckinState.CALLING


def said_ok(session: Session, attempt: Attempt, now: datetime) -> None:
    checkin = locked(session, attempt.checkin_id)
    _overtaken(attempt, checkin)
    _result(attempt, AttemptResult.OK)
    if attempt.result is AttemptResult.CANCELLED and attempt.over_at is None:
        # Called off a moment ago, and yet they said so: should that be taken back, this stands.
        attempt.result = AttemptResult.OK
    if settle(checkin, CheckinState.OK, SettledBy.KEYPAD, now):
        contact = contacts.of_checkin(session, checkin, now)
        contact.outcome = ContactOutcome.FINE
        contact.call_id = attempt.call_id
    escalations.heard_from(session, checkin.person_id, now)
    last_heard.heard(session, checkin.person_id, now)


def may_snooze(checkin: Checkin, live: LiveSettings) -> bool:
    return checkin.snoozes_used < live.checkin_snoozes


def said_later(session: Session, attempt: Attempt, live: LiveSettings, now: datetime) -> bool:
    """Ring again later. False if there were enough of these. Uses an attempt only if nobody said who they are."""
    checkin = locked(session, attempt.checkin_id)
    if attempt.result is AttemptResult.LATER:
        return True
    if not may_snooze(checkin, live):
        return False
    _overtaken(attempt, checkin)
    if attempt.result is not None or checkin.state is not CheckinState.CALLING:
        return False
    _result(attempt, AttemptResult.LATER)
    checkin.snoozes_used += 1
    if attempt.identified_at is None:
        checkin.attempts_used += 1
    last = checkin.attempts_used >= plan_settings.attempts(checkin.plan, live)
    zone = zone_of(checkin.person, live.home.zone)
    at = now + timedelta(seconds=OVERTAKEN_SECONDS) if last else later_time.default(checkin.plan, zone, live, now)
    put_off(checkin, at, zone)
    return True


def put_off(checkin: Checkin, at: datetime, zone: ZoneInfo) -> None:
    """Rung again at `at`. If that is on another day, to be heard from on that one settles it too."""
    _wait_until(checkin, at)
    checkin.day_until = max(checkin.day_until, day_around(at, zone)[1])


def said_stop(session: Session, attempt: Attempt, now: datetime) -> None:
    """Key 9: no automated call to this person any more, from now on. Its echo withdraws no later consent.

    In a volunteer's call: none of those either.
    """
    checkin = locked(session, attempt.checkin_id)
    if attempt.result is AttemptResult.STOP:
        return
    _overtaken(attempt, checkin)
    _result(attempt, AttemptResult.STOP)
    withdraw_consent(session, checkin.person_id, KEY_9, now)
    if checkin.kind is PlanKind.VOLUNTEER:
        refuse_volunteers(session, checkin.person_id, KEY_9, now)
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
            Checkin.kind.in_({PlanKind.AUTOMATED, checkin.kind}),
            CHECKIN_WAITS,
        )
        .values(state=CheckinState.SKIPPED, reason=CheckinReason.STOPPED)
    )


def skip(checkin: Checkin, reason: CheckinReason) -> None:
    """Nobody is rung for it, and this is why. It must still be open."""
    checkin.state = CheckinState.SKIPPED
    checkin.reason = reason


def wants_to_talk(session: Session, attempt: Attempt, now: datetime) -> None:
    checkin = locked(session, attempt.checkin_id)
    _overtaken(attempt, checkin)
    _result(attempt, AttemptResult.TALK)
    if attempt.over_at is not None and checkin.state is CheckinState.CALLING:
        _talk_over(session, checkin, attempt.call, now)
    last_heard.heard(session, checkin.person_id, now)


def talked(session: Session, call: Call, now: datetime) -> None:
    """The peer of an outbound call and a volunteer have been joined. One that a volunteer makes is settled after it."""
    attempt = of_call(session, call.id)
    if attempt is None:
        return
    checkin = locked(session, attempt.checkin_id)
    by_volunteer = checkin_tries.of_call(session, call) is not None
    if by_volunteer or settle(checkin, CheckinState.TALKED, SettledBy.VOLUNTEER, now, call_id=call.id):
        contact = contacts.of_checkin(session, checkin, now)
        contact.call_id = call.id
        contact.volunteer_id = call.volunteer_id


def promise_kept(session: Session, promised: Callback, kept_by: Call, now: datetime) -> None:
    """The peer was promised a call-back in a check-in's call, and has now been joined with a volunteer."""
    attempt = of_call(session, promised.call_id) if promised.call_id is not None else None
    if attempt is None:
        return
    checkin = locked(session, attempt.checkin_id)
    if settle(checkin, CheckinState.TALKED, SettledBy.VOLUNTEER, now, call_id=kept_by.id):
        contact = contacts.of_checkin(session, checkin, now)
        contact.volunteer_id = kept_by.volunteer_id
        contacts.follow_up_done(contact, now)


def heard_from(
    session: Session,
    person_id: str,
    by: SettledBy,
    now: datetime,
    *,
    at: datetime | None = None,
    call_id: str | None = None,
) -> bool:
    """The person was in touch, in the call `call_id` or otherwise: the day's check-ins are settled.

    Those of today, or of the day of `at`. A text settles social ones only: it doesn't prove who holds the telephone. A
    call that is ringing is ended. False if there was none to settle.
    """
    day = at or now
    by_text = by is SettledBy.SMS
    purposes = {Purpose.SOCIAL} if by_text else set(Purpose)
    state = CheckinState.OK if by_text else CheckinState.TALKED
    open_still = Checkin.person_id == person_id, Checkin.state.in_(OPEN_CHECKIN_STATES)
    today = Checkin.purpose.in_(purposes), Checkin.day_from <= day, Checkin.day_until > day
    settled = False
    for checkin in held(session, *open_still, *today):
        if _call_off(session, checkin, now) and settle(checkin, state, by, now, call_id=call_id):
            settled = True
    if not by_text and day == now:
        escalations.heard_from(session, person_id, now)
    return settled


def was_not_them(session: Session, call_id: str, now: datetime) -> None:
    """What a conversation has settled, when it turns out to have been none, or with somebody else: a person's task.

    The check-in stays as it is: its day may be over, and nobody is rung by a machine for what a person can ask.
    """
    for checkin in session.scalars(select(Checkin).where(Checkin.settled_call_id == call_id)).all():
        urgent = checkin.purpose is Purpose.SAFETY
        contacts.want_follow_up(
            contacts.of_checkin(session, checkin, now), FollowUp.URGENT if urgent else FollowUp.WANTED
        )


def _call_off(session: Session, checkin: Checkin, now: datetime) -> bool:
    """End the call of the check-in that is ringing, if any. False, and nothing done, if they are past its questions."""
    for attempt in checkin.attempts:
        if attempt.over_at is None and attempt.call.leg is not None:
            if attempt.call.state not in {CallState.CHECKIN, CallState.RINGING} or attempt.result is AttemptResult.TALK:
                return False
            _result(attempt, AttemptResult.CANCELLED)
            leg = attempt.call.leg
            session.refresh(leg, with_for_update={"of": Leg, "key_share": True})
            # What still waits to be dialled for a volunteer is withdrawn by who would dial it.
            if leg.state is not LegState.PENDING:
                legs.want_held_end(session, leg, now)
    return True


def stop_all(session: Session, person_id: str, now: datetime) -> Collection[Checkin]:
    """No automated call to this person any more: the check-in at hand is stopped, the planned ones are skipped.

    All that were still open.
    """
    automated = Checkin.person_id == person_id, Checkin.kind == PlanKind.AUTOMATED
    # What has ended until it was held stays as it ended.
    found = held(session, *automated, Checkin.state.in_(OPEN_CHECKIN_STATES))
    for checkin in found:
        _call_off(session, checkin, now)
        checkin.state = CheckinState.STOPPED if checkin.attempts else CheckinState.SKIPPED
        checkin.reason = CheckinReason.STOPPED
    return found


def is_machine(attempt: Attempt) -> bool:
    """Whether the carrier took whoever answered for a machine, and no key says otherwise."""
    leg = attempt.call.leg
    return leg is not None and leg.machine and attempt.pressed_at is None


def _result(attempt: Attempt, result: AttemptResult) -> None:
    if attempt.result in {None, AttemptResult.UNKNOWN}:
        attempt.result = result


def still_rung_for(session: Session, call: Call) -> bool:
    """Whether a volunteer still waits for this peer to be rung."""
    attempt = of_call(session, call.id)
    return call.state is CallState.RINGING and attempt is not None and attempt.result is None


# When a leg to the peer is over


def attempt_over(session: Session, call: Call, end: LegEnd, live: LiveSettings, at: datetime, now: datetime) -> None:
    """The leg has ended at `at`: what the attempt came to, and what comes next. A retry counts from `at`."""
    attempt = of_call(session, call.id)
    if attempt is None or attempt.over_at is not None:
        return
    checkin = locked(session, attempt.checkin_id)
    attempt.over_at = at
    machine = is_machine(attempt) and end is LegEnd.COMPLETED
    _result(attempt, AttemptResult.MACHINE if machine else RESULT_OF_END[end])
    if checkin.state is not CheckinState.CALLING:
        return
    if attempt.result is AttemptResult.TALK:
        _talk_over(session, checkin, call, now)
        return
    came_to_nothing(checkin, call, live, at)


def came_to_nothing(checkin: Checkin, call: Call, live: LiveSettings, at: datetime) -> None:
    """The attempt by this call, over at `at`, settled nothing: another, or none any more."""
    if call.leg is not None and call.leg.dialled_at is None:
        # Their phone hasn't rung.
        _wait_until(checkin, at)
        return
    checkin.attempts_used += 1
    last = checkin.attempts_used >= plan_settings.attempts(checkin.plan, live)
    spacing = plan_settings.retry_seconds(checkin.plan, live)
    _wait_until(checkin, at + timedelta(seconds=OVERTAKEN_SECONDS if last else spacing))


def not_placed(session: Session, call: Call, now: datetime) -> None:
    """The carrier was certainly not reached: no leg, so no attempt; tried again soon, within the same grace."""
    attempt = of_call(session, call.id)
    if attempt is None or attempt.over_at is not None:
        return
    checkin = locked(session, attempt.checkin_id)
    session.delete(attempt)
    session.flush()
    session.delete(call)
    if checkin.state is CheckinState.CALLING:
        _wait_until(checkin, checkin.attempt_due_at)
        checkin.dial_after = now + timedelta(seconds=CARRIER_AWAY_SECONDS)


def not_rung(session: Session, call: Call) -> None:
    """The carrier was certainly not reached for a volunteer who waits: the end that follows is no attempt."""
    attempt = of_call(session, call.id)
    if attempt is not None and attempt.over_at is None:
        locked(session, attempt.checkin_id).attempts_used -= 1


def _talk_over(session: Session, checkin: Checkin, call: Call, now: datetime) -> None:
    """The peer who wanted to talk has hung up. Where a volunteer called and the two did talk, theirs is the word."""
    if call.answered_at is not None and checkin_tries.of_call(session, call) is not None:
        return
    checkin.reason = None  # what they asked for holds, also where their plan was ended meanwhile
    _wait_until(checkin, now)
    checkin.hands_off_at = now
    contact = contacts.of_checkin(session, checkin, now)
    contact.call_id = call.id
    contacts.want_follow_up(contact, FollowUp.URGENT)


def _wait_until(checkin: Checkin, at: datetime) -> None:
    """Rung again at `at`, unless their plan was ended, or changed for another one, while they were called."""
    checkin.state = CheckinState.WAITING if checkin.reason is None else CheckinState.SKIPPED
    checkin.attempt_due_at = at
    checkin.dial_after = at


def give_up(session: Session, checkin: Checkin, state: CheckinState, now: datetime) -> None:
    """Unreached or expired: final for the line, and from here on somebody's task."""
    checkin.state = state
    contact = contacts.of_checkin(session, checkin, now)
    if checkin.hands_off_at is not None and contact.follow_up is FollowUp.DONE:
        # They had asked to talk, and somebody has seen to that.
        return
    urgent = checkin.purpose is Purpose.SAFETY
    contacts.want_follow_up(contact, FollowUp.URGENT if urgent else FollowUp.WANTED)
    if urgent:
        escalations.begin(session, checkin, now)
    if checkin.attempts_used and checkin.hands_off_at is None:
        last_heard.missed(session, checkin.person_id)
