"""A page of what happened between somebody and the line, newest first: found in one query by its place.

The lines of each kind on that page are then read with one query a kind, however many there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from dashboard.log_filters import Cursor
from dashboard.timeline_filters import Show
from phoneline.models import AccessLog, Checkin, Consent, Contact, PersonChange, PersonNote, TextOut
from phoneline.people import NOT_NEEDED
from phoneline.person_states import PersonAct
from phoneline.states import ContactKind

PAGE = 25
_AT = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]


class Kind(StrEnum):
    """What a line is made of."""

    CONTACT = "contact"
    CHECKIN = "checkin"
    DONE = "done"
    """A follow-up, by its contact's id."""
    TEXT = "text"
    YES = "yes"
    NO = "no"
    CHANGE = "change"
    NOTE = "note"
    LOOK = "look"


PLAN_ACTS = tuple(act for act in PersonAct if act.value.startswith("plan_"))


@dataclass(frozen=True)
class Place:
    """One line, by its kind and id, and when it was."""

    kind: Kind
    id: str
    at: datetime

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.at, self.id)


def places(
    session: Session, person_id: str, show: Show, before: Cursor | None, now: datetime, most: int = PAGE
) -> Sequence[Place]:
    """The newest below `before`, at most one more than asked for: then there are older ones."""
    branches = [
        _newest(kind, at, found.where(at <= now), before, most).subquery()
        for kind, at, found in _sources(person_id, show)
    ]
    both = union_all(*(select(one.c.kind, one.c.id, one.c.at) for one in branches)).subquery()
    rows: Iterable[Any] = session.execute(
        select(both.c.kind, both.c.id, both.c.at).order_by(both.c.at.desc(), both.c.id.desc()).limit(most + 1)
    )
    return [Place(Kind(kind), row_id, at) for kind, row_id, at in rows]


def _newest(kind: Kind, at: _AT, found: Select[Any], before: Cursor | None, most: int) -> Select[Any]:
    table = at.class_
    rows = found.with_only_columns(literal(kind.value).label("kind"), table.id.label("id"), at.label("at"))
    if before is not None:
        rows = rows.where(tuple_(at, table.id) < tuple_(before.at, before.id))
    return rows.order_by(at.desc(), table.id.desc()).limit(most + 1)


def _sources(person_id: str, show: Show) -> Sequence[tuple[Kind, _AT, Select[Any]]]:
    """Where lines come from: each with the column that says when, and the rows that are about this person."""

    def of(column: InstrumentedAttribute[Any], *narrowed: ColumnElement[bool]) -> Select[Any]:
        return select(column.class_).where(column == person_id, *narrowed)

    is_plan = PersonChange.act.in_(PLAN_ACTS)
    talks = (
        Kind.CONTACT,
        Contact.at,
        of(Contact.person_id, Contact.kind.not_in((ContactKind.CHECKIN, ContactKind.SMS))),
    )
    texts_in = (Kind.CONTACT, Contact.at, of(Contact.person_id, Contact.kind == ContactKind.SMS))
    done = (Kind.DONE, Contact.done_at, of(Contact.person_id, Contact.done_at.is_not(None)))
    checkins = (Kind.CHECKIN, Checkin.due_at, of(Checkin.person_id))
    texts = (Kind.TEXT, TextOut.created_at, of(TextOut.person_id))
    consent = (
        (Kind.YES, Consent.given_at, of(Consent.person_id, Consent.given_how != NOT_NEEDED)),
        (Kind.NO, Consent.withdrawn_at, of(Consent.person_id, Consent.withdrawn_at.is_not(None))),
    )
    plans = (Kind.CHANGE, PersonChange.at, of(PersonChange.person_id, is_plan))
    changes = (Kind.CHANGE, PersonChange.at, of(PersonChange.person_id, ~is_plan))
    notes = (Kind.NOTE, PersonNote.at, of(PersonNote.person_id, PersonNote.removed_at.is_(None)))
    looks = (
        (Kind.LOOK, AccessLog.at, of(AccessLog.about_id)),
        (Kind.LOOK, AccessLog.at, _looks_at_contacts(person_id)),
    )
    chosen: Mapping[Show, Sequence[tuple[Kind, _AT, Select[Any]]]] = {
        Show.TALKS: (talks, done),
        Show.CHECKINS: (checkins,),
        Show.TEXTS: (texts_in, texts),
        Show.PLANS: (plans, *consent),
        Show.NOTES: (notes,),
        Show.CHANGES: (changes,),
        Show.LOOKS: looks,
    }
    return chosen.get(show) or (talks, done, texts_in, checkins, texts, plans, *consent, changes, notes)


def _looks_at_contacts(person_id: str) -> Select[Any]:
    """At what is hidden on the pages of their contacts."""
    theirs = select(Contact.id).where(Contact.person_id == person_id).scalar_subquery()
    return select(AccessLog).where(AccessLog.about_id.is_(None), AccessLog.contact_id.in_(theirs))


def last_talk(session: Session, person_id: str) -> str | None:
    """The contact in which they were last in touch with us."""
    newest = select(Contact.id).where(Contact.person_id == person_id, Contact.kind != ContactKind.OUTREACH)
    return session.scalars(newest.order_by(Contact.at.desc(), Contact.id.desc()).limit(1)).first()
