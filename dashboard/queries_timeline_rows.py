"""What the lines of a timeline say: with one query for each kind, however many lines there are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from dashboard.queries_consent import Entry
from dashboard.queries_log import COLUMNS, ContactRow, with_what_it_was
from dashboard.queries_timeline import Kind, Place
from phoneline import person_changes
from phoneline.follow_up_states import FollowUpEnding
from phoneline.models import (
    AccessLog,
    Account,
    Attempt,
    Checkin,
    Consent,
    Contact,
    FollowUpEnd,
    Person,
    PersonChange,
    PersonNote,
    TextOut,
)
from phoneline.person_states import PersonAct
from phoneline.states import (
    AccessAction,
    AttemptResult,
    CheckinReason,
    CheckinState,
    ContactKind,
    PlanKind,
    SettledBy,
    TextState,
)

Listener = aliased(Person)
Teller = aliased(Person)
_Anything = Select[*tuple[Any, ...]]
WHO = func.coalesce(Teller.name, Account.email, type_=Person.name.type)
"""A login's person, where somebody said whose it is; else its address."""


@dataclass(frozen=True)
class CheckinLine:
    state: CheckinState
    reason: CheckinReason | None
    kind: PlanKind
    settled_by: SettledBy | None
    contact_id: str | None
    tried: Sequence[AttemptResult | None] = ()


@dataclass(frozen=True)
class DoneLine:
    """How a follow-up ended, where somebody said so."""

    ending: FollowUpEnding | None = None
    who: str | None = None
    words: str | None = None


@dataclass(frozen=True)
class TextLine:
    state: TextState


@dataclass(frozen=True)
class ChangeLine:
    act: PersonAct
    who: str | None
    fields: Sequence[str]
    undone: bool
    can_be_undone: bool


@dataclass(frozen=True)
class NoteLine:
    words: str
    who: str | None
    account_id: str | None
    edited_at: datetime | None


@dataclass(frozen=True)
class LookLine:
    action: AccessAction
    who: str | None
    """Whoever it was, by login or by telephone."""


@dataclass(frozen=True)
class Lines:
    """By id, what there is to say of each place."""

    contacts: Mapping[str, ContactRow] = field(default_factory=dict)
    checkins: Mapping[str, CheckinLine] = field(default_factory=dict)
    done: Mapping[str, DoneLine] = field(default_factory=dict)
    texts: Mapping[str, TextLine] = field(default_factory=dict)
    consents: Mapping[str, Entry] = field(default_factory=dict)
    changes: Mapping[str, ChangeLine] = field(default_factory=dict)
    notes: Mapping[str, NoteLine] = field(default_factory=dict)
    looks: Mapping[str, LookLine] = field(default_factory=dict)


def read(session: Session, places: Sequence[Place]) -> Lines:
    ids: dict[Kind, list[str]] = {kind: [] for kind in Kind}
    for place in places:
        ids[place.kind].append(place.id)
    return Lines(
        contacts=contacts(session, ids[Kind.CONTACT]),
        checkins=_checkins(session, ids[Kind.CHECKIN]),
        done=_done(session, ids[Kind.DONE]),
        texts={
            one: TextLine(*rest) for one, *rest in _rows(session, select(TextOut.id, TextOut.state), ids[Kind.TEXT])
        },
        consents=_consents(session, [*ids[Kind.YES], *ids[Kind.NO]]),
        changes=_changes(session, ids[Kind.CHANGE]),
        notes=notes(session, ids[Kind.NOTE]),
        looks=_looks(session, ids[Kind.LOOK]),
    )


def contacts(session: Session, ids: Collection[str]) -> Mapping[str, ContactRow]:
    return {row[0]: ContactRow(*row) for row in _rows(session, with_what_it_was(select(*COLUMNS)), ids, Contact.id)}


def _checkins(session: Session, ids: Collection[str]) -> Mapping[str, CheckinLine]:
    columns = (Checkin.id, Checkin.state, Checkin.reason, Checkin.kind, Checkin.settled_by, Contact.id)
    its_contact = (Contact.checkin_id == Checkin.id) & (Contact.kind == ContactKind.CHECKIN)
    found = _rows(session, select(*columns).join(Contact, its_contact, isouter=True), ids, Checkin.id)
    tried: dict[str, list[AttemptResult | None]] = {}
    attempts = select(Attempt.checkin_id, Attempt.result).order_by(Attempt.at)
    for checkin_id, result in _rows(session, attempts, ids, Attempt.checkin_id):
        tried.setdefault(checkin_id, []).append(result)
    return {
        one: CheckinLine(state, reason, kind, by, contact_id, tried.get(one, ()))
        for one, state, reason, kind, by, contact_id in found
    }


def _done(session: Session, ids: Collection[str]) -> Mapping[str, DoneLine]:
    columns = select(FollowUpEnd.contact_id, FollowUpEnd.ending, WHO, FollowUpEnd.note)
    standing = columns.where(FollowUpEnd.taken_back_at.is_(None)).order_by(FollowUpEnd.at)
    return {one: DoneLine(*rest) for one, *rest in _rows(session, _with_who(standing, FollowUpEnd.account_id), ids)}


def _consents(session: Session, ids: Collection[str]) -> Mapping[str, Entry]:
    columns = select(
        Consent.id,
        Consent.kind,
        Consent.given_at,
        Consent.given_how,
        Consent.words,
        Consent.withdrawn_at,
        Consent.withdrawn_how,
    )
    return {one: Entry(*rest) for one, *rest in _rows(session, columns, ids)}


def _changes(session: Session, ids: Collection[str]) -> Mapping[str, ChangeLine]:
    found = _rows(session, _with_who(select(PersonChange, WHO), PersonChange.account_id), ids, PersonChange.id)
    return {
        change.id: ChangeLine(
            act=change.act,
            who=who,
            fields=list(person_changes.became(change)),
            undone=change.undone_at is not None,
            can_be_undone=change.before is not None,
        )
        for change, who in found
    }


def notes(session: Session, ids: Collection[str]) -> Mapping[str, NoteLine]:
    columns = select(PersonNote.id, PersonNote.words, WHO, PersonNote.account_id, PersonNote.edited_at)
    return {one: NoteLine(*rest) for one, *rest in _rows(session, _with_who(columns, PersonNote.account_id), ids)}


def _looks(session: Session, ids: Collection[str]) -> Mapping[str, LookLine]:
    columns = select(AccessLog.id, AccessLog.action, func.coalesce(WHO, Listener.name, type_=Person.name.type))
    joined = _with_who(columns, AccessLog.account_id).join(Listener, Listener.id == AccessLog.person_id, isouter=True)
    return {one: LookLine(*rest) for one, *rest in _rows(session, joined, ids)}


def _with_who(statement: _Anything, account_id: InstrumentedAttribute[str | None]) -> _Anything:
    return statement.join(Account, Account.id == account_id, isouter=True).join(
        Teller, Teller.id == Account.person_id, isouter=True
    )


def _rows(
    session: Session, statement: _Anything, ids: Collection[str], key: InstrumentedAttribute[Any] | None = None
) -> Iterable[Any]:
    """None of a kind, no query. `key`: the statement's first column, unless told otherwise."""
    if not ids:
        return ()
    column = statement.selected_columns[0] if key is None else key
    return session.execute(statement.where(column.in_(ids))).all()
