"""Peers who call the line and press 3."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from phoneline import clock, plans
from phoneline.live_settings import LiveSettings
from phoneline.models import Base, CheckinPlan, Person, PlanVisit, ProgrammeVisit
from phoneline.recurrence import wall
from phoneline.states import CallState, PlanAuthor, Role
from tests import factories
from tests.webhooks.carrier import Carrier
from tests.webhooks.scenes import Scene
from tests.webhooks.twiml import Twiml


class PeerAtThePhone:
    """Sam, whose check-in call comes every day: one call to the line, in its first words."""

    def __init__(
        self, scene: Scene, carrier: Carrier, *roles: Role, agreed: bool = True, planned: bool = True, **given: Any
    ) -> None:
        self.scene, self.carrier = scene, carrier
        now = clock.now()
        with scene.database.transaction() as session:
            who = factories.person(session, *roles, now=now, **({"name": "Sam Secret"} | given))
            self.id, self.number = who.id, who.numbers[0].number
            if agreed:
                factories.consent(session, who, now)
            if planned:
                made = factories.plan(session, who, _in_an_hour(now), now, rrule="FREQ=DAILY")
                plans.resume(session, made, LiveSettings(), now)
        self.call = scene.waiting_call(number=self.number, person_id=self.id, state=CallState.GREETING)

    def at(self, page: str) -> str:
        return f"/webhooks/own-plans/{self.call.token}/{page}"

    def three(self) -> Twiml:
        return self.carrier.ask(self.call.at("menu/1"), self.call.sid, Digits="3")

    def press(self, *keys: str) -> Twiml:
        """What is heard in the end."""
        return [self.carrier.ask(self.at(f"key/{self.step}"), self.call.sid, Digits=key) for key in keys][-1]

    def hang_up(self) -> str:
        """The outcome."""
        self.carrier.ask("/webhooks/voice/status", self.call.sid, CallStatus="completed")
        return str(self.scene.call(self.call.id).outcome)

    @property
    def step(self) -> int:
        with self.scene.database.reading() as session:
            visit = session.get(PlanVisit, self.call.id)
            return visit.step if visit else 1

    @property
    def place(self) -> int:
        """At which question of the programme they are."""
        with self.scene.database.reading() as session:
            visit = session.get(ProgrammeVisit, self.call.id)
            return visit.step if visit else 1

    def something_is_on(self) -> None:
        with self.scene.database.transaction() as session:
            for title in ("Trivia", "Crafts"):
                factories.activity(session, _in_an_hour(clock.now()), title=title)

    @property
    def state(self) -> CallState:
        return self.scene.call(self.call.id).state

    def changeable(self) -> list[Any]:
        """All that the keys may change, but for what the clock lays out anyway."""
        tables = [Base.metadata.tables[name] for name in ("checkin_plan", "consent", "activity_signup")]
        with self.scene.database.engine.connect() as connection:
            return [sorted(tuple(row) for row in connection.execute(table.select())) for table in tables]

    def end_all(self) -> None:
        """A coordinator deletes what they have."""
        with self.scene.database.transaction() as session:
            for one in session.scalars(select(CheckinPlan).where(CheckinPlan.ended_at.is_(None))):
                plans.end(session, one, PlanAuthor.COORDINATOR, clock.now())

    def person(self) -> Person:
        with self.scene.database.reading() as session:
            return session.get_one(Person, self.id)


def _in_an_hour(now: datetime) -> datetime:
    return wall(now + timedelta(hours=1), factories.TORONTO).replace(second=0, microsecond=0)
