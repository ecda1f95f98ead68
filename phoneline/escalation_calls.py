"""Calls to the peer's own people: asking one to look after them, and telling the end to whoever was told before.

Each is written down before it is dialled. Hold the escalation's row.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import escalations, legs, texts
from phoneline.db import Job, after_commit
from phoneline.documents.escalation import end_words
from phoneline.escalation import ANSWERS, TOLD, Asked, hear_the_end, pause_after
from phoneline.escalation_states import EscalationEnd, EscalationState, EscalationStep, TellingKind, TellingResult
from phoneline.live_settings import LiveSettings
from phoneline.models import AgreedContact, Escalation, EscalationTelling, Leg
from phoneline.states import LegEnd, LegPurpose, TextPurpose

RING_SECONDS = 30
RESULT_OF_END = {
    LegEnd.COMPLETED: TellingResult.SILENT,
    LegEnd.NO_ANSWER: TellingResult.NO_ANSWER,
    LegEnd.BUSY: TellingResult.NO_ANSWER,
    LegEnd.FAILED: TellingResult.FAILED,
    LegEnd.CANCELLED: TellingResult.NOT_RUNG,
}


def hold(session: Session, leg: Leg) -> EscalationTelling:
    """Whom the leg is to, and the escalation's row held and read afresh."""
    of_leg = select(EscalationTelling.escalation_id).where(EscalationTelling.leg_id == leg.id)
    held = select(Escalation).where(Escalation.id == of_leg.scalar_subquery())
    held = held.with_for_update(of=Escalation, key_share=True).execution_options(populate_existing=True)
    session.scalars(held).one()
    telling = select(EscalationTelling).where(EscalationTelling.leg_id == leg.id)
    return session.scalars(telling.execution_options(populate_existing=True)).one()


def asked(escalation: Escalation) -> list[Asked]:
    """Who was rung to look after it, in order. A yes counts at once, a no when their call is over."""
    return [
        Asked(one.agreed_contact_id, one.result if one.over_at is not None or one.result in TOLD else None)
        for one in escalation.tellings
        if one.kind is TellingKind.ASK
    ]


def ask(session: Session, escalation: Escalation, contact_id: str, live: LiveSettings, now: datetime) -> None:
    """Have one of the peer's people rung."""
    contact = session.get_one(AgreedContact, contact_id)
    _write_down(session, escalation, contact, TellingKind.ASK, now)
    escalation.step = EscalationStep.CONTACTS
    escalation.next_step_at = now + timedelta(seconds=live.escalation_step_seconds)


def _write_down(
    session: Session,
    escalation: Escalation,
    contact: AgreedContact,
    kind: TellingKind,
    now: datetime,
    *,
    call: bool = True,
) -> None:
    leg = legs.write_down(session, LegPurpose.ESCALATION, contact.number, RING_SECONDS, now) if call else None
    escalation.tellings.append(
        EscalationTelling(
            step=len(escalation.tellings),
            kind=kind,
            agreed_contact_id=contact.id,
            leg_id=leg.id if leg else None,
            at=now,
            result=None if call else TellingResult.TOLD,
            over_at=None if call else now,
        )
    )
    session.flush()
    if call:
        after_commit(session, Job("place_calls"))


def is_wanted(session: Session, leg: Leg) -> bool:
    """Whether a call to one of the peer's people is still to be placed."""
    telling = session.scalars(select(EscalationTelling).where(EscalationTelling.leg_id == leg.id)).one()
    if telling.kind is TellingKind.END:
        return True
    climbs = telling.escalation.state is EscalationState.CLIMBING
    return climbs and telling.escalation.step is EscalationStep.CONTACTS and telling.over_at is None


def answer(session: Session, telling: EscalationTelling, key: str, live: LiveSettings, now: datetime) -> None:
    """The first key that means something, however late and however often it arrives."""
    escalation = telling.escalation
    if telling.key is not None or key not in ANSWERS or escalation.state is EscalationState.OVER:
        return
    telling.key, telling.result = key, ANSWERS[key]
    match telling.result:
        case TellingResult.TAKEN if escalation.step is EscalationStep.CONTACTS:
            escalations.look_after(escalation, live, now)
            escalations.call_off(session, escalation, now, but_for=telling)
        case TellingResult.WELL:
            escalations.end(session, escalation, EscalationEnd.WELL, now, but_for=telling)
        case TellingResult.STOP:
            telling.contact.stopped_at = telling.contact.stopped_at or now
            if telling.over_at is not None:
                _go_on(escalation, telling, live, now)


def not_rung(session: Session, leg: Leg) -> None:
    """The carrier was certainly not reached: the end that follows is no call."""
    telling = session.scalars(select(EscalationTelling).where(EscalationTelling.leg_id == leg.id)).one()
    telling.result = telling.result or TellingResult.NOT_RUNG


def over(session: Session, leg: Leg, live: LiveSettings, now: datetime) -> None:
    """The call has ended: what it came to, and when the next step is due."""
    telling = session.scalars(select(EscalationTelling).where(EscalationTelling.leg_id == leg.id)).one()
    if telling.over_at is not None:
        return
    telling.over_at = now
    if telling.kind is TellingKind.END:
        told = leg.answered_at is not None
        telling.result = TellingResult.TOLD if told else RESULT_OF_END[leg.end or LegEnd.FAILED]
        if not told:
            _text(session, telling.escalation, telling.contact, live, now)
        return
    if telling.result is None:
        rung = leg.dialled_at is not None
        telling.result = RESULT_OF_END[leg.end or LegEnd.FAILED] if rung else TellingResult.NOT_RUNG
    if telling.result not in TOLD:
        _go_on(telling.escalation, telling, live, now)


def _go_on(escalation: Escalation, telling: EscalationTelling, live: LiveSettings, now: datetime) -> None:
    """The next step's time, unless somebody else has been asked, or has it, since."""
    newest = max((one.step for one in escalation.tellings if one.kind is TellingKind.ASK), default=0)
    if escalation.state is not EscalationState.CLIMBING or escalation.step is not EscalationStep.CONTACTS:
        return
    if telling.step == newest and telling.result is not None:
        pause = pause_after(telling.result, live.escalation_step_seconds)
        begins = now if telling.result is TellingResult.NOT_RUNG else telling.at
        escalation.next_step_at = max(now, begins + pause)


# The end


def tell_end(session: Session, escalation: Escalation, live: LiveSettings, now: datetime) -> None:
    """Everybody who was told of it is told that it is over: by a text where they may get one, else by a call."""
    if escalation.over_how is None:
        return
    told = {one.agreed_contact_id for one in escalation.tellings if one.kind is TellingKind.END}
    for contact_id in hear_the_end(asked(escalation), escalation.over_how):
        contact = session.get_one(AgreedContact, contact_id)
        if contact_id in told or contact.stopped_at is not None:
            continue
        by_text = contact.texts_ok and _text(session, escalation, contact, live, now)
        _write_down(session, escalation, contact, TellingKind.END, now, call=not by_text)


def _text(session: Session, escalation: Escalation, contact: AgreedContact, live: LiveSettings, now: datetime) -> bool:
    """False if no text may be written to them."""
    words = end_words(escalation, contact, live)
    return words is not None and bool(texts.write_down(session, contact.number, TextPurpose.NOTICE, words.text, now))
