"""Whom a peer agreed to be asked when the line can't reach them: added, ordered, taken off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from phoneline import countries
from phoneline.countries import WhyNot
from phoneline.crypto import lookup_hash
from phoneline.db import insert_or_ignore, lookup_key
from phoneline.live_settings import LANGUAGES, LiveSettings
from phoneline.models import PLAN_STANDS, AgreedContact, CheckinPlan, Person
from phoneline.settings import e164
from phoneline.states import Purpose

BY_PLAN = "named in a check-in plan"
LONGEST_WORDS = 200
"""As much as a prompt says of what is filled in."""
LONGEST = 200
MOST = 9


class AgreedProblem(StrEnum):
    """Why somebody can't be put on the list."""

    NO_NAME = "no_name"
    NO_HOW = "no_how"
    LONG_WORDS = "long_words"
    NO_SUCH_LANGUAGE = "no_such_language"
    ENOUGH = "enough"
    NO_NUMBER = "no_number"
    OWN_NUMBER = "own_number"
    ON_THE_LIST = "on_the_list"


@dataclass(frozen=True)
class Draft:
    """Somebody who is to be put on a peer's list."""

    name: str = ""
    number: str = ""
    how: str = ""
    """How and when the peer agreed to it."""
    language: str = ""
    words: str = ""
    texts_ok: bool = False


def problems(session: Session, person: Person, draft: Draft, live: LiveSettings) -> dict[str, AgreedProblem | WhyNot]:
    """Field by field, why they can't be put on the list; empty if they can."""
    found: dict[str, AgreedProblem | WhyNot | None] = {"number": _number_problem(session, person, draft.number, live)}
    if not draft.name or len(draft.name) > LONGEST:
        found["name"] = AgreedProblem.NO_NAME
    if not draft.how or len(draft.how) > LONGEST:
        found["how"] = AgreedProblem.NO_HOW
    if len(draft.words) > LONGEST_WORDS:
        found["words"] = AgreedProblem.LONG_WORDS
    if draft.language and draft.language not in LANGUAGES:
        found["language"] = AgreedProblem.NO_SUCH_LANGUAGE
    if len(standing(session, person.id)) >= MOST:
        found["name"] = AgreedProblem.ENOUGH
    return {field: problem for field, problem in found.items() if problem}


def _number_problem(session: Session, person: Person, text: str, live: LiveSettings) -> AgreedProblem | WhyNot | None:
    try:
        number = e164(text)
    except ValueError:
        return AgreedProblem.NO_NUMBER
    if any(own.number == number for own in person.numbers):
        return AgreedProblem.OWN_NUMBER
    why = countries.why_not_ring(number, live.countries, live.home.number)
    if why is not None:
        return why
    number_hash = lookup_hash(lookup_key(session), number)
    there = any(one.number_hash == number_hash for one in standing(session, person.id))
    return AgreedProblem.ON_THE_LIST if there else None


def add(session: Session, person: Person, draft: Draft, now: datetime) -> bool:
    """Put them at the end of the list; see that there are no `problems`. False if another page has just done it."""
    last = session.scalar(select(func.max(AgreedContact.position)).where(AgreedContact.person_id == person.id))
    return _insert(
        session,
        person.id,
        e164(draft.number),
        now,
        position=(last or 0) + 1,
        name=draft.name,
        language=draft.language or None,
        words=draft.words or None,
        texts_ok=draft.texts_ok,
        agreed_how=draft.how,
    )


def _insert(session: Session, person_id: str, number: str, now: datetime, **values: object) -> bool:
    number_hash = lookup_hash(lookup_key(session), number)
    about = {"person_id": person_id, "number": number, "number_hash": number_hash, "agreed_at": now}
    return insert_or_ignore(session, AgreedContact, **about, **values)


def standing(session: Session, person_id: str) -> Sequence[AgreedContact]:
    """Who is on the list, in its order."""
    rows = select(AgreedContact).where(AgreedContact.person_id == person_id, AgreedContact.ended_at.is_(None))
    return session.scalars(rows.order_by(AgreedContact.position, AgreedContact.agreed_at, AgreedContact.id)).all()


def sooner(session: Session, person_id: str, contact_id: str) -> bool:
    """Ask them before whoever is before them now. False if they aren't on the list, or first already."""
    _hold(session, person_id)
    found = list(standing(session, person_id))
    at = next((at for at, one in enumerate(found) if one.id == contact_id), 0)
    if at == 0:
        return False
    found[at - 1], found[at] = found[at], found[at - 1]
    for position, one in enumerate(found, start=1):
        one.position = position
    return True


def take_off(session: Session, person_id: str, contact_id: str, now: datetime) -> bool:
    """They are asked nothing more, nor is anybody told anything new of this peer. False if they aren't on the list."""
    _hold(session, person_id)
    found = next((one for one in standing(session, person_id) if one.id == contact_id), None)
    if found is None:
        return False
    found.ended_at = now
    return True


def _hold(session: Session, person_id: str) -> None:
    """Two pages change a list one after the other."""
    session.scalars(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)).one_or_none()


def to_ask(session: Session, person: Person, plan: CheckinPlan, live: LiveSettings, now: datetime) -> Sequence[str]:
    """Who is rung about this peer, in order: the number that the plan names, then the list.

    Nobody who asked not to be, nor the line itself, nor the peer's own telephones.
    """
    first = _of_plan(session, person.id, plan.escalate_to, now) if plan.escalate_to else None
    found = [one for one in standing(session, person.id) if one.id != (first.id if first else None)]
    never = {live.home.number} | {own.number for own in person.numbers}
    in_order = [first, *found] if first else found
    return [one.id for one in in_order if one.stopped_at is None and one.number not in never]


def _of_plan(session: Session, person_id: str, number: str, now: datetime) -> AgreedContact | None:
    """Whose the number of a plan is. None if who answers there asked, before they were taken off, not to be rung."""
    number_hash = lookup_hash(lookup_key(session), number)
    same = select(AgreedContact).where(AgreedContact.person_id == person_id, AgreedContact.number_hash == number_hash)
    last = same.order_by(AgreedContact.ended_at.is_(None).desc(), AgreedContact.agreed_at.desc()).limit(1)
    found = session.scalars(last).first()
    if found is not None and (found.ended_at is None or found.stopped_at is not None):
        return found if found.ended_at is None else None
    _insert(session, person_id, number, now, position=0, name="", texts_ok=False, agreed_how=BY_PLAN)
    return session.scalars(last).first()


def named_by_plans(session: Session, person_id: str) -> Sequence[str]:
    """Numbers that a person's safety plans name: they are asked first. With or without an entry on the list."""
    named = select(CheckinPlan.escalate_to).where(
        CheckinPlan.person_id == person_id, PLAN_STANDS, CheckinPlan.purpose == Purpose.SAFETY
    )
    return list(dict.fromkeys(number for number in session.scalars(named) if number))
