"""What a turn of a peer at their own check-in calls is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from phoneline import checkin_layout, people, plan_outlook, plans
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, CheckinPlan, Person, PlanVisit
from phoneline.own_plans_states import PlanPage
from phoneline.prompts import say
from phoneline.steps import Say


@dataclass(frozen=True)
class Turn:
    """One peer, one answer, one moment. Holds the call's row."""

    session: Session
    call: Call
    row: PlanVisit
    now: datetime
    live: LiveSettings

    @property
    def person(self) -> Person:
        return self.row.person

    @property
    def line_zone(self) -> ZoneInfo:
        return self.live.home.zone

    @property
    def zone(self) -> ZoneInfo:
        return people.zone_of(self.person, self.line_zone)

    @property
    def language(self) -> str:
        return self.call.language

    def say(self, key: str, **values: str) -> Say:
        return say(key, self.language, **values)

    @property
    def plans(self) -> Sequence[CheckinPlan]:
        """Those with a call to come."""
        found = plans.of_person(self.session, self.person.id)
        return [one for one in found if not plan_outlook.is_over(self.session, one, self.zone, self.now)]

    @property
    def plan(self) -> CheckinPlan | None:
        """The plan at hand; None once it is ended."""
        return next((one for one in self.plans if one.id == self.row.plan_id), None)

    def is_agreed(self, plan: CheckinPlan) -> bool:
        return checkin_layout.is_agreed(self.session, plan)

    def go(self, page: PlanPage, news: str | None = None) -> bool:
        """On to another question. The answer was a good one."""
        self.row.page, self.row.news, self.row.tries = page, news, 1
        return True

    def wrong(self, news: str | None = None) -> bool:
        """The answer leads nowhere: asked once more, perhaps told why."""
        self.row.news = news
        return False
