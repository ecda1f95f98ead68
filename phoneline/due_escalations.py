"""Ladders whose next step is due, or that are over without having been told so. Every clock looks once a second."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from phoneline import agreed_contacts, escalation_calls, escalation_team, escalations
from phoneline.escalation import AskContact, AskCoordinator, AskVolunteer, Standing, Wait, may_ring, next_move
from phoneline.escalation_states import EscalationEnd, EscalationState, EscalationStep
from phoneline.follow_ups import OPEN
from phoneline.live_settings import LiveSettings
from phoneline.models import CALL_IS_LIVE, ESCALATION_STANDS, Call, Contact, Escalation
from phoneline.people import zone_of
from phoneline.plan_settings import quiet_windows
from phoneline.quiet_hours import is_quiet
from phoneline.states import CallState, ContactKind

MOST = 50
SECOND_SECONDS = 60
"""So often a ladder looks whether the peer's older one is over."""


def is_anything_due(now: datetime) -> ColumnElement[bool]:
    """Whether `look` has something to look at."""
    return or_(due(now).exists(), settled().exists())


def due(now: datetime) -> Select[str]:
    """Ladders of which something is to be done now."""
    return select(Escalation.id).where(Escalation.next_step_at.is_not(None), Escalation.next_step_at <= now)


def settled() -> Select[str]:
    """Ladders whose follow-up somebody has done."""
    done = select(Contact.id).where(
        Contact.checkin_id == Escalation.checkin_id,
        Contact.kind == ContactKind.CHECKIN,
        Contact.follow_up.not_in(OPEN),
    )
    return select(Escalation.id).where(ESCALATION_STANDS, done.exists())


def look(session: Session, live: LiveSettings, now: datetime) -> None:
    """Take what is settled off the ladder, then the next step of each that is due."""
    for escalation_id in session.scalars(settled().limit(MOST)).all():
        escalation = _claimed(session, escalation_id)
        if escalation is not None and escalation.state is not EscalationState.OVER:
            escalations.end(session, escalation, EscalationEnd.SETTLED, now)
    for escalation_id in session.scalars(due(now).order_by(Escalation.next_step_at).limit(MOST)).all():
        escalation = _claimed(session, escalation_id)
        if escalation is not None and escalation.next_step_at is not None and escalation.next_step_at <= now:
            _step(session, escalation, live, now)


def _claimed(session: Session, escalation_id: str) -> Escalation | None:
    """The ladder, held, if no other clock has it in hand."""
    session.flush()
    held = select(Escalation).where(Escalation.id == escalation_id)
    held = held.with_for_update(skip_locked=True, of=Escalation, key_share=True)
    return session.scalars(held.execution_options(populate_existing=True)).one_or_none()


def _step(session: Session, escalation: Escalation, live: LiveSettings, now: datetime) -> None:
    if escalation.state is EscalationState.OVER:
        escalation.next_step_at = None
        escalation_calls.tell_end(session, escalation, live, now)
        escalation_team.tell_end(session, escalation, live, now)
        return
    if escalations.is_second(session, escalation) and escalation.step is not EscalationStep.COORDINATOR:
        # The older one rings: nobody is asked about the same peer twice.
        escalation.next_step_at = now + timedelta(seconds=SECOND_SECONDS)
        return
    match next_move(_standing(session, escalation, live, now), now):
        case Wait(until):
            escalation.next_step_at = until
        case AskVolunteer():
            escalation_team.ask_volunteer(session, escalation, live, now)
        case AskContact(contact_id):
            escalations.give_up_promise(session, escalation)
            escalation_calls.ask(session, escalation, contact_id, live, now)
        case AskCoordinator():
            escalation_team.ask_coordinator(session, escalation, now)


def _standing(session: Session, escalation: Escalation, live: LiveSettings, now: datetime) -> Standing:
    checkin, person = escalation.checkin, escalation.person
    quiet = is_quiet(now, zone_of(person, live.home.zone), *quiet_windows(checkin.plan, live))
    return Standing(
        step=escalation.step,
        not_before=escalation.next_step_at or now,
        taken_until=escalation.taken_until,
        may_ring=may_ring(now, checkin.due_at, checkin.day_until, quiet=quiet),
        volunteer=escalation_team.is_anybody_on(session, escalation, live, now),
        talking=_is_talking(session, person.id),
        contacts=agreed_contacts.to_ask(session, person, checkin.plan, live, now),
        asked=escalation_calls.asked(escalation),
    )


def _is_talking(session: Session, person_id: str) -> bool:
    """Whether the peer is on the telephone with the line, or their telephone rings for it."""
    live = select(Call.id).where(Call.person_id == person_id, CALL_IS_LIVE, Call.state != CallState.SEEKING)
    return session.scalars(live.limit(1)).first() is not None
