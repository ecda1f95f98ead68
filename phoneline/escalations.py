"""The ladder of a safety check-in that reached nobody: begun, looked after, handed to a coordinator, over.

`due_escalations` climbs it. Hold the rows of a call and of a check-in before an escalation's.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, literal, select, tuple_
from sqlalchemy.orm import Session

from phoneline import contacts, legs
from phoneline.db import insert_or_ignore
from phoneline.escalation import looked_after_until
from phoneline.escalation_states import EscalationEnd, EscalationState, EscalationStep, TellingKind, TellingResult
from phoneline.live_settings import LiveSettings
from phoneline.models import ESCALATION_STANDS, Call, Callback, Checkin, Contact, Escalation, EscalationTelling
from phoneline.states import CallbackState, ContactKind, FollowUp, LegState

_OPEN_PROMISES = frozenset({CallbackState.PROMISED, CallbackState.CALLING})


def begin(session: Session, checkin: Checkin, now: datetime) -> None:
    """From here on the clock asks one after another. Once for each check-in."""
    insert_or_ignore(
        session,
        Escalation,
        checkin_id=checkin.id,
        person_id=checkin.person_id,
        state=EscalationState.CLIMBING,
        began_at=now,
        next_step_at=now,
    )


def _held(session: Session, which: ColumnElement[bool]) -> Sequence[Escalation]:
    rows = select(Escalation).where(ESCALATION_STANDS, which).order_by(Escalation.began_at, Escalation.id)
    held = rows.with_for_update(of=Escalation, key_share=True).execution_options(populate_existing=True)
    return session.scalars(held).all()


def heard_from(session: Session, person_id: str, now: datetime) -> None:
    """The peer was heard from: nobody need look after them any more."""
    for escalation in _held(session, Escalation.person_id == person_id):
        end(session, escalation, EscalationEnd.HEARD, now)


def was_not_them(session: Session, call: Call, now: datetime) -> None:
    """A call for which a ladder ended was with somebody else: a coordinator looks after the peer, urgently."""
    if call.person_id is None or call.answered_at is None:
        return
    ended_by_it = (Escalation.over_how == EscalationEnd.HEARD) & (Escalation.over_at >= call.answered_at)
    for escalation in session.scalars(select(Escalation).where(Escalation.person_id == call.person_id, ended_by_it)):
        contacts.want_follow_up(contacts.of_checkin(session, escalation.checkin, now), FollowUp.URGENT)


def texted(session: Session, person_id: str, now: datetime) -> None:
    """A text came from their telephone. That doesn't prove who wrote it: a coordinator reads it, and rings or not."""
    for escalation in _held(session, Escalation.person_id == person_id):
        hand_to_coordinator(session, escalation, now)


def stopped(session: Session, escalation_id: str, now: datetime) -> None:
    """Whoever picked up the peer's telephone asked for no calls: a coordinator decides what comes next."""
    for escalation in _held(session, Escalation.id == escalation_id):
        hand_to_coordinator(session, escalation, now)


def hand_to_coordinator(session: Session, escalation: Escalation, now: datetime) -> None:
    """The last step, at once. The clock has it rung and texted."""
    if escalation.step is EscalationStep.COORDINATOR:
        return
    escalation.state, escalation.taken_until = EscalationState.CLIMBING, None
    escalation.step = EscalationStep.COORDINATOR
    escalation.next_step_at = now
    give_up_promise(session, escalation)
    call_off(session, escalation, now)


def look_after(escalation: Escalation, live: LiveSettings, now: datetime) -> None:
    """One of the peer's people looks after it: nobody else is asked for a while."""
    until = looked_after_until(now, live.escalation_step_seconds)
    escalation.state, escalation.taken_until, escalation.next_step_at = EscalationState.TAKEN, until, until


def end(
    session: Session,
    escalation: Escalation,
    how: EscalationEnd,
    now: datetime,
    but_for: EscalationTelling | None = None,
) -> None:
    """Over, for good. Whoever was told of it is told that by the clock, within a second."""
    if escalation.state is EscalationState.OVER:
        return
    escalation.state, escalation.over_at, escalation.over_how = EscalationState.OVER, now, how
    escalation.taken_until, escalation.next_step_at = None, now
    contact = contacts.of_checkin(session, escalation.checkin, now)
    if contact.follow_up is FollowUp.URGENT:
        # That somebody else says so is no word of the peer's own: a person looks, without hurry.
        if how is EscalationEnd.WELL:
            contact.follow_up = FollowUp.WANTED
        else:
            contacts.follow_up_done(contact, now)
        contacts.begin_anew(contact)
    give_up_promise(session, escalation, CallbackState.SETTLED)
    call_off(session, escalation, now, but_for)
    session.flush()
    _end_others(session, escalation, how, now)


def _end_others(session: Session, over: Escalation, how: EscalationEnd, now: datetime) -> None:
    """Other ladders of the same peer: nobody is asked a second time for what was just answered."""
    for other in _held(session, (Escalation.person_id == over.person_id) & (Escalation.id != over.id)):
        if how is EscalationEnd.SETTLED:
            # Each follow-up is looked at by a person.
            hand_to_coordinator(session, other, now)
        else:
            end(session, other, how, now)


def is_second(session: Session, escalation: Escalation) -> bool:
    """Whether an older ladder of the same peer stands: a plan of every hour, a line that was down for days."""
    older = select(Escalation.id).where(ESCALATION_STANDS, Escalation.person_id == escalation.person_id)
    before = tuple_(Escalation.began_at, Escalation.id) < tuple_(
        literal(escalation.began_at, Escalation.began_at.type), literal(escalation.id)
    )
    return session.scalars(older.where(before).limit(1)).first() is not None


def contact_of(session: Session, escalation_id: str) -> Contact | None:
    """The log's line of the check-in."""
    of = select(Escalation.checkin_id).where(Escalation.id == escalation_id).scalar_subquery()
    return session.scalars(select(Contact).where(Contact.checkin_id == of, Contact.kind == ContactKind.CHECKIN)).first()


def promise_of(session: Session, escalation: Escalation) -> Callback | None:
    """The call that a volunteer is to make by hand."""
    rows = select(Callback).where(Callback.escalation_id == escalation.id)
    return session.scalars(rows.with_for_update(of=Callback, key_share=True)).one_or_none()


def give_up_promise(session: Session, escalation: Escalation, state: CallbackState = CallbackState.GIVEN_UP) -> None:
    """No volunteer is asked for it any more; the clock stops what is ringing."""
    promised = promise_of(session, escalation)
    if promised is not None and promised.state in _OPEN_PROMISES:
        promised.state = state


def call_off(session: Session, escalation: Escalation, now: datetime, but_for: EscalationTelling | None = None) -> None:
    """End the call to whoever is being asked, but for the one that says so."""
    for telling in escalation.tellings:
        if telling.kind is not TellingKind.ASK or telling.over_at is not None or telling is but_for:
            continue
        if telling.leg is not None:
            legs.want_end(session, telling.leg, now)
            if telling.leg.state is LegState.ENDED:
                telling.over_at, telling.result = now, telling.result or TellingResult.NOT_RUNG
