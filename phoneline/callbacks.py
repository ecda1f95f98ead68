"""A promised call-back's course: from the promise until the two are joined, or until it is left to a person.

Hold the row of the call that keeps the promise before the promise's own.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from phoneline import contacts, escalations, legs
from phoneline.crypto import lookup_hash
from phoneline.db import Job, after_commit, insert_or_ignore, lookup_key
from phoneline.live_settings import LiveSettings
from phoneline.models import CALL_IS_LIVE, Call, Callback, CallbackTry, Contact
from phoneline.states import (
    CallbackState,
    ContactKind,
    Direction,
    LegPurpose,
)

NOT_RUNG_SECONDS = 15
"""What came to nothing before the peer was rung is begun anew after so long."""
OPEN = frozenset({CallbackState.PROMISED, CallbackState.CALLING})
LATER = "3"


def promise(session: Session, call: Call, number: str, now: datetime) -> None:
    """The caller is to be called back at `number` and keeps their place. Once for each call."""
    insert_or_ignore(
        session,
        Callback,
        call_id=call.id,
        person_id=call.person_id,
        number=number,
        number_hash=lookup_hash(lookup_key(session), number),
        language=call.language,
        promised_at=now,
        # Somebody who has talked with a volunteer already queues anew.
        place_at=call.started_at if call.answered_at is None else call.wait_began_at,
        state=CallbackState.PROMISED,
        next_try_at=now,
    )


def is_try(call: Call) -> bool:
    """Whether the call keeps a promise: of those that we place, only such a one may have no leg yet."""
    if call.direction is not Direction.OUTBOUND:
        return False
    return call.leg is None or call.leg.purpose is LegPurpose.CALLBACK


def of_call(session: Session, call: Call) -> tuple[CallbackTry, Callback] | None:
    """The try that this call is, and its promise, held; None if it is none."""
    attempt = session.scalars(select(CallbackTry).where(CallbackTry.call_id == call.id)).one_or_none()
    return None if attempt is None else (attempt, held(session, attempt.callback_id))


def is_by_hand(session: Session, call: Call) -> bool:
    """Whether the call keeps no promise: the peer wasn't reached, and a volunteer calls by hand."""
    of = select(Callback.escalation_id).join(CallbackTry, CallbackTry.callback_id == Callback.id)
    return session.scalars(of.where(CallbackTry.call_id == call.id)).first() is not None


def held(session: Session, callback_id: str) -> Callback:
    rows = select(Callback).where(Callback.id == callback_id).with_for_update(of=Callback, key_share=True)
    return session.scalars(rows.execution_options(populate_existing=True)).one()


def contact_of(session: Session, promised: Callback) -> Contact | None:
    """The log's line of the promise; of a call that nobody asked for, the check-in's."""
    if promised.escalation_id is not None:
        return escalations.contact_of(session, promised.escalation_id)
    return session.scalars(select(Contact).filter_by(call_id=promised.call_id, kind=ContactKind.CALLBACK)).one_or_none()


def on_the_phone(session: Session, promised: Callback, own: Call | None = None) -> bool:
    """Whether the person, or whoever has their telephone, is on it with the line already, `own` call aside."""
    live = select(Call.person_id, Call.number).where(CALL_IS_LIVE)
    if own is not None:
        live = live.where(Call.id != own.id)
    theirs = promised.person_id
    return any(
        number == promised.number or (theirs is not None and person == theirs)
        for person, number in session.execute(live)
    )


# The volunteer has taken it


def ring_peer(session: Session, call: Call, live: LiveSettings, now: datetime) -> bool:
    """Have the peer rung, once however often it is asked. False if there is nobody to ring any more."""
    if call.leg_id is not None:
        return True
    found = of_call(session, call)
    if found is None or call.number is None:
        return False
    _, promised = found
    if promised.state is not CallbackState.CALLING or on_the_phone(session, promised, call):
        return False
    asked_in = promised.call.leg if promised.call is not None else None
    # Promised in a check-in: the same extension is to be reached again.
    digits = asked_in.digits if asked_in is not None else None
    leg = legs.write_down(session, LegPurpose.CALLBACK, call.number, live.checkin_ring_seconds, now, digits=digits)
    call.leg_id = leg.id
    call.started_at = now
    session.flush()
    session.refresh(call, ["leg"])
    after_commit(session, Job("place_calls"))
    return True


def volunteer_gone(session: Session, call: Call, now: datetime) -> None:
    """The volunteer hung up while the peer's phone rings. Who has picked up is asked all the same, and waits then."""
    if call.leg is not None and call.leg.answered_at is None:
        legs.want_end(session, call.leg, now)


# The peer's part


def joined(session: Session, call: Call, now: datetime) -> Sequence[Callback]:
    """The peer and the volunteer have been joined: the promise is kept, and others to the same telephone with it.

    All that are kept by this.
    """
    found = of_call(session, call)
    if found is None:
        return ()
    _, promised = found
    kept = [one for one in (promised, *_others(session, promised)) if one.state in OPEN]
    for one in kept:
        _settle(session, one, CallbackState.JOINED, call.volunteer_id, now)
    return kept


def _others(session: Session, promised: Callback) -> Sequence[Callback]:
    """Other open promises of the same person, or of nobody in particular, to the same number."""
    same = (Callback.person_id == promised.person_id) if promised.person_id else Callback.person_id.is_(None)
    rows = select(Callback).where(Callback.number_hash == promised.number_hash, same, Callback.id != promised.id)
    return session.scalars(rows.where(Callback.state.in_(OPEN)).with_for_update(of=Callback, key_share=True)).all()


def _settle(session: Session, promised: Callback, state: CallbackState, volunteer_id: str | None, at: datetime) -> None:
    promised.state = state
    contact = contact_of(session, promised)
    if contact is not None:
        contacts.follow_up_done(contact, at)
        contact.volunteer_id = contact.volunteer_id or volunteer_id


def said_later(promised: Callback, live: LiveSettings, now: datetime) -> None:
    """Key 3: not before a while; it counts as a try."""
    promised.next_try_at = now + timedelta(seconds=live.checkin_snooze_seconds)


def said_stop(session: Session, promised: Callback, now: datetime) -> None:
    """Key 9: the line doesn't ring for this again. The follow-up stays: nobody has said who they are."""
    if promised.escalation_id is not None and promised.state in OPEN:
        escalations.stopped(session, promised.escalation_id, now)
    for one in [promised, *_others(session, promised)]:
        if one.state in OPEN:
            one.state = CallbackState.STOPPED


def try_over(session: Session, call: Call, live: LiveSettings, at: datetime) -> None:
    """The call that was to keep a promise has ended: what comes next. Another try counts from `at`."""
    found = of_call(session, call)
    if found is None or found[0].over_at is not None:
        return
    attempt, promised = found
    attempt.over_at = at
    if promised.state is not CallbackState.CALLING:
        return
    promised.state = CallbackState.PROMISED
    if call.leg is None or call.leg.dialled_at is None:
        # The peer's phone hasn't rung.
        promised.next_try_at = max(promised.next_try_at, at + timedelta(seconds=NOT_RUNG_SECONDS))
        return
    promised.tries += 1
    if promised.escalation_id is not None:
        # Tried by hand, in vain: the next step is another one.
        promised.state = CallbackState.GIVEN_UP
        return
    promised.next_try_at = max(promised.next_try_at, at + timedelta(seconds=live.checkin_retry_seconds))
    if promised.tries >= live.checkin_attempts:
        promised.state = CallbackState.GIVEN_UP
        for one in _others(session, promised):
            if one.state is CallbackState.PROMISED:
                one.state = CallbackState.GIVEN_UP


def not_placed(session: Session, call: Call) -> None:
    """The carrier was certainly not reached: the phone hasn't rung, so it was no try."""
    found = of_call(session, call)
    if found is not None and found[0].over_at is None and found[1].state is CallbackState.CALLING:
        found[1].tries -= 1


# The person was in touch by themselves


def heard_from(session: Session, call: Call) -> None:
    """Somebody called in and talked with a volunteer: what they were promised before is kept by that.

    A phone that is ringing for it just now is stopped by the clock.
    """
    theirs: list[ColumnElement[bool]] = []
    if call.person_id is not None:
        theirs.append(Callback.person_id == call.person_id)
    if call.number is not None:
        number_hash = lookup_hash(lookup_key(session), call.number)
        theirs.append((Callback.number_hash == number_hash) & Callback.person_id.is_(None))
    if not theirs or call.answered_at is None:
        return
    rows = select(Callback).where(or_(*theirs), Callback.state.in_(OPEN), Callback.promised_at <= call.answered_at)
    for promised in session.scalars(rows.with_for_update(of=Callback, key_share=True)).all():
        _settle(session, promised, CallbackState.SETTLED, call.volunteer_id, call.answered_at)
