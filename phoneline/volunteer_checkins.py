"""A volunteer makes a check-in: they are rung first, then the peer, and the two are joined after the peer's key 1.

The row of the call is held before the check-in's.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import checkin_tries, checkins, contacts, due_checkins, escalations, heard, offers, places, seeking, team
from phoneline import usual_volunteers as usual
from phoneline.db import Job, after_commit, insert_or_ignore
from phoneline.live_settings import LiveSettings
from phoneline.models import CALLBACK_WAITS, Call, Callback, Checkin, CheckinTry
from phoneline.states import (
    OPEN_CHECKIN_STATES,
    CallState,
    CheckinState,
    ContactOutcome,
    SettledBy,
)

NOT_RUNG_SECONDS = 15
"""What came to nothing before the peer was rung is begun anew after so long."""
WAITS = frozenset({CheckinState.DUE, CheckinState.WAITING})


def begin(session: Session, checkin: Checkin, live: LiveSettings, now: datetime) -> bool:
    """Ask the first volunteer: the usual one, else who is on shift. From now on it is due. Hold the check-in's row.

    False, and nothing changed, if nobody can be asked now, the peer can't be called, or somebody is at it already.
    """
    if not is_wanted(session, checkin, live, now):
        return False
    if usual.askable(session, checkin, live, now) is None and not _may_take_from_shift(session, now):
        return False
    call = seek(session, checkin, live, now)
    tried = checkin_tries.of_call(session, call) if call is not None else None
    if call is None or tried is None:
        return False
    checkin.attempt_due_at = min(checkin.attempt_due_at, now)
    checkin.dial_after = due_checkins.deadline(checkin, live)
    ask_next(session, call, tried, live, now)
    return True


def is_wanted(session: Session, checkin: Checkin, live: LiveSettings, now: datetime, own: Call | None = None) -> bool:
    """Whether the peer may be rung now; `own` is the call by which they would be."""
    if checkin.state not in WAITS or checkin.hands_off_at is not None:
        return False
    return due_checkins.not_before(session, checkin, live, live.home.zone, now, own) <= now


def seek(session: Session, checkin: Checkin, live: LiveSettings, now: datetime) -> Call | None:
    """The call that seeks a volunteer. None if there is one already."""
    person = checkin.person
    language = person.language or live.languages[0]
    call = seeking.write_down(session, person.id, person.numbers[0].number, language, now)
    about = {"checkin_id": checkin.id, "call_id": call.id, "usual_id": checkin.plan.volunteer_id}
    if insert_or_ignore(session, CheckinTry, **about, began_at=now):
        return call
    session.delete(call)
    return None


def ask_next(session: Session, call: Call, tried: CheckinTry, live: LiveSettings, now: datetime) -> None:
    """One at a time: nobody waits on the line. Callers and promised call-backs have whoever is on shift first."""
    if call.state is not CallState.SEEKING or offers.is_one_open(session, call):
        return
    person = usual.askable(session, tried.checkin, live, now)
    from_shift = _may_take_from_shift(session, now)
    if person is not None and (from_shift or not usual.is_on_shift(session, person, now)):
        offers.offer_to(session, call, person.id, live, now)
    elif from_shift:
        offers.offer_next(session, call, live, now)


def _may_take_from_shift(session: Session, now: datetime) -> bool:
    waits = select(Call.id).where(places.on_the_line(heard.until(now)))
    promised = select(Callback.id).where(CALLBACK_WAITS, Callback.next_try_at <= now)
    if any(session.scalars(rows.limit(1)).first() is not None for rows in (waits, promised)):
        return False
    return team.is_anybody_free(session, now)


def ring_peer(session: Session, call: Call, live: LiveSettings, now: datetime) -> bool:
    """A volunteer has taken it: the attempt, once however often it is asked. False if it isn't wanted any more."""
    if call.leg_id is not None:
        return True
    tried = checkin_tries.of_call(session, call)
    if tried is None or tried.over_at is not None or call.state is not CallState.RINGING:
        return False
    checkin = checkins.locked(session, tried.checkin_id)
    if not is_wanted(session, checkin, live, now, call):
        return False
    due_checkins.write_attempt(session, checkin, call, live, now)
    call.started_at = now
    after_commit(session, Job("place_calls"))
    return True


# What came of it


def conclude(session: Session, call: Call, now: datetime) -> None:
    """The volunteer's leg is over, their word said or not. A wrong number is nobody that they talked with."""
    tried = checkin_tries.of_call(session, call)
    if tried is None or call.answered_at is None:
        return
    checkin = checkins.locked(session, tried.checkin_id)
    if contacts.of_checkin(session, checkin, now).outcome is not ContactOutcome.WRONG_NUMBER:
        checkins.settle(checkin, CheckinState.TALKED, SettledBy.VOLUNTEER, now, call_id=call.id)
        escalations.heard_from(session, checkin.person_id, now)
    elif checkin.state in OPEN_CHECKIN_STATES:
        # Its number isn't theirs: to ring it again would help nobody.
        checkins.give_up(session, checkin, CheckinState.UNREACHED, now)
    if call.state is CallState.ENDED:
        tried.over_at = tried.over_at or now


def try_over(session: Session, call: Call, at: datetime) -> None:
    """The call has ended. Where the two talked, the volunteer's word is awaited; else it is soon begun anew."""
    tried = checkin_tries.of_call(session, call)
    if tried is None or tried.over_at is not None:
        return
    checkin = checkins.locked(session, tried.checkin_id)
    if checkin.state is CheckinState.CALLING:
        return
    tried.over_at = at
    if checkin.state in WAITS and checkin.hands_off_at is None:
        checkin.dial_after = max(checkin.attempt_due_at, at + timedelta(seconds=NOT_RUNG_SECONDS))
