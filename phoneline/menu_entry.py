"""Into the volunteers' own menu: `*` in the first words, the own number unless the telephone shows it, then the PIN.

Hold the call's row. Nothing here tells whether a number is a volunteer's; caller id alone opens nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import pin_tries
from phoneline.crypto import lookup_hash
from phoneline.db import insert_or_ignore, lookup_key
from phoneline.documents import menu as words
from phoneline.identity import keyed_number
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, MenuVisit, Person, PersonRole, PhoneNumber
from phoneline.states import CallState, Role
from phoneline.steps import Document


@dataclass(frozen=True)
class Claim:
    """A try that is counted, and what its PIN is to be held against."""

    person_id: str | None
    pin_hash: str | None


def knock(session: Session, call: Call) -> Document:
    """`*` in the first words. From a volunteer's own telephone only the PIN is asked for."""
    is_new = insert_or_ignore(session, MenuVisit, call_id=call.id)
    visit = session.get_one(MenuVisit, call.id)
    if is_new and call.number is not None:
        own = _volunteer_with(session, call.number)
        visit.person_id, visit.subject = own, subject(session, own) if own else None
    call.state = CallState.MENU
    return words.ask_pin(call) if visit.subject else words.ask_number(call)


def number_keyed(session: Session, call: Call, digits: str, tries: int, line_number: str) -> Document:
    """The own number. Whatever it is, the PIN is asked for."""
    visit = session.get_one(MenuVisit, call.id)
    if visit.opened_at is None:
        said = keyed_number(digits, line_number) or digits
        visit.person_id = _volunteer_with(session, said)
        visit.subject = subject(session, visit.person_id or said)
    return words.ask_pin(call, tries)


def claim(session: Session, call: Call, tries: int, live: LiveSettings, now: datetime) -> Claim | Document:
    """Count a PIN before it is looked at; or what to say where none may be heard."""
    visit = session.get_one(MenuVisit, call.id)
    if visit.subject is None:
        return words.ask_number(call)
    if not pin_tries.claim(session, call.id, tries, _keys(session, call, visit), live, now):
        return words.closed(call)
    return Claim(visit.person_id, visit.person.pin_hash if visit.person else None)


def enter(session: Session, call: Call, tries: int, claimed: Claim, now: datetime) -> Person | None:
    """The PIN was right. From here on the caller is known to be this volunteer; None if it was another's meanwhile."""
    visit = session.get_one(MenuVisit, call.id)
    if visit.person is None or visit.person_id != claimed.person_id:
        return None
    pin_tries.was_right(session, call.id, tries, _keys(session, call, visit), now)
    visit.opened_at = visit.opened_at or now
    call.informed_at = call.informed_at or now
    call.person_id = visit.person_id
    call.language = visit.person.language or call.language
    return visit.person


def refused(session: Session, call: Call, tries: int) -> Document:
    """The PIN was wrong: all is asked for once more that the telephone doesn't show."""
    if call.number is not None and _volunteer_with(session, call.number) is not None:
        return words.ask_pin(call, tries + 1, after_a_wrong_one=True)
    return words.ask_number(call, tries + 1)


def visitor(session: Session, call: Call) -> Person | None:
    """The volunteer who is in the menu on this call; None at the door, and for whoever is no volunteer any more."""
    visit = session.get(MenuVisit, call.id)
    if visit is None or visit.opened_at is None or visit.person is None or not visit.person.has(Role.VOLUNTEER):
        return None
    return visit.person


def _volunteer_with(session: Session, number: str) -> str | None:
    """The volunteer whose number that is."""
    number_hash = lookup_hash(lookup_key(session), number)
    return session.scalars(
        select(PhoneNumber.person_id)
        .join(PersonRole, PersonRole.person_id == PhoneNumber.person_id)
        .where(PhoneNumber.number_hash == number_hash, PhoneNumber.sole, PersonRole.role == Role.VOLUNTEER)
    ).one_or_none()


def subject(session: Session, who: str) -> str:
    """What stands for somebody where tries are counted: the volunteer, through whichever number, or just a number."""
    return lookup_hash(lookup_key(session), f"menu {who}")


def _keys(session: Session, call: Call, visit: MenuVisit) -> list[str]:
    caller = lookup_hash(lookup_key(session), call.number) if call.number else None
    return list(pin_tries.keys(visit.subject or "", caller))
