"""The keys of a peer who is rung for a volunteer's check-in call: joined only after 1. Hold the call's row."""

from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import blocks, calls, checkin_later, checkins, conversations, volunteer_checkin_script
from phoneline.documents import caller as caller_words
from phoneline.documents import checkin as words
from phoneline.live_settings import LiveSettings
from phoneline.models import Attempt, Call
from phoneline.states import AttemptResult, CallState
from phoneline.steps import Document, Go

KEY_OF = {AttemptResult.TALK: "1", AttemptResult.LATER: "3", AttemptResult.STOP: "9"}


def ask_who(call: Call, attempt: Attempt, tries: int, live: LiveSettings) -> Document:
    """The identity question. Who has come in already goes on where they are."""
    if call.state not in {CallState.RINGING, CallState.ENDED}:
        return (Go(caller_words.path(call, "next")),)
    if attempt.over_at is not None or attempt.result in KEY_OF:
        return words.ending("checkin_over", call)
    may_snooze = checkins.may_snooze(attempt.checkin, live)
    return words.who(call, attempt.checkin.person, may_snooze=may_snooze, names_line=False, tries=tries)


def key(
    session: Session, call: Call, attempt: Attempt, pressed: str, tries: int, live: LiveSettings, now: datetime
) -> Document:
    """1 it's me, 3 later, 9 stop; a wrong key gets the prompt once more. The first key that is right holds."""
    match KEY_OF.get(attempt.result or AttemptResult.UNKNOWN, pressed):
        case "1":
            return _come_in(session, call, attempt, live, now)
        case "3" if checkins.said_later(session, attempt, live, now):
            return checkin_later.said(call, attempt, live, now)
        case "9":
            checkins.said_stop(session, attempt, now)
            return words.ending("checkin_stop", call)
    return ask_who(call, attempt, tries + 1, live) if tries < words.MOST_TRIES else words.ending("checkin_silent", call)


def _come_in(session: Session, call: Call, attempt: Attempt, live: LiveSettings, now: datetime) -> Document:
    """To the volunteer, or, if they are gone, to somebody else as any caller."""
    attempt.identified_at = attempt.identified_at or now
    checkins.wants_to_talk(session, attempt, now)
    if call.state is CallState.RINGING:
        if conversations.taken_offer(session, call) is not None:
            call.state = CallState.CONNECTED
        elif blocks.standing(session, call.person_id, None, now) is not None:
            return words.ending("checkin_over", call)
        else:
            calls.wait_on(call, now)
    following = calls.next_step(session, call, 1, live, now)
    return (*volunteer_checkin_script.here_for_you(session, call), *following)
