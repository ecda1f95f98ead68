"""Who holds which number, for many numbers at once."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline.models import Person, PhoneNumber
from phoneline.states import Role

_AT_ONCE = 500
"""Well below the number of parameters that either database takes in one statement."""


def in_batches(values: Collection[str]) -> Iterator[Sequence[str]]:
    """The values, each once, as lists short enough for one statement."""
    distinct = sorted(set(values))
    for start in range(0, len(distinct), _AT_ONCE):
        yield distinct[start : start + _AT_ONCE]


def holders(session: Session, number_hashes: Collection[str]) -> Mapping[str, Sequence[Person]]:
    """Everybody who holds each number, as first or second; those who are there longest come first."""
    found: dict[str, list[Person]] = defaultdict(list)
    for batch in in_batches(number_hashes):
        query = (
            select(PhoneNumber.number_hash, Person)
            .join(Person, Person.id == PhoneNumber.person_id)
            .where(PhoneNumber.number_hash.in_(batch))
            .order_by(Person.created_at, Person.id)
        )
        for number_hash, person in session.execute(query):
            if person not in found[number_hash]:
                found[number_hash].append(person)
    return found


def coordinator_among(people: Sequence[Person]) -> Person | None:
    """The coordinator who holds the number; None if several do, since then it says nobody's name."""
    found = [person for person in people if person.has(Role.COORDINATOR)]
    return found[0] if len(found) == 1 else None


def volunteer_among(people: Sequence[Person]) -> Person | None:
    """The volunteer who holds the number: then they are the only one who does."""
    return next((person for person in people if person.has(Role.VOLUNTEER)), None)
