"""Which shifts somebody is reminded of: written down well ahead, so that what comes at short notice rings nobody."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.orm import Session, aliased

from phoneline import people, reminder_times
from phoneline.db import changed, insert_or_ignore
from phoneline.live_settings import LiveSettings
from phoneline.models import Account, Person, PersonRole, Pulse, RosterChange, ShiftHours, ShiftReminder
from phoneline.reminder_states import ReminderKind, ReminderState
from phoneline.reminder_times import DAY_BEFORE, Quiet
from phoneline.roster_states import RosterAct
from phoneline.states import Role

LAID_OUT = "reminders"
EVERY_SECONDS = 60
AHEAD = 2 * DAY_BEFORE
"""The night before the day before may be quiet."""
JUST_NOW = timedelta(seconds=3 * EVERY_SECONDS)
SHORT_NOTICE = timedelta(minutes=30)
"""Whoever puts somebody on hours that begin sooner tells them so."""
GIVEN = (RosterAct.MADE, RosterAct.CHANGED, RosterAct.GIVEN, RosterAct.TAKEN, RosterAct.SWAPPED)
"""What a person does on a page or a telephone. A spreadsheet at short notice reminds nobody."""
MOST = 500
_Before = aliased(ShiftHours)


def is_due(now: datetime) -> ColumnElement[bool]:
    done = select(Pulse).where(Pulse.name == LAID_OUT, Pulse.at > now - timedelta(seconds=EVERY_SECONDS))
    return ~done.where(Pulse.at <= now).exists()


def lay_out_due(session: Session, live: LiveSettings, now: datetime) -> None:
    """Write down the reminders that are to come; one clock at a time does."""
    ours = update(Pulse).where(Pulse.name == LAID_OUT, is_due(now)).values(at=now)
    if not changed(session, ours) and not insert_or_ignore(session, Pulse, name=LAID_OUT, at=now):
        return
    for hours in session.scalars(_a_day_ahead(now).limit(MOST)).all():
        _write_down(session, hours, tuple(ReminderKind), live, now)
    for hours, change in session.execute(_at_short_notice(now).limit(MOST)).all():
        _write_down(session, hours, _kinds(session, hours, change), live, now)
    for reminder in session.scalars(_moved(now).limit(MOST)).all():
        begin_anew(reminder, live, now)


def _theirs() -> Select[ShiftHours]:
    """Hours of volunteers, each the first of those that meet, of which nobody is reminded yet."""
    meets = and_(_Before.person_id == ShiftHours.person_id, _Before.starts_at < ShiftHours.starts_at, ~_Before.off)
    reminded = and_(ShiftReminder.hours_id == ShiftHours.id, ShiftReminder.person_id == ShiftHours.person_id)
    return (
        select(ShiftHours)
        .join(PersonRole, and_(PersonRole.person_id == ShiftHours.person_id, PersonRole.role == Role.VOLUNTEER))
        .where(~ShiftHours.off, ~select(ShiftReminder.id).where(reminded).exists())
        .where(~select(_Before.id).where(meets, _Before.ends_at >= ShiftHours.starts_at).exists())
        .order_by(ShiftHours.starts_at)
    )


def _a_day_ahead(now: datetime) -> Select[ShiftHours]:
    return _theirs().where(ShiftHours.starts_at > now + DAY_BEFORE, ShiftHours.starts_at <= now + AHEAD)


def _at_short_notice(now: datetime) -> Select[ShiftHours, RosterChange]:
    """What somebody has just put a volunteer on, less than a day ahead."""
    about = or_(RosterChange.hours_id == ShiftHours.id, RosterChange.shift_id == ShiftHours.shift_id)
    return (
        _theirs()
        .add_columns(RosterChange)
        .join(RosterChange, and_(about, RosterChange.act.in_(GIVEN), RosterChange.at > now - JUST_NOW))
        .where(ShiftHours.starts_at > now + SHORT_NOTICE, ShiftHours.starts_at <= now + DAY_BEFORE)
    )


def _kinds(session: Session, hours: ShiftHours, change: RosterChange) -> Sequence[ReminderKind]:
    """All, where somebody put them on it by a page. Who took it, or swapped, or waited for it, knows."""
    account = session.get(Account, change.by_account_id) if change.by_account_id is not None else None
    themselves = account is None or account.person_id == hours.person_id
    return (ReminderKind.SOON,) if themselves else tuple(ReminderKind)


def _moved(now: datetime) -> Select[ShiftReminder]:
    moved = and_(ShiftHours.starts_at != ShiftReminder.starts_at, ShiftHours.person_id == ShiftReminder.person_id)
    return (
        select(ShiftReminder)
        .join(ShiftHours, ShiftHours.id == ShiftReminder.hours_id)
        .where(ShiftReminder.starts_at > now, ShiftHours.starts_at > now, moved, ~ShiftHours.off)
        .with_for_update(of=ShiftReminder, skip_locked=True, key_share=True)
    )


def quiet_of(person: Person, live: LiveSettings) -> Quiet:
    return Quiet(people.zone_of(person, live.home.zone), live.quiet_weekday, live.quiet_weekend)


def _write_down(
    session: Session, hours: ShiftHours, kinds: Sequence[ReminderKind], live: LiveSettings, now: datetime
) -> None:
    if hours.person_id is None:
        return
    person = session.get_one(Person, hours.person_id)
    for kind in kinds:
        insert_or_ignore(
            session,
            ShiftReminder,
            hours_id=hours.id,
            person_id=person.id,
            kind=kind,
            starts_at=hours.starts_at,
            state=ReminderState.WAITING,
            due_at=reminder_times.due(kind, hours.starts_at, now, quiet_of(person, live)),
        )


def begin_anew(reminder: ShiftReminder, live: LiveSettings, now: datetime) -> None:
    """The hours were moved: its time is another, and what was said of the old one counts no more."""
    quiet = quiet_of(reminder.person, live)
    reminder.starts_at = reminder.hours.starts_at
    reminder.due_at = reminder_times.due(reminder.kind, reminder.starts_at, now, quiet)
    reminder.state, reminder.asked_at = ReminderState.WAITING, None
