"""A peer's call at the key of their own plans, at a known hour: a Tuesday, 10 AM in Toronto."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from phoneline import first_words, plans
from phoneline import own_plans as own
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.models import Base, Call, Checkin, CheckinPlan, Person, PlanVisit
from phoneline.states import CallState, CheckinState
from phoneline.steps import Ask, Document, Go, Say
from tests import factories

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
NINE_DAILY = datetime.fromisoformat("2026-11-02T17:00")
LIVE = LiveSettings()
SILENCE = None
TO_A_PERSON = "(a person)"


def heard(document: Document) -> str:
    """What is said, and that a person is rung."""
    said: list[str] = []
    for step in document:
        match step:
            case Say():
                said.append(step.text)
            case Ask():
                said += [one.text for one in step.prompts]
            case Go(path) if path.endswith("/wait/1"):
                said.append(TO_A_PERSON)
    return " ".join(said)


class Phone:
    """A peer's call, from key 3 on."""

    def __init__(self, database: Database, person_id: str, language: str = "en", now: datetime = NOW) -> None:
        self.database, self.now = database, now
        with database.transaction() as session:
            number = session.get_one(Person, person_id).numbers[0].number
            made = factories.call(
                session, now, number=number, person_id=person_id, state=CallState.GREETING, language=language
            )
            self.call_id = made.id
            self.said = heard(first_words.menu_key(session, made, "3", 1, LIVE, now))

    @property
    def step(self) -> int:
        with self.database.reading() as session:
            return session.get_one(PlanVisit, self.call_id).step

    def answer(self, step: int, pressed: str | None) -> str:
        with self.database.transaction() as session:
            return heard(own.answer(session, session.get_one(Call, self.call_id), step, pressed, LIVE, self.now))

    def press(self, *pressed: str | None) -> str:
        """What is heard in the end."""
        for one in pressed:
            self.said = self.answer(self.step, one)
        return self.said


def peer(database: Database, *, agreed: bool = True, **given: Any) -> str:
    with database.transaction() as session:
        who = factories.person(session, now=NOW, **({"name": "Sam Example"} | given))
        if agreed:
            factories.consent(session, who, NOW - timedelta(days=30))
        return who.id


def plan(
    database: Database, person_id: str, starts: datetime = NINE_DAILY, rrule: str = "FREQ=DAILY", **given: Any
) -> str:
    """A plan as the clock has laid it out by now; every day at 5 PM unless told otherwise."""
    with database.transaction() as session:
        who = session.get_one(Person, person_id)
        made = factories.plan(session, who, starts, NOW, rrule=rrule, **given)
        plans.resume(session, made, LIVE, NOW)
        return made.id


def inside(database: Database, person_id: str, **given: Any) -> Phone:
    """In the menu, having said who they are."""
    phone = Phone(database, person_id, **given)
    phone.press("1")
    return phone


def standing(database: Database, person_id: str) -> Sequence[CheckinPlan]:
    with database.reading() as session:
        return plans.of_person(session, person_id)


def due(database: Database, person_id: str) -> list[tuple[str, str]]:
    """What will be called, in the wall clock of Toronto."""
    with database.reading() as session:
        rows = session.scalars(
            select(Checkin)
            .where(Checkin.person_id == person_id, Checkin.state == CheckinState.DUE)
            .order_by(Checkin.attempt_due_at)
        )
        return [(f"{one.attempt_due_at.astimezone(factories.TORONTO):%a %H:%M}", one.plan_id) for one in rows]


def times(database: Database, person_id: str) -> list[str]:
    return [at for at, _ in due(database, person_id)]


def rows(database: Database) -> list[Any]:
    """All that a peer may change."""
    tables = ("checkin_plan", "checkin", "consent", "contact")
    with database.engine.connect() as connection:
        return [
            sorted(tuple(row) for row in connection.execute(Base.metadata.tables[name].select())) for name in tables
        ]
