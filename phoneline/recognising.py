"""Who it was: somebody says that an unknown caller was a person we know, or that a caller wasn't whom we took them for.

Both can be taken back. Hold the person's row.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from phoneline import calls, checkins, escalations, last_heard, person_changes, person_numbers
from phoneline.countries import WhyNot
from phoneline.crypto import lookup_hash
from phoneline.db import lookup_key
from phoneline.live_settings import LiveSettings
from phoneline.models import Base, Call, Callback, Contact, Person, PersonChange, PhoneNumber, TextIn, TextOut
from phoneline.person_numbers import NumberProblem
from phoneline.person_states import PersonAct
from phoneline.states import CallState, ContactOutcome, Direction, Role, SettledBy

MOST_LOOKED_AT = 1000
"""So many of the last calls by unknown callers are looked at for the same number: it can't be searched for."""
_UNREAD = {"synchronize_session": False}
_TABLES: Mapping[str, type[Base]] = {"call": Call, "contact": Contact, "callback": Callback, "text_out": TextOut}


class Refusal(StrEnum):
    """Why it can't be said."""

    NOBODY = "nobody"
    """There is no such contact, or no such person."""
    SAID_ALREADY = "said_already"
    GOING_ON = "going_on"
    """The call hasn't ended."""


def number_of(session: Session, contact: Contact) -> str | None:
    """From which number it came; None if it was withheld, or wasn't by telephone."""
    if contact.call_id is not None:
        return session.scalars(select(Call.number).where(Call.id == contact.call_id)).one_or_none()
    return session.scalars(select(TextIn.number).where(TextIn.contact_id == contact.id).limit(1)).first()


def this_was(
    session: Session,
    contact_id: str,
    person: Person,
    account_id: str,
    live: LiveSettings,
    now: datetime,
    *,
    take_number: bool,
) -> Refusal | NumberProblem | WhyNot | None:
    """The contact, and what else came from its number while nobody knew whose it is, is theirs. Why not, otherwise."""
    contact = session.get(Contact, contact_id, with_for_update=True, populate_existing=True)
    refusal = _refusal(session, contact)
    if refusal is not None or contact is None:
        return refusal
    if contact.person_id is not None:
        return Refusal.SAID_ALREADY
    number = number_of(session, contact)
    before: dict[str, Any] = {"numbers": person_numbers.numbers(person)}
    if take_number and number is not None and number not in before["numbers"]:
        sole = person.has(Role.VOLUNTEER)
        problem = person_numbers.problem(session, person, number, live, sole=sole)
        if problem is not None:
            return problem
        person_numbers.put(session, person, [*before["numbers"], number])
    moved = _from_same_number(session, contact, number)
    _tie(session, moved, person.id)
    person_changes.note(session, person.id, PersonAct.RECOGNISED, account_id, now, {**before, "moved": moved}, {})
    _count(session, contact, person.id, now)
    return None


def not_them(session: Session, contact_id: str, account_id: str, now: datetime, *, shared: bool) -> Refusal | None:
    """The contact is nobody's, and what it had settled is somebody's task. `shared`: others use the telephone too."""
    contact = session.get(Contact, contact_id, with_for_update=True, populate_existing=True)
    refusal = _refusal(session, contact)
    if refusal is not None or contact is None:
        return refusal
    if contact.person_id is None:
        return Refusal.SAID_ALREADY
    person_id, number = contact.person_id, number_of(session, contact)
    moved = _of_contact(session, contact)
    _unsettle(session, contact.call_id, now)
    _tie(session, moved, None)
    unsaid = _identify(session, person_id, number, yes=False) if shared and number is not None else []
    about = {"moved": moved, "unsaid": unsaid}
    person_changes.note(session, person_id, PersonAct.NOT_THEM, account_id, now, about, {})
    last_heard.recount(session, person_id)
    return None


def take_back(session: Session, person: Person, change: PersonChange, now: datetime) -> NumberProblem | None:
    """As if it hadn't been said. A task that it made stays one."""
    was = person_changes.was(change)
    if change.act is PersonAct.RECOGNISED:
        person_numbers.put(session, person, was["numbers"])
        for call_id in was["moved"].get("call", []):
            _unsettle(session, call_id, now)
        _tie(session, was["moved"], None)
    else:
        _tie(session, was["moved"], person.id)
        for number_hash in was["unsaid"]:
            _say(session, person.id, number_hash, yes=True)
    last_heard.recount(session, person.id)
    change.undone_at = now
    return None


def _refusal(session: Session, contact: Contact | None) -> Refusal | None:
    if contact is None:
        return Refusal.NOBODY
    if contact.call_id is None:
        return None
    return None if calls.by_id(session, contact.call_id).state is CallState.ENDED else Refusal.GOING_ON


def _of_contact(session: Session, contact: Contact) -> dict[str, list[str]]:
    """What belongs to the contact: with a call, all that the call made."""
    if contact.call_id is None:
        return {"contact": [contact.id]}
    return {
        "call": [contact.call_id],
        "contact": _ids(session, Contact, Contact.call_id == contact.call_id),
        "callback": _ids(session, Callback, Callback.call_id == contact.call_id),
    }


def _from_same_number(session: Session, contact: Contact, number: str | None) -> dict[str, list[str]]:
    """That, and what else came from its number and is nobody's."""
    found = _of_contact(session, contact)
    if number is None:
        return found
    number_hash = lookup_hash(lookup_key(session), number)
    unknown = select(Call.id, Call.number).where(Call.person_id.is_(None), Call.number.is_not(None))
    newest = session.execute(unknown.order_by(Call.started_at.desc(), Call.id.desc()).limit(MOST_LOOKED_AT))
    same = [call_id for call_id, called_from in newest if called_from == number]
    texted = select(TextIn.contact_id).where(TextIn.number_hash == number_hash)
    more = {
        "call": same,
        "contact": _ids(
            session, Contact, Contact.person_id.is_(None) & (Contact.call_id.in_(same) | Contact.id.in_(texted))
        ),
        "callback": _ids(session, Callback, (Callback.number_hash == number_hash) & Callback.person_id.is_(None)),
        "text_out": _ids(session, TextOut, (TextOut.number_hash == number_hash) & TextOut.person_id.is_(None)),
    }
    return {name: sorted({*found.get(name, []), *ids}) for name, ids in more.items()}


def _ids(
    session: Session, model: type[Contact] | type[Callback] | type[TextOut], which: ColumnElement[bool]
) -> list[str]:
    return list(session.scalars(select(model.id).where(which)))


def _tie(session: Session, moved: Mapping[str, Sequence[str]], person_id: str | None) -> None:
    session.flush()
    for name, ids in moved.items():
        table = _TABLES[name].__table__
        session.execute(update(_TABLES[name]).where(table.c.id.in_(ids)).values(person_id=person_id), _UNREAD)
    session.expire_all()


def _count(session: Session, contact: Contact, person_id: str, now: datetime) -> None:
    """They were in touch: it settles what it would have settled had we known."""
    call = session.get(Call, contact.call_id) if contact.call_id else None
    if call is not None and call.answered_at is not None and contact.outcome is not ContactOutcome.WRONG_NUMBER:
        by = SettledBy.INBOUND_CALL if call.direction is Direction.INBOUND else SettledBy.VOLUNTEER
        checkins.heard_from(session, person_id, by, now, call_id=call.id, at=call.answered_at)
    last_heard.recount(session, person_id)


def _unsettle(session: Session, call_id: str | None, now: datetime) -> None:
    """As for a wrong number: what it had settled is somebody's task. While it is known whose it was thought to be."""
    if call_id is not None:
        checkins.was_not_them(session, call_id, now)
        escalations.was_not_them(session, calls.by_id(session, call_id), now)


def _identify(session: Session, person_id: str, number: str, *, yes: bool) -> list[str]:
    """Whether this number of theirs tells who calls: the hashes of those for which that was changed."""
    number_hash = lookup_hash(lookup_key(session), number)
    return [number_hash] if _say(session, person_id, number_hash, yes=yes) else []


def _say(session: Session, person_id: str, number_hash: str, *, yes: bool) -> bool:
    held = select(PhoneNumber).filter_by(person_id=person_id, number_hash=number_hash, identifies=not yes)
    found = session.scalars(held).one_or_none()
    if found is not None:
        found.identifies = yes
        session.flush()
    return found is not None
