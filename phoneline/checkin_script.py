"""The peer's keys in an automated check-in call. Hold the call's row."""

from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import admission, calls, checkins, rung_checkin_script
from phoneline.documents import checkin as words
from phoneline.live_settings import LiveSettings
from phoneline.models import Attempt, Call
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
    person = attempt.checkin.person
    if _is_a_volunteers(attempt):
        return rung_checkin_script.ask_who(call, attempt, tries, live)
    if _decided(attempt, call):
        return words.ending("checkin_over", call)
    return words.who(call, person, may_snooze=checkins.may_snooze(attempt.checkin, live), tries=tries)


def who_key(session: Session, call: Call, key: str, tries: int, live: LiveSettings, now: datetime) -> Document:
    """A key at the identity question: 1 it's me; 0, 3 and 9 do at once what they do in the menu."""
    attempt = _attempt(session, call)
    if _is_a_volunteers(attempt):
        return rung_checkin_script.key(session, call, attempt, key, tries, live, now)
    if key == "1" and attempt.identified_at is None:
        attempt.identified_at = now
    if key == "1":
        return ask_how(session, call, 1, live)
    done = _act(session, call, attempt, key, live, now) if key in {"0", "3", "9"} else None
    if done is not None:
        return done
    return ask_who(session, call, tries + 1, live) if tries < words.MOST_TRIES else silent(call)


def ask_how(session: Session, call: Call, tries: int, live: LiveSettings) -> Document:
    """The menu, for somebody who said who they are."""
    attempt = _attempt(session, call)
    if _is_a_volunteers(attempt):
        return rung_checkin_script.ask_who(call, attempt, tries, live)
    if _decided(attempt, call):
        return words.ending("checkin_over", call)
    may_snooze = checkins.may_snooze(attempt.checkin, live)
    return words.menu(call, attempt.checkin.person, may_snooze=may_snooze, tries=tries)


def menu_key(session: Session, call: Call, key: str, tries: int, live: LiveSettings, now: datetime) -> Document:
    """1 I'm OK, 0 or 2 talk now, 3 later, 9 stop; a wrong key gets the prompt once more."""
    attempt = _attempt(session, call)
    if attempt.identified_at is None or _is_a_volunteers(attempt):
        return ask_who(session, call, 1, live)
    done = _act(session, call, attempt, key, live, now)
    if done is not None:
        return done
    return ask_how(session, call, tries + 1, live) if tries < words.MOST_TRIES else silent(call)


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
            return words.ending("checkin_ok", call)
        case "0" | "2":
            return _talk(session, call, attempt, live, now)
        case "3" if checkins.said_later(session, attempt, live, now):
            return words.ending("checkin_later", call)
        case "9":
            checkins.said_stop(session, attempt, now)
            return words.ending("checkin_stop", call)
        case _:
            return None


def _talk(session: Session, call: Call, attempt: Attempt, live: LiveSettings, now: datetime) -> Document:
    """The peer waits for a volunteer as any caller does."""
    checkins.wants_to_talk(session, attempt, now)
    refused = admission.of_peer(session, call, live, now)
    if refused is not None:
        return refused
    if call.state is CallState.CHECKIN:
        call.state = CallState.WAITING
        call.wait_began_at = now
    return calls.next_step(session, call, 1, live, now)
