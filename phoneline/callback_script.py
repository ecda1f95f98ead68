"""The keys of a call-back: the number keyed in, and the peer's answer. Hold the call's row."""

from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import callbacks, calls, conversations
from phoneline.callback_number import number_to_ring
from phoneline.documents import callback as words
from phoneline.live_settings import LiveSettings
from phoneline.models import Call
from phoneline.states import WINNABLE_CALL_STATES, CallState
from phoneline.steps import Document


def number_keyed(session: Session, call: Call, digits: str, tries: int, live: LiveSettings, now: datetime) -> Document:
    """A caller with a withheld number says where to ring. What can't be rung is asked once more; then the recorder."""
    if call.state not in WINNABLE_CALL_STATES:
        return calls.next_step(session, call, 1, live, now)
    number = number_to_ring(digits, live.home.number)
    if number is not None:
        return calls.ask_back(session, call, number, live, now)
    if tries < words.MOST_TRIES:
        return words.ask_number(call, tries + 1)
    return calls.leave_message(session, call, live, now)


# The peer


def ask_who(session: Session, call: Call, tries: int, live: LiveSettings, now: datetime) -> Document:
    """The identity question, before anything else."""
    found = callbacks.of_call(session, call)
    if call.state is CallState.ENDED or found is None:
        return words.ending("callback_over", call)
    if call.state is not CallState.RINGING:
        return calls.next_step(session, call, 2, live, now)
    return words.who(call, tries, by_hand=found[1].escalation_id is not None)


def who_key(session: Session, call: Call, key: str, tries: int, live: LiveSettings, now: datetime) -> Document:
    """1 it's me, 3 later, 9 stop; a wrong key gets the prompt once more. The first key that is right holds."""
    found = callbacks.of_call(session, call)
    if found is None:
        return words.ending("callback_over", call)
    attempt, promised = found
    is_first = attempt.key is None
    if is_first and key in {"1", callbacks.LATER, "9"}:
        attempt.key = key
    match attempt.key or key:
        case "1":
            return _come_in(session, call, live, now)
        case callbacks.LATER:
            if is_first:
                callbacks.said_later(promised, live, now)
            return words.ending("callback_later", call)
        case "9":
            callbacks.said_stop(session, promised, now)
            return words.ending("callback_stop", call)
    return ask_who(session, call, tries + 1, live, now) if tries < words.MOST_TRIES else silent(call)


def _come_in(session: Session, call: Call, live: LiveSettings, now: datetime) -> Document:
    """To the volunteer, or, if they are gone, to somebody else as any caller."""
    if call.state is CallState.RINGING:
        if conversations.taken_offer(session, call) is None:
            calls.wait_on(call, now)
        else:
            call.state = CallState.CONNECTED
    return calls.next_step(session, call, 1, live, now)


def silent(call: Call) -> Document:
    return words.ending("callback_silent", call)
