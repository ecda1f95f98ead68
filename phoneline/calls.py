"""A call from its first ring to its end. The caller's own leg drives it: each turn asks what comes next."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, Select, select
from sqlalchemy.orm import Session

from phoneline import (
    callbacks,
    checkins,
    closed,
    contacts,
    conversations,
    first_words,
    handovers,
    heard,
    legs,
    offers,
    other_language,
    places,
    spending,
    team,
    voicemails,
    volunteer_checkins,
)
from phoneline.admission import Admission
from phoneline.db import insert_or_ignore
from phoneline.documents import callback as callback_words
from phoneline.documents import caller as words
from phoneline.documents import turned_away
from phoneline.documents.waiting import tells_place
from phoneline.live_settings import LiveSettings
from phoneline.models import Call
from phoneline.people import KnownCaller
from phoneline.states import (
    WINNABLE_CALL_STATES,
    CallOutcome,
    CallState,
    ContactKind,
    Direction,
    FollowUp,
    LegEnd,
)
from phoneline.steps import Document

HARDLY_MET_SECONDS = 5
"""Whom a volunteer left after less has still reached nobody: the cap goes on from when they began to wait."""


def _held() -> Select[Call]:
    """Calls, read afresh and held: weakly enough for other rows to point at them meanwhile."""
    return select(Call).with_for_update(of=Call, key_share=True).execution_options(populate_existing=True)


def locked(session: Session, token: str) -> Call | None:
    """The call of a token, its row held."""
    return session.scalars(_held().where(Call.token == token)).one_or_none()


def by_id(session: Session, call_id: str | ScalarSelect[str]) -> Call:
    """The call of an id, or of the id that this finds, its row held."""
    return session.scalars(_held().where(Call.id == call_id)).one()


def by_sid(session: Session, sid: str) -> Call | None:
    """The call of a carrier's id, its row held."""
    return session.scalars(_held().where(Call.carrier_sid == sid)).one_or_none()


def arrive(
    session: Session,
    sid: str,
    number: str | None,
    caller: KnownCaller | None,
    admission: Admission,
    live: LiveSettings,
    now: datetime,
) -> Document:
    """A call reaches the line. The same request again gets the same answer and records nothing new."""
    values = _new_values(sid, number, caller, live, now) | {"state": admission.state}
    if (caller is None or caller.language is None) and admission.language is not None:
        values["language"] = admission.language
    is_new = insert_or_ignore(session, Call, **values)
    call = Call(**values) if is_new else session.scalars(select(Call).where(Call.carrier_sid == sid)).one()
    if call.state is CallState.ENDED:
        return words.goodbye(call)
    if call.state in {CallState.BLOCKED, CallState.USED_UP}:
        return _document(session, call, live)
    if caller is None or caller.language is None:
        is_peer = caller is not None and caller.is_peer
        return first_words.greeting(session, call, live, now, knows_language=False, is_peer=is_peer)
    if admission.allowance is None or closed.is_closed_for(call, live, now):
        return first_words.greeting(session, call, live, now, knows_language=True, is_peer=caller.is_peer)
    # That word matters more than keys which do without being spoken.
    first = words.greeting(call, live, knows_language=True)
    return turned_away.with_word(first, turned_away.left_today(admission.allowance, call.language))


def _new_values(
    sid: str, number: str | None, caller: KnownCaller | None, live: LiveSettings, now: datetime
) -> dict[str, Any]:
    return {
        "token": legs.new_token(),
        "carrier_sid": sid,
        "direction": Direction.INBOUND,
        "person_id": caller.person_id if caller else None,
        "number": number,
        "language": (caller.language if caller else None) or live.languages[0],
        "state": CallState.GREETING,
        "started_at": now,
        "wait_began_at": now,
        "check_at": now + timedelta(seconds=heard.CHECK_SECONDS),
    }


def next_step(session: Session, call: Call, turn: int, live: LiveSettings, now: datetime) -> Document:
    """What comes next on the caller's leg, from where the call stands. Asking again changes nothing more."""
    call.check_at = now + timedelta(seconds=heard.CHECK_SECONDS)
    call.not_there_at = None
    _begin_to_wait(call, now)
    if call.state in WINNABLE_CALL_STATES:
        return _wait(session, call, turn, live, now)
    # The leg has come by itself: no need to redirect it.
    call.nudge_at = None
    if call.state is CallState.CONNECTED:
        conversations.caller_joins(session, call, now)
    return _document(session, call, live)


def own_turn(session: Session, call: Call, turn: int, live: LiveSettings, now: datetime) -> Document:
    """Their own turn in the hold loop. Whoever is just being fetched into the room waits a breath for that."""
    if conversations.is_being_fetched(call, now):
        return words.fetched(call)
    return next_step(session, call, turn, live, now)


def _document(session: Session, call: Call, live: LiveSettings) -> Document:
    """What is said, or done, in the state that the call is in."""
    match call.state:
        case CallState.CONNECTED:
            document = words.join(call, third_is_rung=handovers.is_ringing(session, call))
        case CallState.ASIDE:
            document = words.aside(call)
        case CallState.LEFT:
            document = words.left(call)
        case CallState.MESSAGE:
            document = words.recorder(call, live)
        case CallState.CALLBACK:
            document = words.callback_promised(call, live)
        case CallState.PASSED_ON:
            document = closed.pass_on(call, live) or words.goodbye(call)
        case CallState.BLOCKED:
            document = turned_away.blocked(call, live)
        case CallState.USED_UP:
            document = turned_away.used_up(call, live)
        case _:
            document = words.goodbye(call)
    return document


def _begin_to_wait(call: Call, now: datetime) -> None:
    if call.state is CallState.MENU:
        # They may have been in the menu for long.
        call.wait_began_at = now
    if call.state in {CallState.GREETING, CallState.MENU}:
        call.state = CallState.WAITING


def _wait(session: Session, call: Call, turn: int, live: LiveSettings, now: datetime) -> Document:
    capped = now >= call.wait_began_at + timedelta(seconds=live.wait_cap_seconds)
    ways_out = call.state is CallState.CHOOSING or capped or closed.is_closed_for(call, live, now)
    if ways_out or not (offers.is_one_open(session, call) or _somebody(session, call, live, now)):
        call.state = CallState.CHOOSING
        return _choices(session, call, live, now)
    offers.offer_next(session, call, live, now)
    place = places.place_of(session, call, now, heard.until(now)) if tells_place(turn) else None
    return words.waiting(call, turn, live, now, place)


def _somebody(session: Session, call: Call, live: LiveSettings, now: datetime) -> bool:
    """Whether somebody is on shift who could be rung for this call, now or soon."""
    return team.is_anybody_on(session, call, now) and spending.may_ring_volunteers(session, live, now)


def _choices(session: Session, call: Call, live: LiveSettings, now: datetime, tries: int = 1) -> Document:
    if closed.is_closed_for(call, live, now):
        return closed.choices(call, live, tries)
    somebody = _somebody(session, call, live, now)
    return words.choices(call, live, somebody_on_shift=somebody, tries=tries)


def waiting_key(session: Session, call: Call, key: str, turn: int, live: LiveSettings, now: datetime) -> Document:
    """A key while waiting: 1 call me back, 2 leave a message, 7 and 8 a language; any other goes on waiting."""
    if other_language.choose(call, key, live):
        return next_step(session, call, 1, live, now)
    if key in {"1", "2"}:
        return way_out(session, call, key, live, now) or next_step(session, call, turn, live, now)
    # A wrong key hears the ways out again.
    return next_step(session, call, turn if key == "0" else _turn_with_ways_out(turn), live, now)


def _turn_with_ways_out(turn: int) -> int:
    return turn + (2 - turn) % 3


def choice_key(session: Session, call: Call, key: str, tries: int, live: LiveSettings, now: datetime) -> Document:
    """A key at the cap: 1 call me back, 2 leave a message, 0 wait on; a wrong one gets the prompt once more.

    Outside the line's hours 0 rings the fallback number.
    """
    if call.state is not CallState.CHOOSING:
        return next_step(session, call, 1, live, now)
    # Then the prompt comes once more, as after a wrong key.
    other_language.choose(call, key, live)
    shut = closed.is_closed_for(call, live, now)
    if key == "0" and not shut:
        wait_on(call, now)
        return next_step(session, call, 1, live, now)
    found = closed.pass_on(call, live) if key == "0" else way_out(session, call, key, live, now)
    if found is not None:
        return found
    if tries < words.MOST_TRIES:
        return _choices(session, call, live, now, tries + 1)
    return leave_message(session, call, live, now)


def wait_on(call: Call, now: datetime) -> None:
    """Another wait begins: a full cap, and those who passed may be asked again."""
    call.state = CallState.WAITING
    call.crisis_reached = False
    call.wait_round += 1
    call.wait_began_at = now


def way_out(session: Session, call: Call, key: str, live: LiveSettings, now: datetime) -> Document | None:
    """Keys 1 and 2 in a wait. None for another key, or if a volunteer has won the call."""
    if call.state not in WINNABLE_CALL_STATES:
        return None
    if key == "1":
        return ask_back(session, call, call.number, live, now) if call.number else callback_words.ask_number(call)
    return leave_message(session, call, live, now) if key == "2" else None


def ask_back(session: Session, call: Call, number: str, live: LiveSettings, now: datetime) -> Document:
    """The caller is promised to be called back at `number`. Hold the call's row and see that it still waits."""
    _take_way_out(session, call, CallState.CALLBACK, ContactKind.CALLBACK, now)
    callbacks.promise(session, call, number, now)
    return words.callback_promised(call, live)


def leave_message(session: Session, call: Call, live: LiveSettings, now: datetime) -> Document:
    """To the recorder, unless a volunteer has won the call in the meantime."""
    if call.state in WINNABLE_CALL_STATES | {CallState.USED_UP}:
        _take_way_out(session, call, CallState.MESSAGE, ContactKind.VOICEMAIL, now)
    return next_step(session, call, 1, live, now)


def recorder_begins(session: Session, call: Call, live: LiveSettings, now: datetime) -> Document:
    """The words before the tone were spoken: the wait is over. Asked again, the first time holds."""
    if call.state is not CallState.MESSAGE:
        return next_step(session, call, 1, live, now)
    call.way_out_at = call.way_out_at or now
    return words.tone(call, live)


def _take_way_out(session: Session, call: Call, state: CallState, kind: ContactKind, now: datetime) -> None:
    offers.cancel_open(session, call, now)
    handovers.cancel(session, call, now)
    call.state = state
    call.crisis_reached = False
    # A message's words come first: the wait goes on until the recorder begins.
    call.way_out_at = now if state is CallState.CALLBACK else None
    contacts.want_follow_up(contacts.of_call(session, call, kind, now), FollowUp.WANTED)


def recording_known(session: Session, call: Call, sid: str, seconds: int | None, now: datetime) -> None:
    """The carrier names the recording of a message, once or again."""
    if call.recording_sid is None:
        call.recording_sid = sid
    if call.recording_sid == sid and seconds is not None:
        call.recording_seconds = seconds
    voicemails.announced(session, call, sid, now)


def left_key(session: Session, call: Call, key: str, tries: int, live: LiveSettings, now: datetime) -> Document:
    """A key after the volunteer has gone: 0 somebody else; a wrong one gets the prompt once more, then the same."""
    if call.state is CallState.LEFT and key != "0" and tries < words.MOST_TRIES:
        return words.left(call, tries + 1)
    return stay(session, call, live, now)


def stay(session: Session, call: Call, live: LiveSettings, now: datetime) -> Document:
    """The volunteer has gone and the caller stayed on or pressed 0: somebody else is rung."""
    if call.state is CallState.LEFT:
        began = call.wait_began_at
        wait_on(call, now)
        if call.talk_seconds < HARDLY_MET_SECONDS:
            call.wait_began_at = began
    return next_step(session, call, 1, live, now)


def alone(session: Session, call: Call, live: LiveSettings, now: datetime) -> Document:
    """The caller came out of the room and nobody told us why: whoever was with them is not there any more."""
    conversations.room_closed(session, call, live, now)
    return next_step(session, call, 1, live, now)


def ask_soon(session: Session, call: Call, now: datetime) -> None:
    """Somebody has gone from the room: the sweep asks the carrier about all its legs with the next tick."""
    offer, third = conversations.taken_offer(session, call), handovers.in_room(session, call)
    for one in (call, offer.leg if offer else None, third.leg if third else None):
        if one is not None:
            one.check_at = min(one.check_at, now + timedelta(seconds=1))


def passed_on(session: Session, call: Call, live: LiveSettings, now: datetime, *, bridged: bool) -> Document:
    """The caller comes back from the fallback number."""
    return closed.passed_on(call, live, now, bridged=bridged) or next_step(session, call, 1, live, now)


def numbers_heard(session: Session, call: Call, live: LiveSettings, now: datetime) -> Document:
    """The crisis numbers were spoken to the end: the last words, unless the caller chooses something yet."""
    if call.state is CallState.CHOOSING:
        call.crisis_reached = True
    return next_step(session, call, 1, live, now)


def safe_document_served(
    session: Session, sid: str, number: str | None, live: LiveSettings, at: datetime, *, reached: bool
) -> None:
    """The caller got the safe document; `reached` if it led to a person or they heard the crisis numbers to the end.

    Such a call takes no more offers.
    """
    insert_or_ignore(session, Call, **_new_values(sid, number, None, live, at))
    call = session.scalars(_held().where(Call.carrier_sid == sid)).one()
    call.safe_document_at = call.safe_document_at or at
    call.crisis_reached = call.crisis_reached or reached
    offers.cancel_open(session, call, at)
    if call.state is CallState.ENDED and call.outcome in {CallOutcome.ABANDONED, CallOutcome.FAILED}:
        call.outcome = CallOutcome.CRISIS if call.crisis_reached else CallOutcome.FAILED


def end(session: Session, call: Call, at: datetime, live: LiveSettings, now: datetime, how: LegEnd) -> None:
    """The caller's leg ended at `at`. The first end holds; everybody else's legs end too."""
    if call.state is CallState.ENDED:
        return
    at = max(at, call.started_at)
    conversations.caller_left(session, call, live, at, now)
    last_state, call.state = call.state, CallState.ENDED
    call.ended_at = max(at, call.answered_at or at)
    call.nudge_at = None
    session.flush()
    offers.cancel_open(session, call, now)
    call.outcome = _outcome(call, last_state)
    if last_state is CallState.MESSAGE:
        voicemails.expect(session, call, now)
    if call.direction is Direction.INBOUND:
        contact = contacts.of_call(session, call, ContactKind.CALL, call.started_at)
        if call.answered_at is not None:
            contact.volunteer_id = contact.volunteer_id or call.volunteer_id
    else:
        checkins.attempt_over(session, call, how, live, at, now)
        callbacks.try_over(session, call, live, at)
        volunteer_checkins.try_over(session, call, at)


def _outcome(call: Call, last_state: CallState) -> CallOutcome | None:
    """The first that holds, in the order of `CallOutcome`."""
    if call.direction is Direction.OUTBOUND:
        return CallOutcome.CONNECTED if call.answered_at is not None else None
    holds = {
        CallOutcome.CONNECTED: call.answered_at is not None,
        CallOutcome.CRISIS: call.crisis_reached,
        CallOutcome.VOICEMAIL: last_state is CallState.MESSAGE,
        CallOutcome.CALLBACK: last_state is CallState.CALLBACK,
        CallOutcome.INFORMATION: call.informed_at is not None,
        CallOutcome.BLOCKED: last_state in {CallState.BLOCKED, CallState.USED_UP},
        CallOutcome.FAILED: call.safe_document_at is not None,
    }
    return next((outcome for outcome, held in holds.items() if held), CallOutcome.ABANDONED)
