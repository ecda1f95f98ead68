"""What a person's page shows of somebody of the team."""

from sqlalchemy.orm import Session

from dashboard import person_team_view
from dashboard.person_team_view import TeamCard
from dashboard.times import Moment
from phoneline import logins, own_limits, practice, shift_refusals
from phoneline.models import Person, WorkLimit
from phoneline.states import Role


def card(session: Session, person_id: str, at: Moment) -> TeamCard | None:
    """None if they are neither volunteer nor coordinator."""
    person = session.get(Person, person_id)
    if person is None or not any(person.has(role) for role in logins.TEAM):
        return None
    to_choose = logins.to_choose(session, person_id)
    return TeamCard(
        is_volunteer=person.has(Role.VOLUNTEER),
        limits=person_team_view.limits(shift_refusals.of_row(session.get(WorkLimit, person_id))),
        readiness=own_limits.readiness(person),
        logins=[(one.id, one.email) for one in to_choose],
        readinesses=tuple(person_team_view.READINESS.items()),
        practised=person_team_view.practised(*practice.finished(session, person_id), at),
        login=next((one.id for one in to_choose if one.person_id == person_id), ""),
    )
