"""A page of those whom nobody has heard from, in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from dashboard import queries_people
from dashboard.own_record import is_own
from dashboard.owner_view import Owed
from dashboard.queries_owners import OWED, with_owner
from dashboard.queries_people import LastContact
from dashboard.times import Moment
from phoneline import not_heard
from phoneline.follow_ups import IS_OPEN
from phoneline.last_heard import COUNTS
from phoneline.live_settings import LiveSettings
from phoneline.models import Contact, Person
from phoneline.not_heard import Place
from phoneline.states import ContactKind

PAGE = 40

Volunteer = aliased(Person)


@dataclass(frozen=True)
class Asked:
    """Somebody is asked to call them already."""

    contact_id: str
    owed: Owed


@dataclass(frozen=True)
class Silent:
    """One person, and all that the page says of them."""

    id: str
    name: str
    last_heard_at: datetime
    missed: int
    own_days: int | None
    last: LastContact | None
    next_checkin: datetime | None
    asked: Asked | None


def page(session: Session, live: LiveSettings, at: Moment, after: Place | None) -> Sequence[Silent]:
    """Longest silent first; at most one more than a page shows."""
    places = _others(session, live, at.now, after, PAGE + 1)
    ids = [one.person_id for one in places]
    columns = (Person.id, Person.name, Person.checkins_missed, Person.not_heard_days)
    people = {row.id: row for row in session.execute(select(*columns).where(Person.id.in_(ids)))}
    last, asked = _last(session, ids), _asked(session, ids)
    coming = queries_people.next_checkins(session, ids, at.zone, at.now)
    return [
        Silent(
            one.person_id,
            people[one.person_id].name,
            one.at,
            people[one.person_id].checkins_missed,
            people[one.person_id].not_heard_days,
            last.get(one.person_id),
            coming.get(one.person_id),
            asked.get(one.person_id),
        )
        for one in places
    ]


def count(session: Session, live: LiveSettings, now: datetime, most: int) -> int:
    """How many there are, counted up to `most`."""
    return len(_others(session, live, now, None, most))


def _others(session: Session, live: LiveSettings, now: datetime, after: Place | None, most: int) -> Sequence[Place]:
    """Whoever is looking isn't on the list."""
    found = not_heard.page(session, live, now, after, most + 1)
    return [one for one in found if not is_own(one.person_id)][:most]


def _last(session: Session, ids: Sequence[str]) -> Mapping[str, LastContact]:
    """The last contact of each in which they were heard from."""
    newest = (
        select(Contact.id)
        .where(Contact.person_id == Person.id, COUNTS)
        .order_by(Contact.at.desc())
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )
    chosen = select(newest.label("id")).where(Person.id.in_(ids)).subquery()
    found: Iterable[Any] = session.execute(
        select(Contact.person_id, Contact.at, Contact.kind, Volunteer.name)
        .join(chosen, chosen.c.id == Contact.id)
        .join(Volunteer, Volunteer.id == Contact.volunteer_id, isouter=True)
    )
    return {person_id: LastContact(*rest) for person_id, *rest in found}


def _asked(session: Session, ids: Sequence[str]) -> Mapping[str, Asked]:
    rows = select(Contact.person_id, Contact.id, *OWED).where(
        Contact.person_id.in_(ids), Contact.kind == ContactKind.OUTREACH, IS_OPEN
    )
    found: Iterable[Any] = session.execute(with_owner(rows.select_from(Contact)))
    return {person_id: Asked(contact_id, Owed(*owed)) for person_id, contact_id, *owed in found}
