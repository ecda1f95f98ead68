"""A person's telephone numbers: the one that is rung first, and one for retries. Added, taken off, put in order."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import countries, identity, person_changes
from phoneline.countries import WhyNot
from phoneline.crypto import lookup_hash
from phoneline.db import lookup_key
from phoneline.live_settings import LiveSettings
from phoneline.models import AccessLog, Person, PersonChange, PersonRole, PhoneNumber
from phoneline.person_states import PersonAct
from phoneline.states import AccessAction, Role

MOST = 2


class NumberProblem(StrEnum):
    """Why a number can't be written down."""

    NO_NUMBER = "no_number"
    THEIRS_ALREADY = "theirs_already"
    ENOUGH = "enough"
    A_NAMESAKES = "a_namesakes"
    """Somebody has it who is called the same: most likely they are written down already."""
    A_VOLUNTEERS = "a_volunteers"
    """Somebody else's, and one of the two is a volunteer: a volunteer's number is theirs alone."""


def read(text: str, live: LiveSettings) -> str | None:
    """The number as people write it where the line is, in E.164; None if it is no number."""
    return identity.keyed_number(text, live.home.number)


def problem(
    session: Session, person: Person | None, text: str, live: LiveSettings, *, sole: bool
) -> NumberProblem | WhyNot | None:
    """What speaks against this number for this person, or for somebody new."""
    number = read(text, live)
    if number is None:
        return NumberProblem.NO_NUMBER
    why = countries.why_not_ring(number, live.countries, live.home.number)
    if why is not None:
        return why
    if person is not None and any(held.number == number for held in person.numbers):
        return NumberProblem.THEIRS_ALREADY
    if person is not None and len(person.numbers) >= MOST:
        return NumberProblem.ENOUGH
    return problem_of_holders(session, person, number, sole=sole)


def problem_of_holders(session: Session, person: Person | None, number: str, *, sole: bool) -> NumberProblem | None:
    """Whether somebody else has it who can't share it. `sole`: this person is a volunteer."""
    others = holders(session, number)
    if person is not None:
        others = [one for one in others if one[0] != person.id]
    return NumberProblem.A_VOLUNTEERS if any(sole or is_volunteer for _, is_volunteer in others) else None


def holders(session: Session, number: str) -> Sequence[tuple[str, bool]]:
    """Everybody who has this number, and whether they are a volunteer."""
    is_volunteer = (
        select(PersonRole.person_id)
        .where(PersonRole.person_id == PhoneNumber.person_id, PersonRole.role == Role.VOLUNTEER)
        .exists()
    )
    number_hash = lookup_hash(lookup_key(session), number)
    found = session.execute(
        select(PhoneNumber.person_id, is_volunteer).where(PhoneNumber.number_hash == number_hash).distinct()
    )
    return [(person_id, volunteer) for person_id, volunteer in found]


def is_a_namesakes(session: Session, name_hash: str, number: str) -> bool:
    """Whether somebody of this name has this number."""
    number_hash = lookup_hash(lookup_key(session), number)
    same = select(PhoneNumber.id).join(Person, Person.id == PhoneNumber.person_id)
    both = same.where(PhoneNumber.number_hash == number_hash, Person.name_hash == name_hash)
    return session.scalars(both.limit(1)).first() is not None


def add(session: Session, person: Person, text: str, account_id: str | None, live: LiveSettings, now: datetime) -> None:
    """One more; see that there is no `problem`, and hold the row."""
    number = read(text, live)
    if number is None:
        raise ValueError("no number")
    _change(session, person, [*numbers(person), number], account_id, now)


def take_off(session: Session, person: Person, number_id: str, account_id: str | None, now: datetime) -> bool:
    """False if they have no such number."""
    left = [held.number for held in person.numbers if held.id != number_id]
    if len(left) == len(person.numbers):
        return False
    _change(session, person, left, account_id, now)
    return True


def sooner(session: Session, person: Person, number_id: str, account_id: str | None, now: datetime) -> bool:
    """Ring it first. False if they have no such number, or it is first already."""
    if number_id not in {held.id for held in person.numbers[1:]}:
        return False
    first = [held.number for held in person.numbers if held.id == number_id]
    _change(session, person, [*first, *(one for one in numbers(person) if one not in first)], account_id, now)
    return True


def take_back(session: Session, person: Person, change: PersonChange, now: datetime) -> NumberProblem | None:
    """As they were before this change; why not, if somebody else has one of them by now."""
    before: list[str] = person_changes.was(change)["numbers"]
    sole = person.has(Role.VOLUNTEER)
    for number in before:
        against = problem_of_holders(session, person, number, sole=sole)
        if against is not None:
            return against
    put(session, person, before)
    change.undone_at = now
    return None


def numbers(person: Person) -> list[str]:
    return [held.number for held in person.numbers]


def put(session: Session, person: Person, all_of_them: Sequence[str]) -> None:
    """These are their numbers, in this order. A number that stays at its place keeps its row."""
    tells = {held.number: held.identifies for held in person.numbers}
    for held, number in zip(list(person.numbers), [*all_of_them, *[None] * MOST], strict=False):
        if held.number != number:
            person.numbers.remove(held)
    session.flush()
    key, there = lookup_key(session), {held.position for held in person.numbers}
    for position, number in enumerate(all_of_them, start=1):
        if position not in there:
            hashed, sole = lookup_hash(key, number), person.has(Role.VOLUNTEER)
            made = PhoneNumber(position=position, number=number, number_hash=hashed, sole=sole)
            made.identifies = tells.get(number, True)
            person.numbers.append(made)
    session.flush()
    session.refresh(person, ["numbers"])


def show(session: Session, person: Person, account_id: str | None, now: datetime) -> Sequence[str]:
    """Their numbers, and in the same transaction the note of who was shown them."""
    session.add(AccessLog(at=now, account_id=account_id, action=AccessAction.NUMBER_SHOWN, about_id=person.id))
    session.flush()
    return numbers(person)


def _change(session: Session, person: Person, wanted: list[str], account_id: str | None, now: datetime) -> None:
    before = numbers(person)
    put(session, person, wanted)
    person_changes.note(
        session, person.id, PersonAct.NUMBERS, account_id, now, {"numbers": before}, {"numbers": wanted}
    )
