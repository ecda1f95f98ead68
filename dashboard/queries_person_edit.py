"""What helps to fill in who somebody is."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline.models import Person, PersonRole
from phoneline.states import Role

MOST_SKILLS = 30


def skills(session: Session) -> Sequence[str]:
    """What volunteers bring, each once, by name: what a peer may wish for."""
    of_volunteers = select(Person.skills).where(
        Person.id.in_(select(PersonRole.person_id).where(PersonRole.role == Role.VOLUNTEER))
    )
    found = {skill.casefold(): skill for theirs in session.scalars(of_volunteers) for skill in theirs}
    return [found[key] for key in sorted(found)][:MOST_SKILLS]
