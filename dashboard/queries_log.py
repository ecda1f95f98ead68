"""A page of the contact log in one query, found by its place and not by counting."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, Subquery, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from dashboard.log_filters import OPEN, Cursor, Filters
from dashboard.own_record import not_own
from dashboard.owner_view import Owed
from dashboard.queries_owners import OWED, with_owner
from phoneline.db import Database
from phoneline.follow_ups import IS_OPEN
from phoneline.follow_ups import OPEN as OPEN_STATES
from phoneline.models import Call, Checkin, Contact, Person, Voicemail
from phoneline.states import CallOutcome, CheckinState, ContactKind, ContactOutcome, Direction, FollowUp, VoicemailState

PAGE = 40
BATCH = 500

Peer = aliased(Person)
Volunteer = aliased(Person)


@dataclass(frozen=True)
class ContactRow:
    """One contact with what its call or check-in says about it."""

    id: str
    at: datetime
    kind: ContactKind
    outcome: ContactOutcome
    follow_up: FollowUp
    person: str | None
    volunteer: str | None
    has_call: bool
    withheld: bool
    direction: Direction | None
    call_outcome: CallOutcome | None
    call_ended: bool
    talk_seconds: float | None
    checkin_state: CheckinState | None
    message: VoicemailState | None
    message_seconds: int | None
    by_hand: bool
    owner: str | None = None
    due_at: datetime | None = None
    given_at: datetime | None = None
    overdue_since: datetime | None = None

    @property
    def owed(self) -> Owed:
        return Owed(self.owner, self.due_at, self.given_at, self.overdue_since)

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.at, self.id)


COLUMNS: tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...] = (
    Contact.id,
    Contact.at,
    Contact.kind,
    Contact.outcome,
    Contact.follow_up,
    Peer.name,
    Volunteer.name,
    Call.id.is_not(None),
    Call.id.is_not(None) & Call.number.is_(None),
    Call.direction,
    Call.outcome,
    Call.ended_at.is_not(None),
    Call.talk_seconds,
    Checkin.state,
    Voicemail.state,
    Voicemail.seconds,
    Contact.by_hand,
    *OWED,
)
"""What a `ContactRow` is made of."""


def page(session: Session, filters: Filters, zone: ZoneInfo, before: Cursor | None) -> Sequence[ContactRow]:
    """The newest contacts below `before`, at most one more than a page: then there are older ones."""
    chosen = _chosen(filters, zone, before).subquery()
    statement = with_what_it_was(select(*COLUMNS), chosen)
    found: Iterable[Any] = session.execute(statement.order_by(Contact.at.desc(), Contact.id.desc()))
    return [ContactRow(*row) for row in found]


def with_what_it_was(statement: Select[Any], chosen: Subquery | None = None) -> Select[Any]:
    """A statement about contacts, joined to the people, the call, the check-in and the message of each.

    With `chosen` about those of these ids alone. They stand first: among more than eight tables PostgreSQL keeps to the
    order in which they are joined (`join_collapse_limit`), and would go through all contacts there ever were.
    """
    if chosen is None:
        contacts = statement.select_from(Contact)
    else:
        contacts = statement.select_from(chosen).join(Contact, Contact.id == chosen.c.id)
    return with_owner(
        contacts.join(Peer, Peer.id == Contact.person_id, isouter=True)
        .join(Volunteer, Volunteer.id == Contact.volunteer_id, isouter=True)
        .join(Call, Call.id == Contact.call_id, isouter=True)
        .join(Checkin, Checkin.id == Contact.checkin_id, isouter=True)
        .join(Voicemail, Voicemail.contact_id == Contact.id, isouter=True)
    )


def _chosen(filters: Filters, zone: ZoneInfo, before: Cursor | None) -> Select[Any]:
    """The ids of the page, before anything is joined to them."""
    statement = select(Contact.id).where(*_conditions(filters, zone), not_own(Contact.person_id))
    return _below(statement, before, PAGE + 1)


def _below(statement: Select[Any], before: Cursor | None, most: int) -> Select[Any]:
    """The newest of them, from there on downwards."""
    if before is not None:
        statement = statement.where(tuple_(Contact.at, Contact.id) < tuple_(before.at, before.id))
    return statement.order_by(Contact.at.desc(), Contact.id.desc()).limit(most)


def _conditions(filters: Filters, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    since, until = filters.bounds(zone)
    found: list[ColumnElement[bool]] = []
    if since is not None:
        found.append(Contact.at >= since)
    if until is not None:
        found.append(Contact.at < until)
    if filters.kind is not None:
        found.append(Contact.kind == filters.kind)
    if filters.outcome is not None:
        found.append(Contact.outcome == filters.outcome)
    if filters.follow_up in {OPEN, *OPEN_STATES}:
        found.append(IS_OPEN)
    if filters.follow_up and filters.follow_up != OPEN:
        found.append(Contact.follow_up == FollowUp(filters.follow_up))
    return found


def open_follow_ups(session: Session) -> int:
    mine = not_own(Contact.person_id)
    return session.scalar(select(func.count()).select_from(Contact).where(IS_OPEN, mine)) or 0


def batches(
    database: Database, filters: Filters, zone: ZoneInfo, own: ColumnElement[bool]
) -> Iterator[Sequence[ContactRow]]:
    """All that the filters choose, newest first; no connection is held between two batches."""
    before: Cursor | None = None
    while True:
        ids = _below(select(Contact.id).where(*_conditions(filters, zone), own), before, BATCH).subquery()
        whole = with_what_it_was(select(*COLUMNS), ids)
        with database.reading() as session:
            found: Iterable[Any] = session.execute(whole.order_by(Contact.at.desc(), Contact.id.desc()))
            rows = [ContactRow(*row) for row in found]
        yield rows
        if len(rows) < BATCH:
            return
        before = rows[-1].cursor
