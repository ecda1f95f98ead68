"""The week's letter by text: to each of the team once, on Mondays, where the line's setting says so."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from phoneline import due_letters
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.models import TextOut
from phoneline.recurrence import instant
from phoneline.states import Role
from tests import factories
from tests.factories import TORONTO

MONDAY = instant(datetime(2026, 11, 23, 10), TORONTO)  # noqa: DTZ001 - the line's wall clock
HOUR = timedelta(hours=1)
WEEKLY = replace(LiveSettings(), letter_texts="weekly")


@pytest.fixture
def team(database: Database) -> Database:
    """A volunteer who is a coordinator too, a French volunteer, somebody without a number, and a peer."""
    with database.transaction() as session:
        factories.person(session, Role.VOLUNTEER, Role.COORDINATOR, name="Ana Example", now=MONDAY)
        factories.person(session, Role.VOLUNTEER, name="Luc Exemple", language="fr", now=MONDAY)
        factories.person(session, Role.VOLUNTEER, name="Kim", numbers=[], now=MONDAY)
        factories.person(session, name="Sam", now=MONDAY)
    return database


def sent(team: Database, now: datetime, live: LiveSettings = WEEKLY) -> list[str]:
    """What goes out when two clocks look then."""
    with team.reading() as session:
        before = set(session.scalars(select(TextOut.id)))
    for _ in range(2):
        with team.transaction() as session:
            due_letters.look(session, live, now)
    with team.reading() as session:
        assert not session.scalar(select(due_letters.is_anything_due(live, now)))
        return sorted(session.scalars(select(TextOut.body).where(TextOut.id.not_in(before))))


def test_each_of_the_team_is_told_once_a_week(team: Database) -> None:
    with team.reading() as session:
        assert session.scalar(select(due_letters.is_anything_due(WEEKLY, MONDAY)))
    french, english = sent(team, MONDAY)
    assert english.startswith("Hi Ana, the team's week: Somebody is still needed this week: ")
    assert french.startswith("Bonjour Luc, la semaine de l'équipe : Il manque encore quelqu'un")
    assert sent(team, MONDAY + HOUR) == []
    assert len(sent(team, MONDAY + timedelta(days=7))) == 2


@pytest.mark.parametrize("hours", [-HOUR / 60, 10 * HOUR, 24 * HOUR], ids=["before ten", "in the evening", "Tuesday"])
def test_at_no_other_time(team: Database, hours: timedelta) -> None:
    assert sent(team, MONDAY + hours) == []


def test_not_unless_the_line_wants_it(team: Database) -> None:
    assert sent(team, MONDAY, LiveSettings()) == []
