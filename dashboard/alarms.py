"""Urgent things: whoever takes one on here is looking after it, and nobody else is called."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard import own_contact
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.own_record import not_own
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline import alarms, unstaffed
from phoneline.models import ALARM_STANDS, Account, Alarm, Contact, Person
from phoneline.states import AlarmKind, AlarmState

MOST = 10
WORDS = Phrases(
    {
        AlarmKind.URGENT_FOLLOW_UP: N_("An urgent follow-up is open"),
        AlarmKind.DANGER_WORDS: N_("Somebody texted words that sound like danger"),
        AlarmKind.EMPTY_SHIFT: N_("A caller waited and nobody is on shift"),
        AlarmKind.SPENDING: N_("Today's spending is close to its limit"),
        AlarmKind.OVERDUE: N_("A follow-up is overdue"),
        AlarmKind.UNSTAFFED: N_("Somebody is needed"),
    }
)

group = page_group("alarms")
events = structlog.get_logger()


@dataclass(frozen=True)
class AlarmLine:
    """One alarm, and who has taken it on."""

    id: str
    contact_id: str | None
    what: str
    when: str
    taken: str


def standing(session: Session, at: Moment) -> Sequence[AlarmLine]:
    """What is urgent: first what nobody has taken on, oldest first."""
    found = session.execute(
        select(Alarm, Person.name, Account.email)
        .join(Person, Person.id == Alarm.acknowledged_by, isouter=True)
        .join(Account, Account.id == Alarm.acknowledged_account_id, isouter=True)
        .join(Contact, Contact.id == Alarm.contact_id, isouter=True)
        .where(ALARM_STANDS, not_own(Contact.person_id))
        .order_by(Alarm.state == AlarmState.ACKNOWLEDGED, Alarm.raised_at, Alarm.id)
        .limit(MOST)
    )
    return [
        AlarmLine(alarm.id, alarm.contact_id, _what(alarm, at), at.near(alarm.raised_at), _taken(alarm, name or email))
        for alarm, name, email in found
    ]


def _what(alarm: Alarm, at: Moment) -> str:
    if alarm.kind is not AlarmKind.UNSTAFFED:
        return WORDS[alarm.kind]
    starts_at, _ends_at = unstaffed.stretch(alarm)
    begins = _("now") if starts_at <= at.now else at.moment(starts_at)
    return _("Somebody is needed: nobody is on shift from %(time)s", time=begins)


def _taken(alarm: Alarm, name: str | None) -> str:
    if alarm.state is not AlarmState.ACKNOWLEDGED:
        return ""
    return _("%(name)s is looking after it", name=name) if name else _("somebody is looking after it")


@group.post("/alarms/<alarm_id>/take")
def take(alarm_id: str) -> ResponseReturnValue:
    line, account_id = the_line(), known_visitor().account_id
    with line.database.transaction() as writing:
        about = writing.scalars(select(Alarm.contact_id).where(Alarm.id == alarm_id)).one_or_none()
        if about is not None:
            own_contact.refuse(writing, about)
        if alarms.acknowledge(writing, alarm_id, line.now, account_id=account_id):
            events.info("alarm_taken", account_id=account_id, alarm_id=alarm_id)
    return redirect(url_for("now.page"), 303)
