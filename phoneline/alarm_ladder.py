"""Telling coordinators of an alarm, one after another: a text at once, a call when nobody has taken it on, the next.

Who is told next is decided from the rows each time, so a change of duty counts at once.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from phoneline import duty, legs, team, texts, unstaffed
from phoneline.alarms import MOST, STALE
from phoneline.db import Job, after_commit
from phoneline.live_settings import LiveSettings
from phoneline.models import ALARM_IS_OPEN, Alarm, AlarmTelling, Contact, Leg, Person
from phoneline.prompts import say
from phoneline.states import AlarmKind, AlarmState, LegEnd, LegPurpose, TextPurpose

RING_SECONDS = 30
CALL_SECONDS = 180
"""A call about an alarm takes no longer; should its end never be heard of, the next one is told then."""
MOST_CALLS = 3
"""So often each of them is called about one alarm; after that it stays on the first page."""
NOBODY_SECONDS = 60
"""Where there is nobody to tell, it is looked again after so long."""


def is_anything_due(now: datetime) -> ColumnElement[bool]:
    return select(Alarm.id).where(ALARM_IS_OPEN, Alarm.next_step_at <= now).exists()


def take_due_steps(session: Session, live: LiveSettings, now: datetime) -> None:
    """The next step of each alarm that is due."""
    due = select(Alarm).where(ALARM_IS_OPEN, Alarm.next_step_at <= now).order_by(Alarm.next_step_at).limit(MOST)
    for alarm in session.scalars(due.with_for_update(skip_locked=True, of=Alarm, key_share=True)).all():
        _step(session, alarm, live, now)


def _step(session: Session, alarm: Alarm, live: LiveSettings, now: datetime) -> None:
    people = _people(session, duty.to_alarm(session, now, _about(session, alarm)))
    if now >= alarm.raised_at + STALE:
        alarm.next_step_at = None
    elif not people:
        alarm.next_step_at = now + timedelta(seconds=NOBODY_SECONDS)
    elif not alarm.tellings:
        told = _tell(session, alarm, people[0], None, live, now)
        pause = timedelta(seconds=live.alarm_call_seconds if told else 0)
        alarm.next_step_at = max(now + pause, unstaffed.called_from(alarm))
    else:
        _call(session, alarm, people, live, now)


def _about(session: Session, alarm: Alarm) -> str | None:
    """Whom it is about, if it is about somebody: they are told nothing of it as one of the team."""
    return session.scalars(select(Contact.person_id).where(Contact.id == alarm.contact_id)).one_or_none()


def _people(session: Session, ids: Sequence[str]) -> Sequence[Person]:
    """Those who have a number, in the order given."""
    found = {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(ids)))}
    return [found[one] for one in ids if one in found and found[one].numbers]


def _call(session: Session, alarm: Alarm, people: Sequence[Person], live: LiveSettings, now: datetime) -> None:
    calls = _calls(alarm)
    talking = team.busy(session, [one.id for one in people], now)
    person = min(people, key=lambda one: (calls[one.id], one.id in talking))
    if calls[person.id] >= (unstaffed.MOST_CALLS if alarm.kind is AlarmKind.UNSTAFFED else MOST_CALLS):
        alarm.next_step_at = None
        return
    leg = legs.write_down(session, LegPurpose.ALARM, person.numbers[0].number, RING_SECONDS, now)
    _tell(session, alarm, person, leg, live, now)
    alarm.next_step_at = now + timedelta(seconds=CALL_SECONDS)
    after_commit(session, Job("place_calls"))


def _calls(alarm: Alarm) -> Counter[str]:
    """How often each was called."""
    return Counter(telling.person_id for telling in alarm.tellings if telling.leg_id is not None)


def _tell(session: Session, alarm: Alarm, person: Person, leg: Leg | None, live: LiveSettings, now: datetime) -> bool:
    """Write down that they are told; with a text the first time. False if no text could be written to them."""
    is_new = all(telling.person_id != person.id for telling in alarm.tellings)
    alarm.tellings.append(
        AlarmTelling(step=alarm.step, person_id=person.id, leg_id=leg.id if leg is not None else None, at=now)
    )
    alarm.step += 1
    session.flush()
    if not is_new:
        return True
    language = person.language or live.languages[0]
    words = say(f"alarm_text_{alarm.kind.value}", language, **unstaffed.filled_in(alarm, language, live, now)).text
    return texts.write_down(session, person, TextPurpose.ALERT, words, now) is not None


def call_over(session: Session, leg: Leg, live: LiveSettings, now: datetime) -> None:
    """The call has ended, and unless somebody took the alarm on, the next one is told: at once, while there is one."""
    telling = session.scalars(select(AlarmTelling).where(AlarmTelling.leg_id == leg.id)).one()
    alarm = telling.alarm
    if alarm.state is not AlarmState.OPEN or alarm.tellings[-1].id != telling.id:
        return
    calls = _calls(alarm)
    others = [
        one for one in duty.to_alarm(session, now, _about(session, alarm)) if calls[one] < calls[telling.person_id]
    ]
    pause = 0 if others else live.alarm_call_seconds
    if not others and leg.end is LegEnd.FAILED:
        # The carrier may have been away.
        pause = min(pause, NOBODY_SECONDS)
    alarm.next_step_at = now + timedelta(seconds=pause)


def is_wanted(session: Session, leg: Leg) -> bool:
    """Whether a call about an alarm is still to be placed."""
    state = select(Alarm.state).join(AlarmTelling, AlarmTelling.alarm_id == Alarm.id)
    return session.scalars(state.where(AlarmTelling.leg_id == leg.id)).first() is AlarmState.OPEN
