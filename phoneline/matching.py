"""What is known of a caller's wishes and of the volunteers on shift, and who is kept apart."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, CompoundSelect, Select, select, union
from sqlalchemy.orm import Session

from phoneline.models import Apart, ApartDecision, Call, Person
from phoneline.preferences import Wishes


def apart(person_id: str | ColumnElement[str]) -> CompoundSelect[str]:
    """Who never gets to talk with this person, whichever of the two asked for it."""
    said = [
        select(Apart.other_id).where(Apart.person_id == person_id, Apart.strict),
        select(Apart.person_id).where(Apart.other_id == person_id, Apart.strict),
    ]
    strictly = (ApartDecision.strict, ApartDecision.lifted_at.is_(None))
    decided = [
        select(ApartDecision.other_id).where(ApartDecision.person_id == person_id, *strictly),
        select(ApartDecision.person_id).where(ApartDecision.other_id == person_id, *strictly),
    ]
    return union(*said, *decided)


def apart_from(session: Session, person_id: str | None) -> Collection[str]:
    """The ids of `apart`; nobody where it isn't known who calls."""
    return frozenset() if person_id is None else frozenset(session.scalars(apart(person_id)))


def wishes(session: Session, call: Call) -> Wishes:
    """What the caller needs and would like."""
    if call.person_id is None:
        return Wishes(call.language)
    prefers, last_time = session.execute(
        select(Person.prefers, _last_volunteer(call).scalar_subquery()).where(Person.id == call.person_id)
    ).one()
    return Wishes(
        language=call.language,
        last_time=last_time,
        rather_not=_rather_not(session, call.person_id),
        prefers=prefers,
    )


def _rather_not(session: Session, caller_id: str) -> Collection[str]:
    """With whom the caller would rather not talk."""
    said = select(Apart.other_id).where(Apart.person_id == caller_id, ~Apart.strict)
    decided = select(ApartDecision.other_id).where(
        ApartDecision.person_id == caller_id, ~ApartDecision.strict, ApartDecision.lifted_at.is_(None)
    )
    return frozenset(session.scalars(union(said, decided)))


def _last_volunteer(call: Call) -> Select[str | None]:
    """With whom the caller talked last, in another call than this."""
    return (
        select(Call.volunteer_id)
        .where(Call.person_id == call.person_id, Call.id != call.id)
        .where(Call.answered_at.is_not(None), Call.volunteer_id.is_not(None))
        .order_by(Call.started_at.desc())
        .limit(1)
    )
