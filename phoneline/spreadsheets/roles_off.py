"""Rows that take a role off somebody who is still on the roster for it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from phoneline import hours_ahead
from phoneline.models import Person
from phoneline.spreadsheets.table import Problem, Row
from phoneline.states import Role


def check_roles_off(
    session: Session, meant: Iterable[tuple[Row, Person, Collection[Role]]], line_zone: ZoneInfo, now: datetime
) -> list[Problem]:
    """A problem for each role that they would lose with hours ahead."""
    return [
        row.problem("roles", f"takes {role} off somebody with such shifts ahead; give these away first, or keep {role}")
        for row, person, wanted in meant
        for role in hours_ahead.roles_needed(session, person, wanted, line_zone, now)
    ]
