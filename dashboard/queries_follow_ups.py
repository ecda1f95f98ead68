"""Open follow-ups, and those done lately: a page of each in one query, found by its place."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from dashboard.current import known_visitor
from dashboard.own_record import not_own
from dashboard.owner_view import Ended, Owed
from dashboard.queries_owners import OWED, with_owner
from phoneline.follow_up_states import FollowUpEnding
from phoneline.follow_ups import IS_OPEN
from phoneline.models import Account, Call, Checkin, Contact, FollowUpEnd, Person, Voicemail
from phoneline.states import CheckinState, ContactKind, FollowUp, VoicemailState

PAGE = 20
LATELY = timedelta(days=7)
"""So long it is told that a follow-up was done, and can be taken back."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_PLACE = re.compile(rf"({'|'.join(FollowUp)})\.([0-9]{{1,16}})\.([0-9]{{1,16}})\.([0-9a-z-]{{1,64}})")

Caller = aliased(Person)
Volunteer = aliased(Person)


class Show(StrEnum):
    """What the page can be narrowed to."""

    MINE = "mine"
    ALL = "all"
    OVERDUE = "overdue"
    DONE = "done"


@dataclass(frozen=True)
class Place:
    """Where a page ends: the next one begins just after it."""

    state: FollowUp
    due_at: datetime
    at: datetime
    id: str

    def __str__(self) -> str:
        return ".".join([self.state, *(str((at - _EPOCH) // _TICK) for at in (self.due_at, self.at)), self.id])

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """None for whatever no page of ours has written."""
        found = _PLACE.fullmatch(text)
        if found is None:
            return None
        due_at, at = (_EPOCH + int(found[group]) * _TICK for group in (2, 3))
        return cls(FollowUp(found[1]), due_at, at, found[4])


@dataclass(frozen=True)
class OpenFollowUp:
    """Somebody who was promised something."""

    id: str
    at: datetime
    kind: ContactKind
    follow_up: FollowUp
    withheld: bool
    person_id: str | None
    person: str | None
    volunteer: str | None
    checkin_state: CheckinState | None
    message: VoicemailState | None
    is_mine: bool
    owner: str | None
    due_at: datetime | None
    given_at: datetime | None
    overdue_since: datetime | None

    @property
    def owed(self) -> Owed:
        return Owed(self.owner, self.due_at, self.given_at, self.overdue_since)

    @property
    def place(self) -> Place:
        return Place(self.follow_up, self.due_at or self.at, self.at, self.id)


def is_mine() -> ColumnElement[bool]:
    """The follow-up is that of whoever is looking: of their login, or of who they are."""
    someone = known_visitor()
    as_person = Contact.owner_id == someone.person_id if someone.person_id else false()
    return or_(and_(Contact.owner_account_id.is_not(None), Contact.owner_account_id == someone.account_id), as_person)


def _narrowed(show: Show) -> ColumnElement[bool]:
    match show:
        case Show.MINE:
            return is_mine()
        case Show.OVERDUE:
            return Contact.overdue_since.is_not(None)
        case _:
            return true()


def open_ones(session: Session, most: int, show: Show = Show.ALL, after: Place | None = None) -> Sequence[OpenFollowUp]:
    """Urgent ones first, of each what is due first; at most one more than `most`. Never whoever's is looking."""
    rows = (
        _about_contacts(
            Contact.id,
            Contact.at,
            Contact.kind,
            Contact.follow_up,
            Call.id.is_not(None) & Call.number.is_(None),
            Contact.person_id,
            Caller.name,
            Volunteer.name,
            Checkin.state,
            Voicemail.state,
            func.coalesce(is_mine(), false()),
            *OWED,
        )
        .where(IS_OPEN, not_own(Contact.person_id), _narrowed(show))
        # `urgent` comes before `wanted` in the alphabet too.
        .order_by(Contact.follow_up, Contact.due_at, Contact.at, Contact.id)
        .limit(most + 1)
    )
    if after is not None:
        place = tuple_(Contact.follow_up, Contact.due_at, Contact.at, Contact.id)
        rows = rows.where(place > tuple_(after.state.value, after.due_at, after.at, after.id))
    found: Iterable[Any] = session.execute(with_owner(rows))
    return [OpenFollowUp(*row) for row in found]


def _about_contacts(*columns: ColumnElement[Any] | InstrumentedAttribute[Any]) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Contact)
        .join(Call, Call.id == Contact.call_id, isouter=True)
        .join(Caller, Caller.id == Contact.person_id, isouter=True)
        .join(Volunteer, Volunteer.id == Contact.volunteer_id, isouter=True)
        .join(Checkin, Checkin.id == Contact.checkin_id, isouter=True)
        .join(Voicemail, Voicemail.contact_id == Contact.id, isouter=True)
    )


@dataclass(frozen=True)
class Counts:
    """How many are open, of everybody's and of whoever is looking; and how many of these are urgent or overdue."""

    all: int = 0
    urgent: int = 0
    overdue: int = 0
    mine: int = 0
    mine_urgent: int = 0
    mine_overdue: int = 0


def counts(session: Session) -> Counts:
    urgent, overdue = Contact.follow_up == FollowUp.URGENT, Contact.overdue_since.is_not(None)
    mine = is_mine()
    several = (urgent, overdue, mine, and_(mine, urgent), and_(mine, overdue))
    found: Any = session.execute(
        select(func.count(), *(func.count().filter(one) for one in several))
        .select_from(Contact)
        .where(IS_OPEN, not_own(Contact.person_id))
    ).one()
    return Counts(*found)


@dataclass(frozen=True)
class DoneFollowUp:
    """One that was done lately, and what was said of it."""

    id: str
    kind: ContactKind
    withheld: bool
    person: str | None
    done_at: datetime
    ending: FollowUpEnding | None
    email: str | None
    note: str | None

    @property
    def ended(self) -> Ended:
        return Ended(self.done_at, self.ending, self.email, self.note)

    @property
    def place(self) -> Place:
        return Place(FollowUp.DONE, self.done_at, self.done_at, self.id)


def done_ones(session: Session, most: int, since: datetime, after: Place | None = None) -> Sequence[DoneFollowUp]:
    """The last ones first; at most one more than `most`."""
    rows = _done().where(Contact.done_at >= since).order_by(Contact.done_at.desc(), Contact.id.desc()).limit(most + 1)
    if after is not None:
        rows = rows.where(tuple_(Contact.done_at, Contact.id) < tuple_(after.at, after.id))
    found: Iterable[Any] = session.execute(rows)
    return [DoneFollowUp(*row) for row in found]


def done_one(session: Session, contact_id: str) -> DoneFollowUp | None:
    """This one, if it is done."""
    found: Any = session.execute(_done().where(Contact.id == contact_id)).first()
    return DoneFollowUp(*found) if found is not None else None


def _done() -> Select[Any]:
    return (
        _about_contacts(
            Contact.id,
            Contact.kind,
            Call.id.is_not(None) & Call.number.is_(None),
            Caller.name,
            Contact.done_at,
            FollowUpEnd.ending,
            Account.email,
            FollowUpEnd.note,
        )
        .join(
            FollowUpEnd,
            and_(
                FollowUpEnd.contact_id == Contact.id,
                FollowUpEnd.at == Contact.done_at,
                FollowUpEnd.taken_back_at.is_(None),
            ),
            isouter=True,
        )
        .join(Account, Account.id == FollowUpEnd.account_id, isouter=True)
        .where(Contact.done_at.is_not(None), not_own(Contact.person_id))
    )


def done_count(session: Session, since: datetime, most: int) -> int:
    """How many were done since then, counted up to `most`."""
    lately = select(Contact.id).where(Contact.done_at >= since, not_own(Contact.person_id)).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(lately)) or 0
