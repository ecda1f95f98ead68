"""Urgent things: whoever takes one on here is looking after it, and nobody else is called."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.times import Moment
from phoneline import alarms, unstaffed
from phoneline.models import ALARM_STANDS, Account, Alarm, Person
from phoneline.states import AlarmKind, AlarmState

MOST = 10
WORDS = {
    AlarmKind.URGENT_FOLLOW_UP: "An urgent follow-up is open",
    AlarmKind.DANGER_WORDS: "Somebody texted words that sound like danger",
    AlarmKind.EMPTY_SHIFT: "A caller waited and nobody is on shift",
    AlarmKind.SPENDING: "Today's spending is close to its limit",
    AlarmKind.OVERDUE: "A follow-up is overdue",
    AlarmKind.UNSTAFFED: "Somebody is needed",
}

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
        .where(ALARM_STANDS)
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
    starts_at, _ = unstaffed.stretch(alarm)
    return f"{WORDS[alarm.kind]}: nobody is on shift from {'now' if starts_at <= at.now else at.moment(starts_at)}"


def _taken(alarm: Alarm, name: str | None) -> str:
    if alarm.state is not AlarmState.ACKNOWLEDGED:
        return ""
    return f"{name or 'somebody'} is looking after it"


@group.post("/alarms/<alarm_id>/take")
def take(alarm_id: str) -> ResponseReturnValue:
    line, account_id = the_line(), known_visitor().account_id
    with line.database.transaction() as writing:
        if alarms.acknowledge(writing, alarm_id, line.now, account_id=account_id):
            events.info("alarm_taken", account_id=account_id, alarm_id=alarm_id)
    return redirect(url_for("now.page"), 303)
