"""What a volunteer learns of whom they talked with: a first name or alias where the peer agreed to it, else nothing."""

from collections.abc import Collection, Mapping

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from phoneline.models import PLAN_STANDS, CheckinPlan, Person
from phoneline.volunteer_states import Shares


def of_people(
    session: Session, volunteer_id: str, ids: Collection[str], called: Collection[str] = ()
) -> Mapping[str, str]:
    """The names that this volunteer may see: of those whose check-ins they make, and of who shares with all.

    Whoever was `called` by them for a check-in was named to them then.
    """
    theirs = select(CheckinPlan.person_id).where(CheckinPlan.volunteer_id == volunteer_id, PLAN_STANDS)
    agreed = or_(Person.shares == Shares.TEAM, Person.id.in_(theirs), Person.id.in_(called))
    found = session.scalars(select(Person).where(Person.id.in_(ids), agreed)) if ids else ()
    return {one.id: one.known_as for one in found}


def choose(session: Session, person_id: str, shares: Shares) -> bool:
    """What the peer said. False if there is no such person."""
    person = session.get(Person, person_id)
    if person is not None:
        person.shares = shares
    return person is not None
