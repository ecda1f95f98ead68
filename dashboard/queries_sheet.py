"""The check-ins of a day, found by their due times: a page of them, and how they all stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload

from dashboard.log_filters import Cursor
from dashboard.own_record import not_own
from dashboard.sheet_filters import Show
from phoneline import holding
from phoneline.follow_ups import IS_OPEN
from phoneline.holding import Held, Hold
from phoneline.live_settings import LiveSettings
from phoneline.models import (
    AccessLog,
    Account,
    Attempt,
    Call,
    Checkin,
    CheckinPlan,
    Contact,
    HandContact,
    HandSettled,
    Leg,
    Person,
)
from phoneline.states import (
    OPEN_CHECKIN_STATES,
    AccessAction,
    AttemptResult,
    CheckinReason,
    CheckinState,
    ContactKind,
    FollowUp,
    PlanKind,
    Purpose,
    SettledBy,
)

PAGE = 50
NOT_MADE = frozenset({CheckinState.SKIPPED, CheckinState.STOPPED})
Usual = aliased(Person)
Talked = aliased(Person)
OF_CHECKIN = (Contact.checkin_id == Checkin.id) & (Contact.kind == ContactKind.CHECKIN)
NEEDS_SOMEBODY = select(Contact.checkin_id).where(
    IS_OPEN, Contact.kind == ContactKind.CHECKIN, Contact.checkin_id.is_not(None)
)


@dataclass(frozen=True)
class SheetRow:
    """One check-in, and what is planned and known about it."""

    id: str
    person_id: str
    person: str
    timezone: str | None
    kind: PlanKind
    purpose: Purpose
    state: CheckinState
    reason: CheckinReason | None
    due_at: datetime
    day_from: datetime
    day_until: datetime
    attempt_due_at: datetime
    hands_off: bool
    snoozes_used: int
    settled_by: SettledBy | None
    settled_at: datetime | None
    paused_until: datetime | None
    usual: str | None
    """The plan's own volunteer."""
    talked: str | None
    """Who spoke with them."""
    contact_id: str | None
    follow_up: FollowUp | None
    written_at: datetime | None
    """When the contact was written down by hand that has settled it."""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_CHECKIN_STATES

    @property
    def lacks_volunteer(self) -> bool:
        """A volunteer's, and none has made it."""
        return self.kind is PlanKind.VOLUNTEER and self.state in {*OPEN_CHECKIN_STATES, CheckinState.EXPIRED}

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.due_at, self.id)


@dataclass(frozen=True)
class Tried:
    """One attempt to reach them."""

    at: datetime
    position: int
    result: AttemptResult | None
    dialled_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    volunteer: str | None


@dataclass(frozen=True)
class Act:
    """What a login did about a check-in."""

    at: datetime
    action: AccessAction
    email: str | None


def page(session: Session, since: datetime, until: datetime, show: Show, after: Cursor | None) -> Sequence[SheetRow]:
    """By the time that they were planned for; at most one more than a page."""
    ids = chosen(since, until, show, after).subquery()
    found: Iterable[Any] = session.execute(
        select(
            Checkin.id,
            Checkin.person_id,
            Person.name,
            Person.timezone,
            Checkin.kind,
            Checkin.purpose,
            Checkin.state,
            Checkin.reason,
            Checkin.due_at,
            Checkin.day_from,
            Checkin.day_until,
            Checkin.attempt_due_at,
            Checkin.hands_off_at.is_not(None),
            Checkin.snoozes_used,
            Checkin.settled_by,
            Checkin.settled_at,
            CheckinPlan.paused_until,
            Usual.name,
            Talked.name,
            Contact.id,
            Contact.follow_up,
            HandContact.at,
        )
        .join(ids, ids.c.id == Checkin.id)
        .join(Person, Person.id == Checkin.person_id)
        .join(CheckinPlan, CheckinPlan.id == Checkin.plan_id)
        .join(Usual, Usual.id == CheckinPlan.volunteer_id, isouter=True)
        .join(Contact, OF_CHECKIN, isouter=True)
        .join(Talked, Talked.id == Contact.volunteer_id, isouter=True)
        .join(HandSettled, HandSettled.checkin_id == Checkin.id, isouter=True)
        .join(HandContact, HandContact.contact_id == HandSettled.contact_id, isouter=True)
        .order_by(Checkin.due_at, Checkin.id)
    )
    return [SheetRow(*row) for row in found]


def chosen(since: datetime, until: datetime, show: Show, after: Cursor | None) -> Select[Any]:
    """The ids of the page, before anything is joined to them."""
    statement = select(Checkin.id).where(Checkin.due_at >= since, Checkin.due_at < until, *_shown(show))
    statement = statement.where(not_own(Checkin.person_id))
    if after is not None:
        statement = statement.where(tuple_(Checkin.due_at, Checkin.id) > tuple_(after.at, after.id))
    return statement.order_by(Checkin.due_at, Checkin.id).limit(PAGE + 1)


def _shown(show: Show) -> Sequence[ColumnElement[bool]]:
    needs = Checkin.id.in_(NEEDS_SOMEBODY)
    match show:
        case Show.NEED:
            return [needs]
        case Show.COMING:
            return [Checkin.state.in_(OPEN_CHECKIN_STATES), ~needs]
        case Show.DONE:
            return [Checkin.state.not_in(OPEN_CHECKIN_STATES | NOT_MADE), ~needs]
        case Show.SKIPPED:
            return [Checkin.state.in_(NOT_MADE), ~needs]
        case _:
            return []


def counts(session: Session, since: datetime, until: datetime) -> Mapping[Show, int]:
    """How many there are of each; `Show.ALL` is their sum."""
    found = dict.fromkeys(Show, 0)
    on_day = (Checkin.due_at >= since, Checkin.due_at < until, not_own(Checkin.person_id))
    states = session.execute(select(Checkin.state, func.count()).where(*on_day).group_by(Checkin.state)).all()
    needing = session.execute(
        select(Checkin.state, func.count()).where(*on_day, Checkin.id.in_(NEEDS_SOMEBODY)).group_by(Checkin.state)
    ).all()
    for state, count in states:
        found[Show.ALL] += count
        found[_group(state)] += count
    for state, count in needing:
        found[Show.NEED] += count
        found[_group(state)] -= count
    return found


def _group(state: CheckinState) -> Show:
    if state in OPEN_CHECKIN_STATES:
        return Show.COMING
    return Show.SKIPPED if state in NOT_MADE else Show.DONE


def attempts(session: Session, checkin_ids: Sequence[str]) -> Mapping[str, Sequence[Tried]]:
    """Every attempt, oldest first, by the check-in's id."""
    statement = (
        select(
            Attempt.checkin_id,
            Attempt.at,
            Attempt.number_position,
            Attempt.result,
            Leg.dialled_at,
            Leg.answered_at,
            Leg.ended_at,
            Person.name,
        )
        .join(Call, Call.id == Attempt.call_id)
        .join(Leg, Leg.id == Call.leg_id, isouter=True)
        .join(Person, Person.id == Call.volunteer_id, isouter=True)
        .where(Attempt.checkin_id.in_(checkin_ids))
        .order_by(Attempt.at, Attempt.id)
    )
    rows: Iterable[Any] = session.execute(statement)
    found: dict[str, list[Tried]] = {}
    for checkin_id, *rest in rows:
        found.setdefault(checkin_id, []).append(Tried(*rest))
    return found


def acts(session: Session, checkin_ids: Sequence[str]) -> Mapping[str, Act]:
    """The last thing that a login did about each, if any."""
    statement = (
        select(AccessLog.checkin_id, AccessLog.at, AccessLog.action, Account.email)
        .join(Account, Account.id == AccessLog.account_id, isouter=True)
        .where(AccessLog.checkin_id.in_(checkin_ids))
        .order_by(AccessLog.at, AccessLog.id)
    )
    rows: Iterable[Any] = session.execute(statement)
    return {checkin_id: Act(*rest) for checkin_id, *rest in rows}


def held(session: Session, rows: Sequence[SheetRow], live: LiveSettings, now: datetime) -> Mapping[str, Held]:
    """What holds back those of these that are due, and which quiet hours outlasted those that expired: by their ids."""
    asked = [row.id for row in rows if row.state is CheckinState.EXPIRED or _waits_for_the_clock(row, now)]
    if not asked:
        return {}
    found = {}
    of_these = select(Checkin).where(Checkin.id.in_(asked))
    for one in session.scalars(of_these.options(joinedload(Checkin.plan), joinedload(Checkin.person))):
        hold = _quiet_then(one, live) if one.state is CheckinState.EXPIRED else _now(session, one, live, now)
        if hold is not None:
            found[one.id] = hold
    return found


def _now(session: Session, checkin: Checkin, live: LiveSettings, now: datetime) -> Held | None:
    return holding.what_holds(session, checkin, live, live.home.zone, now)


def _quiet_then(checkin: Checkin, live: LiveSettings) -> Held | None:
    until = holding.quiet_end(checkin, live, live.home.zone, checkin.attempt_due_at)
    return Held(Hold.QUIET, until) if until > checkin.attempt_due_at else None


def _waits_for_the_clock(row: SheetRow, now: datetime) -> bool:
    waits = row.is_open and row.state is not CheckinState.CALLING and not row.hands_off
    return waits and row.attempt_due_at <= now


def whose(session: Session, checkin_id: str) -> str | None:
    """The id of the person; None if there is no such check-in."""
    return session.scalars(select(Checkin.person_id).where(Checkin.id == checkin_id)).one_or_none()
