"""No follow-up stays open without somebody whose it is and a time by which it has to be done.

Whatever opened it, the clock gives it to a coordinator within a second; so it does when whoever had it is gone. What
isn't done in time becomes urgent, goes to the next one, and is told as an alarm.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from phoneline import alarms, duty, follow_ups
from phoneline.escalation_states import EscalationStep
from phoneline.follow_up_states import MoveReason
from phoneline.live_settings import LiveSettings
from phoneline.models import ALARM_IS_OPEN, ALARM_STANDS, ESCALATION_STANDS, Alarm, Contact, Escalation, PersonRole
from phoneline.recurrence import instant, wall
from phoneline.states import AlarmKind, FollowUp, Role

WANTED_BY = time(18)
"""What isn't urgent is due at this time of the next day: an hour at which whoever hears that it is overdue is awake."""
HOURLY_CLIMBS = 3
"""So often it moves on after the urgent time each; from then on once a day, until it is done."""
OVERDUE = "overdue"
MOST = 20


def due(follow_up: FollowUp, live: LiveSettings, now: datetime) -> datetime:
    """By when it has to be done, if somebody gets it now."""
    if follow_up is FollowUp.URGENT:
        return now + timedelta(seconds=live.follow_up_urgent_seconds)
    tomorrow = wall(now, live.home.zone).date() + timedelta(days=1)
    return instant(datetime.combine(tomorrow, WANTED_BY), live.home.zone)


# What the clock does


def is_anything_due(now: datetime) -> ColumnElement[bool]:
    """Whether `look` has something to do."""
    return or_(_due(now).exists(), _nobodys().exists(), _needless_alarm().exists())


def _due(now: datetime) -> Select[Contact]:
    """What nobody was given yet, and what somebody was given and hasn't done.

    While others look for a peer who wasn't reached, that isn't overdue; its last step begins the time anew.
    """
    others = and_(ESCALATION_STANDS, Escalation.step.is_distinct_from(EscalationStep.COORDINATOR))
    looked_for = exists().where(Escalation.checkin_id == Contact.checkin_id, others)
    late = or_(Contact.given_at.is_(None), ~looked_for)
    return select(Contact).where(follow_ups.IS_OPEN, Contact.due_at <= now, late)


def _nobodys() -> Select[Contact]:
    """What was given to somebody who is gone, or when there was nobody to give it to, and now there is."""
    somebody = select(PersonRole.person_id).where(
        PersonRole.role == Role.COORDINATOR, PersonRole.person_id.is_distinct_from(Contact.person_id)
    )
    return select(Contact).where(follow_ups.IS_NOBODYS, Contact.given_at.is_not(None), somebody.exists())


def look(session: Session, live: LiveSettings, now: datetime) -> None:
    """Give away what has just been opened; move on what is overdue, each time once, however many clocks look."""
    due_now, nobodys = _held(session, _due(now)), _held(session, _nobodys())
    asked = _asked(session, [*due_now, *nobodys], now)
    for contact in due_now:
        if contact.given_at is None:
            _give_first(contact, asked[contact.id], live, now)
        else:
            _climb(session, contact, asked[contact.id], live, now)
    for contact in nobodys:
        _give_at_last(contact, asked[contact.id], live, now)
    session.flush()
    for alarm in session.scalars(_needless_alarm()).all():
        alarms.over(session, alarm, now)


def _asked(session: Session, found: Sequence[Contact], now: datetime) -> Mapping[str, Sequence[str]]:
    """Who is asked, in order, by contact: whoever is on duty, but never the peer themselves."""
    on_duty = duty.to_alarm(session, now) if found else ()
    return {
        one.id: duty.to_alarm(session, now, one.person_id) if one.person_id in on_duty else on_duty for one in found
    }


def _held(session: Session, rows: Select[Contact]) -> Sequence[Contact]:
    """Those that no other clock has in hand, first what is due first."""
    held = rows.order_by(Contact.due_at).limit(MOST).with_for_update(skip_locked=True, of=Contact, key_share=True)
    return session.scalars(held.execution_options(populate_existing=True)).all()


def _give_first(contact: Contact, on_duty: Sequence[str], live: LiveSettings, now: datetime) -> None:
    """To the first who is on duty, unless it is somebody's already."""
    if contact.owner_id is None and contact.owner_account_id is None:
        contact.owner_id = next(iter(on_duty), None)
    contact.due_at = due(contact.follow_up, live, now)
    contact.given_at = now


def _give_at_last(contact: Contact, on_duty: Sequence[str], live: LiveSettings, now: datetime) -> None:
    """To the first who is on duty, with at least the urgent time to do it in; unless it has just become somebody's."""
    if contact.owner_id is None and on_duty:
        soonest = now + timedelta(seconds=live.follow_up_urgent_seconds)
        contact.owner_id, contact.given_at = on_duty[0], now
        contact.due_at = max(contact.due_at or now, soonest)


def _climb(session: Session, contact: Contact, on_duty: Sequence[str], live: LiveSettings, now: datetime) -> None:
    urgent = timedelta(seconds=live.follow_up_urgent_seconds)
    contact.overdue_since = contact.overdue_since or contact.due_at
    contact.follow_up = FollowUp.URGENT
    next_one = _after(contact.owner_id, on_duty)
    follow_ups.hand_on(session, contact, MoveReason.OVERDUE, now, person_id=next_one)
    contact.climbs += 1
    contact.due_at = now + (urgent if contact.climbs < HOURLY_CLIMBS else timedelta(days=1))
    alarms.raise_anew(session, AlarmKind.OVERDUE, OVERDUE, urgent, now)


def _after(owner_id: str | None, on_duty: Sequence[str]) -> str | None:
    """The next one in the order of asking; the same again where there is nobody else."""
    if owner_id not in on_duty:
        return next(iter(on_duty), owner_id)
    return on_duty[(on_duty.index(owner_id) + 1) % len(on_duty)]


def _needless_alarm() -> Select[Alarm]:
    """The alarm that something is overdue, when nothing is any more."""
    overdue = select(Contact.id).where(follow_ups.IS_OPEN, Contact.overdue_since.is_not(None))
    return select(Alarm).where(Alarm.subject == OVERDUE, ALARM_STANDS, ~overdue.exists())


# What somebody does on a page


def take(session: Session, contact_id: str, account_id: str, live: LiveSettings, now: datetime) -> bool:
    """A login takes it on, and nobody else is called about it. False if it isn't open or is theirs already."""
    _answer_alarms(session, contact_id, account_id, now)
    contact = follow_ups.locked(session, contact_id)
    if contact is None or contact.owner_account_id == account_id:
        return False
    _hand(session, contact, MoveReason.TAKEN, account_id, None, live, now)
    return True


def give(session: Session, contact_id: str, person_id: str, account_id: str, live: LiveSettings, now: datetime) -> bool:
    """A login gives it to a coordinator. False if it isn't open or is theirs already, or they are no coordinator.

    Nor is it given to the one whom it is about.

    Alarms about it go on: they have to hear of it.
    """
    contact = follow_ups.locked(session, contact_id)
    theirs = session.get(PersonRole, (person_id, Role.COORDINATOR))
    if contact is None or person_id in {contact.owner_id, contact.person_id} or theirs is None:
        return False
    _hand(session, contact, MoveReason.GIVEN, account_id, person_id, live, now)
    return True


def put_off(session: Session, contact_id: str, until: datetime, reason: str, account_id: str, now: datetime) -> bool:
    """A login gives it another time, to come, and says why. False if it isn't open.

    What is urgent is theirs from then on, and so is what was nobody's; nobody is called about it any more.
    """
    _answer_alarms(session, contact_id, account_id, now)
    contact = follow_ups.locked(session, contact_id)
    if contact is None:
        return False
    urgent = contact.follow_up is FollowUp.URGENT
    if urgent or (contact.owner_id is None and contact.owner_account_id is None):
        contact.owner_id, contact.owner_account_id = None, account_id
    follow_ups.note_later(session, contact, until, reason, account_id, now)
    if urgent and contact.at > now - alarms.STALE:
        # Somebody looks after it: its own alarm, which the one for all that is overdue stood for, isn't to ring anew.
        alarms.raise_alarm(session, AlarmKind.URGENT_FOLLOW_UP, contact_id, now, contact_id)
        _answer_alarms(session, contact_id, account_id, now)
    contact.due_at, contact.given_at, contact.overdue_since, contact.climbs = until, now, None, 0
    session.flush()
    return True


def _hand(
    session: Session,
    contact: Contact,
    why: MoveReason,
    account_id: str,
    person_id: str | None,
    live: LiveSettings,
    now: datetime,
) -> None:
    """Theirs, with at least the urgent time to do it in."""
    first, was_due = contact.given_at is None, contact.due_at or now
    follow_ups.hand_on(session, contact, why, now, person_id=person_id, account_id=account_id)
    soonest = now + timedelta(seconds=live.follow_up_urgent_seconds)
    contact.due_at = due(contact.follow_up, live, now) if first else max(was_due, soonest)
    session.flush()


def _answer_alarms(session: Session, contact_id: str, account_id: str, now: datetime) -> None:
    """Before the contact is held, as whoever presses 1 does it."""
    overdue = select(Contact.overdue_since).where(Contact.id == contact_id, follow_ups.IS_OPEN)
    subjects = [contact_id, OVERDUE] if session.scalars(overdue).one_or_none() else [contact_id]
    about = select(Alarm.id).where(Alarm.subject.in_(subjects), ALARM_IS_OPEN).order_by(Alarm.id)
    for alarm_id in session.scalars(about).all():
        alarms.acknowledge(session, alarm_id, now, account_id=account_id)
