"""What is known of a caller's wishes and of the volunteers on shift, and who is kept apart."""

from collections.abc import Collection, Mapping

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from phoneline.live_settings import LiveSettings
from phoneline.models import Apart, ApartDecision, Call, Person
from phoneline.preferences import Fit, Traits, Wishes, fit


def apart_from(session: Session, person_id: str | None) -> Collection[str]:
    """Who never gets to talk with this person, whichever of the two asked for it."""
    if person_id is None:
        return frozenset()
    said = [
        select(Apart.other_id).where(Apart.person_id == person_id, Apart.strict),
        select(Apart.person_id).where(Apart.other_id == person_id, Apart.strict),
    ]
    strictly = (ApartDecision.strict, ApartDecision.lifted_at.is_(None))
    decided = [
        select(ApartDecision.other_id).where(ApartDecision.person_id == person_id, *strictly),
        select(ApartDecision.person_id).where(ApartDecision.other_id == person_id, *strictly),
    ]
    return frozenset(session.scalars(union(*said, *decided)))


def fits(session: Session, call: Call, ids: Collection[str], live: LiveSettings) -> Mapping[str, Fit]:
    """How each of these volunteers suits the caller, by id."""
    wishes = _wishes(session, call)
    found = session.execute(select(Person.id, Person.language, Person.speaks, Person.skills).where(Person.id.in_(ids)))
    return {
        person_id: fit(wishes, Traits(person_id, {language or live.languages[0], *speaks}, skills))
        for person_id, language, speaks, skills in found
    }


def _wishes(session: Session, call: Call) -> Wishes:
    if call.person_id is None:
        return Wishes(call.language)
    return Wishes(
        language=call.language,
        last_time=_last_volunteer(session, call),
        rather_not=_rather_not(session, call.person_id),
        prefers=session.scalars(select(Person.prefers).where(Person.id == call.person_id)).one_or_none() or (),
    )


def _rather_not(session: Session, caller_id: str) -> Collection[str]:
    """With whom the caller would rather not talk."""
    said = select(Apart.other_id).where(Apart.person_id == caller_id, ~Apart.strict)
    decided = select(ApartDecision.other_id).where(
        ApartDecision.person_id == caller_id, ~ApartDecision.strict, ApartDecision.lifted_at.is_(None)
    )
    return frozenset(session.scalars(union(said, decided)))


def _last_volunteer(session: Session, call: Call) -> str | None:
    """With whom the caller talked last, in another call than this."""
    return session.scalars(
        select(Call.volunteer_id)
        .where(Call.person_id == call.person_id, Call.id != call.id)
        .where(Call.answered_at.is_not(None), Call.volunteer_id.is_not(None))
        .order_by(Call.started_at.desc())
        .limit(1)
    ).one_or_none()
