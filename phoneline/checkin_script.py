"""The peer's keys in an automated check-in call. Hold the call's row."""

from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import (
    admission,
    calls,
    checkin_later,
    checkins,
    closed,
    next_call,
    rung_checkin_script,
    spending,
    spoken,
    team,
)
from phoneline.documents import checkin as words
from phoneline.live_settings import LiveSettings
from phoneline.models import Attempt, Call
from phoneline.people import zone_of
from phoneline.states import AttemptResult, CallState, PlanKind
from phoneline.steps import Document

KEY_OF = {
    AttemptResult.OK: "1",
    AttemptResult.TALK: "0",
    AttemptResult.LATER: "3",
    AttemptResult.STOP: "9",
}


def _attempt(session: Session, call: Call) -> Attempt:
    attempt = checkins.of_call(session, call.id)
    if attempt is None:
        message = "a check-in's call has no attempt"
        raise LookupError(message)
    return attempt


def ask_who(session: Session, call: Call, tries: int, live: LiveSettings) -> Document:
    """The identity question, before anything else."""
    attempt = _attempt(session, call)
    if _is_a_volunteers(attempt):
        return rung_checkin_script.ask_who(call, attempt, tries, live)
    if _decided(attempt, call):
        return words.ending("checkin_over", call)
    if tries > 1 and checkins.is_machine(attempt):
        return words.listening(call)
    return words.who(
        call,
        attempt.checkin.person,
        may_snooze=checkins.may_snooze(attempt.checkin, live),
        # A question that is repeated to silence may be heard by a machine.
        names_line=not attempt.checkin.plan.discreet and (tries == 1 or attempt.pressed_at is not None),
        tries=tries,
    )


def who_key(session: Session, call: Call, key: str, tries: int, live: LiveSettings, now: datetime) -> Document:
    """A key at the identity question: 1 it's me; 0, 3 and 9 do at once what they do in the menu."""
    attempt = _attempt(session, call)
    if _is_a_volunteers(attempt):
        return rung_checkin_script.key(session, call, attempt, key, tries, live, now)
    _pressed(attempt, key, now)
    if key == "1" and attempt.identified_at is None:
        attempt.identified_at = now
    if key == "1":
        return ask_how(session, call, 1, live, now)
    done = _act(session, call, attempt, key, live, now) if key in {"0", "3", "9"} else None
    if done is not None:
        return done
    if key != "*" and tries >= words.MOST_TRIES:
        return silent(call)
    return ask_who(session, call, words.MOST_TRIES, live)


def ask_how(session: Session, call: Call, tries: int, live: LiveSettings, now: datetime) -> Document:
    """The menu, for somebody who said who they are."""
    attempt = _attempt(session, call)
    if _is_a_volunteers(attempt):
        return rung_checkin_script.ask_who(call, attempt, tries, live)
    if _decided(attempt, call):
        return words.ending("checkin_over", call)
    return words.menu(
        call,
        somebody_there=_somebody_there(session, call, live, now),
        may_snooze=checkins.may_snooze(attempt.checkin, live),
        line_number=live.home.number,
        tries=tries,
    )


def menu_key(session: Session, call: Call, key: str, tries: int, live: LiveSettings, now: datetime) -> Document:
    """1 I'm OK, 0 or 2 talk now, 3 later, 9 stop; a wrong key gets the prompt once more."""
    attempt = _attempt(session, call)
    if attempt.identified_at is None or _is_a_volunteers(attempt):
        return ask_who(session, call, 1, live)
    _pressed(attempt, key, now)
    done = _act(session, call, attempt, key, live, now)
    if done is not None:
        return done
    if key != "*" and tries >= words.MOST_TRIES:
        return silent(call)
    return ask_how(session, call, words.MOST_TRIES, live, now)


def time_keyed(session: Session, call: Call, digits: str, tries: int, live: LiveSettings, now: datetime) -> Document:
    """After "later": the time of another call."""
    return checkin_later.time_keyed(session, call, _attempt(session, call), digits, tries, live, now)


def at_a_machine(session: Session, call: Call, live: LiveSettings, now: datetime) -> Document:
    """The leg was sent here because a machine has answered. Whoever pressed a key meanwhile goes on where they were."""
    attempt = _attempt(session, call)
    if _is_a_volunteers(attempt):
        return ask_who(session, call, 1, live)
    if call.state is not CallState.CHECKIN:
        return calls.next_step(session, call, 1, live, now)
    if attempt.message_at is None or attempt.pressed_at is not None or attempt.result is not None:
        known = attempt.identified_at is not None
        return ask_how(session, call, 1, live, now) if known else ask_who(session, call, 1, live)
    return words.message(call, attempt.checkin.person)


def silent(call: Call) -> Document:
    return words.ending("checkin_silent", call)


def _is_a_volunteers(attempt: Attempt) -> bool:
    """Whether a volunteer waits for the peer: no menu follows then, but the two are joined."""
    return attempt.checkin.kind is PlanKind.VOLUNTEER


def _decided(attempt: Attempt, call: Call) -> bool:
    return attempt.over_at is not None or call.state is not CallState.CHECKIN


def _act(
    session: Session, call: Call, attempt: Attempt, key: str, live: LiveSettings, now: datetime
) -> Document | None:
    """Do what the key says. The first one holds: any other on this leg hears the same. None for a wrong key."""
    match KEY_OF.get(attempt.result or AttemptResult.UNKNOWN, key):
        case "1":
            checkins.said_ok(session, attempt, now)
            return words.fine(call, _next_call(session, attempt, live, now))
        case "0" | "2":
            return _talk(session, call, attempt, live, now)
        case "3" if checkins.said_later(session, attempt, live, now):
            return checkin_later.said(call, attempt, live, now)
        case "9":
            checkins.said_stop(session, attempt, now)
            return words.ending("checkin_stopped", call)
        case _:
            return None


def _talk(session: Session, call: Call, attempt: Attempt, live: LiveSettings, now: datetime) -> Document:
    """The peer waits for a volunteer as any caller does. With nobody on shift they are promised a call-back."""
    checkins.wants_to_talk(session, attempt, now)
    refused = admission.of_peer(session, call, live, now)
    if refused is not None:
        return refused
    if call.state is CallState.CHECKIN and call.number and not _somebody_there(session, call, live, now):
        return calls.ask_back(session, call, call.number, live, now)
    if call.state is CallState.CHECKIN:
        call.state = CallState.WAITING
        call.wait_began_at = now
    return calls.next_step(session, call, 1, live, now)


def _somebody_there(session: Session, call: Call, live: LiveSettings, now: datetime) -> bool:
    """Whether somebody could come to the phone: on shift, within the hours, and the day's caps allow it."""
    if closed.is_closed_for(call, live, now):
        return False
    return team.is_anybody_on(session, call, now) and spending.may_ring_volunteers(session, live, now)


def _next_call(session: Session, attempt: Attempt, live: LiveSettings, now: datetime) -> str | None:
    person = attempt.checkin.person
    at = next_call.of_person(session, person, live, now)
    return None if at is None else spoken.when(at, now, zone_of(person, live.home.zone), attempt.call.language)


def _pressed(attempt: Attempt, key: str, now: datetime) -> None:
    if key and attempt.pressed_at is None:
        attempt.pressed_at = now
