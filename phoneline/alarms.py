"""Urgent things that must find a person: raised once each, acknowledged by somebody, and in the end over.

`alarm_ladder` tells one coordinator after another of what is open.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from phoneline import closed, follow_ups, legs, rosters
from phoneline.db import changed, insert_or_ignore
from phoneline.follow_up_states import MoveReason
from phoneline.live_settings import LiveSettings
from phoneline.models import (
    ALARM_IS_OPEN,
    ALARM_STANDS,
    CALL_IS_LIVE,
    ESCALATION_STANDS,
    Alarm,
    AlarmTelling,
    Call,
    Contact,
    Escalation,
    Leg,
    TextIn,
)
from phoneline.states import (
    WINNABLE_CALL_STATES,
    AlarmKind,
    AlarmState,
    ContactKind,
    Direction,
    FollowUp,
    LegState,
)
from phoneline.text_states import TextMeaning

STALE = timedelta(days=1)
"""What has been urgent for longer finds nobody by ringing; and a day's spending is over by then."""
EMPTY_SHIFT = "empty_shift"
MOST = 20


def raise_alarm(session: Session, kind: AlarmKind, subject: str, now: datetime, contact_id: str | None = None) -> bool:
    """Raise it, unless one about the same thing stands. The clock tells the first coordinator within a second."""
    return insert_or_ignore(
        session,
        Alarm,
        kind=kind,
        subject=subject,
        contact_id=contact_id,
        state=AlarmState.OPEN,
        step=0,
        raised_at=now,
        next_step_at=now,
    )


def raise_anew(session: Session, kind: AlarmKind, subject: str, quiet: timedelta, now: datetime) -> None:
    """Raise it, in the place of one about the same thing that has stood for `quiet`: people are told again."""
    same = select(Alarm).where(Alarm.subject == subject, ALARM_STANDS, Alarm.raised_at <= now - quiet)
    for standing in session.scalars(same).all():
        over(session, standing, now)
    raise_alarm(session, kind, subject, now)


def acknowledge(
    session: Session, alarm_id: str, now: datetime, *, person_id: str | None = None, account_id: str | None = None
) -> bool:
    """Somebody takes it on, by key or by page: nobody else is told. False if it isn't open; the first one holds."""
    taken = (
        update(Alarm)
        .where(Alarm.id == alarm_id, ALARM_IS_OPEN)
        .values(
            state=AlarmState.ACKNOWLEDGED,
            acknowledged_at=now,
            acknowledged_by=person_id,
            acknowledged_account_id=account_id,
            next_step_at=None,
        )
    )
    if not changed(session, taken.execution_options(synchronize_session=False)):
        return False
    _call_off(session, alarm_id, now, but_for=person_id)
    _becomes_theirs(session, alarm_id, person_id, account_id, now)
    return True


def _becomes_theirs(
    session: Session, alarm_id: str, person_id: str | None, account_id: str | None, now: datetime
) -> None:
    """The follow-up that it is about, if it is about one, is that of whoever took it on. Its time begins anew."""
    contact_id = session.scalars(select(Alarm.contact_id).where(Alarm.id == alarm_id)).one()
    contact = follow_ups.locked(session, contact_id) if contact_id is not None else None
    if contact is not None:
        follow_ups.hand_on(session, contact, MoveReason.TAKEN, now, person_id=person_id, account_id=account_id)
        contact.due_at, contact.given_at = now, None
        session.flush()


def _call_off(session: Session, alarm_id: str, now: datetime, but_for: str | None = None) -> None:
    """End the calls about it, but for the one on which it has just been taken."""
    ringing = (
        select(Leg)
        .join(AlarmTelling, AlarmTelling.leg_id == Leg.id)
        .where(AlarmTelling.alarm_id == alarm_id, Leg.state != LegState.ENDED)
    )
    if but_for is not None:
        ringing = ringing.where(AlarmTelling.person_id != but_for)
    for leg in session.scalars(ringing).all():
        legs.want_end(session, leg, now)


def hold(session: Session, leg: Leg) -> AlarmTelling:
    """Whom the leg tells of what; the alarm's row held and read afresh."""
    telling = session.scalars(select(AlarmTelling).where(AlarmTelling.leg_id == leg.id)).one()
    session.refresh(telling.alarm, with_for_update={"of": Alarm, "key_share": True})
    return telling


# What the clock finds in the rows


def is_anything_to_find(live: LiveSettings, now: datetime) -> ColumnElement[bool]:
    """Whether `find` may have something to do."""
    rows: Sequence[Select[Any]] = (_urgent_without_alarm(now), _done(), _spent(now))
    return or_(*(one.exists() for one in rows), _shift_has_changed(live, now))


def find(session: Session, live: LiveSettings, now: datetime) -> None:
    """Raise what has become urgent, whoever or whatever made it so, and close what isn't any more."""
    # Held: what somebody does or takes away in this very instant is theirs to end, and isn't waited for.
    urgent = _urgent_without_alarm(now).limit(MOST).with_for_update(skip_locked=True, of=Contact, key_share=True)
    for contact in session.scalars(urgent.execution_options(populate_existing=True)).all():
        kind = AlarmKind.DANGER_WORDS if _sounds_dangerous(session, contact) else AlarmKind.URGENT_FOLLOW_UP
        raise_alarm(session, kind, contact.id, now, contact.id)
    for alarm in session.scalars(_done().limit(MOST)).all():
        over(session, alarm, now)
    for alarm in session.scalars(_spent(now)).all():
        over(session, alarm, now)
    _watch_shift(session, live, now)


def _urgent_without_alarm(now: datetime) -> Select[Contact]:
    standing = exists().where(Alarm.subject == Contact.id, ALARM_STANDS)
    # What is overdue has an alarm of its own, one for all of it (`owners`).
    urgent = and_(follow_ups.IS_OPEN, Contact.follow_up == FollowUp.URGENT, Contact.overdue_since.is_(None))
    # Others are asked first; its last step raises the alarm by itself.
    climbing = exists().where(Escalation.checkin_id == Contact.checkin_id, ESCALATION_STANDS)
    return select(Contact).where(urgent, Contact.at > now - STALE, ~standing, ~climbing)


def _sounds_dangerous(session: Session, contact: Contact) -> bool:
    if contact.kind is not ContactKind.SMS:
        return False
    meant = select(TextIn.meaning).where(TextIn.contact_id == contact.id).limit(1)
    return session.scalars(meant).first() is TextMeaning.DANGER


def _done() -> Select[Alarm]:
    """Alarms about follow-ups that are done, or were taken back."""
    return (
        select(Alarm)
        .join(Contact, Contact.id == Alarm.contact_id, isouter=True)
        .where(ALARM_STANDS, Alarm.kind.in_((AlarmKind.URGENT_FOLLOW_UP, AlarmKind.DANGER_WORDS)))
        .where(or_(Contact.id.is_(None), Contact.follow_up != FollowUp.URGENT))
    )


def _spent(now: datetime) -> Select[Alarm]:
    """Alarms about a day's spending, when the day is over."""
    return select(Alarm).where(ALARM_STANDS, Alarm.kind == AlarmKind.SPENDING, Alarm.raised_at <= now - STALE)


def over(session: Session, alarm: Alarm, now: datetime) -> None:
    """Its reason is gone: nobody is told any more."""
    ended = update(Alarm).where(Alarm.id == alarm.id, ALARM_STANDS)
    ended = ended.values(state=AlarmState.OVER, over_at=now, next_step_at=None)
    if changed(session, ended.execution_options(synchronize_session=False)):
        _call_off(session, alarm.id, now)


def _waiting() -> Select[str]:
    """Callers who wait for somebody."""
    return select(Call.id).where(
        CALL_IS_LIVE, Call.direction == Direction.INBOUND, Call.state.in_(WINNABLE_CALL_STATES)
    )


def _shift_has_changed(live: LiveSettings, now: datetime) -> ColumnElement[bool]:
    """A caller waits and nobody is on shift, within the line's hours; or that was so, and somebody is on again."""
    standing = _empty_shift().exists()
    if not closed.calendar(live).is_open(now):
        return standing
    staffed = rosters.WHO_IS_ON.params(rosters.at(now)).exists()
    return or_(and_(standing, staffed), and_(~standing, _waiting().exists(), ~staffed))


def _empty_shift() -> Select[Alarm]:
    return select(Alarm).where(Alarm.subject == EMPTY_SHIFT, ALARM_STANDS)


def _watch_shift(session: Session, live: LiveSettings, now: datetime) -> None:
    """One alarm for the whole stretch of an empty shift."""
    if not session.scalar(select(_shift_has_changed(live, now))):
        return
    standing = session.scalars(_empty_shift()).first()
    if standing is not None:
        over(session, standing, now)
    else:
        raise_alarm(session, AlarmKind.EMPTY_SHIFT, EMPTY_SHIFT, now)
