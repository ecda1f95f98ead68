"""The team's part of the ladder: a volunteer who calls the peer by hand, a coordinator at last, and being told the end.

Hold the escalation's row.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import alarms, blocks, closed, contacts, escalations, rosters, team, texts
from phoneline.crypto import lookup_hash
from phoneline.db import insert_or_ignore, lookup_key
from phoneline.escalation_states import EscalationEnd, EscalationStep
from phoneline.live_settings import LiveSettings
from phoneline.models import Alarm, AlarmTelling, Callback, CallbackTry, Escalation, Offer, Person
from phoneline.people import refuses_volunteers
from phoneline.prompts import say
from phoneline.states import AlarmKind, CallbackState, FollowUp, OfferResult, TextPurpose


def is_anybody_on(session: Session, escalation: Escalation, live: LiveSettings, now: datetime) -> bool:
    """Whether somebody on shift could call the peer by hand: who may be called so, and isn't blocked."""
    person = escalation.person
    if not person.numbers or not closed.calendar(live).is_open(now):
        return False
    if refuses_volunteers(session, person.id):
        return False
    if blocks.standing(session, person.id, person.numbers[0].number_hash, now) is not None:
        return False
    return session.execute(team.OF_CALL.limit(1), {**rosters.at(now), "caller": person.id}).first() is not None


def ask_volunteer(session: Session, escalation: Escalation, live: LiveSettings, now: datetime) -> None:
    """As a promised call-back: volunteers are asked, and the peer is rung once one of them has pressed 1."""
    person = escalation.person
    number = person.numbers[0].number
    insert_or_ignore(
        session,
        Callback,
        escalation_id=escalation.id,
        person_id=person.id,
        number=number,
        number_hash=lookup_hash(lookup_key(session), number),
        language=person.language or live.languages[0],
        promised_at=now,
        place_at=now,
        state=CallbackState.PROMISED,
        next_try_at=now,
    )
    escalation.step = EscalationStep.VOLUNTEER
    escalation.next_step_at = now + timedelta(seconds=live.escalation_step_seconds)


def ask_coordinator(session: Session, escalation: Escalation, now: datetime) -> None:
    """It is a coordinator's from here on: texted and rung until one of them takes it on."""
    escalations.hand_to_coordinator(session, escalation, now)
    escalation.next_step_at = None
    contact = contacts.of_checkin(session, escalation.checkin, now)
    contacts.want_follow_up(contact, FollowUp.URGENT)
    contacts.begin_anew(contact)
    alarms.raise_alarm(session, AlarmKind.URGENT_FOLLOW_UP, contact.id, now, contact.id)


def tell_end(session: Session, escalation: Escalation, live: LiveSettings, now: datetime) -> None:
    """A text to everybody of the team who was told of it: once, as it ends."""
    told = _volunteers(session, escalation)
    if escalation.over_how is not EscalationEnd.SETTLED:
        told = {*told, *_coordinators(session, escalation)}
    for person in session.scalars(select(Person).where(Person.id.in_(told)).order_by(Person.id)):
        words = say("escalation_team_over", person.language or live.languages[0]).text
        texts.write_down(session, person, TextPurpose.NOTICE, words, now)


def _volunteers(session: Session, escalation: Escalation) -> Collection[str]:
    """Who has tried to reach the peer, in vain."""
    return set(
        session.scalars(
            select(Offer.volunteer_id)
            .join(CallbackTry, CallbackTry.call_id == Offer.call_id)
            .join(Callback, Callback.id == CallbackTry.callback_id)
            .where(Callback.escalation_id == escalation.id)
            .where(Offer.result == OfferResult.ACCEPTED, Offer.joined_at.is_(None))
        )
    )


def _coordinators(session: Session, escalation: Escalation) -> Collection[str]:
    contact = contacts.of_checkin(session, escalation.checkin, escalation.began_at)
    told = select(AlarmTelling.person_id).join(Alarm, Alarm.id == AlarmTelling.alarm_id)
    return set(session.scalars(told.where(Alarm.contact_id == contact.id)))
