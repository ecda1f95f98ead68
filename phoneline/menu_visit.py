"""What a turn in the volunteers' own menu is about."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from phoneline import people, spoken
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, Person
from phoneline.prompts import say
from phoneline.steps import Say


@dataclass(frozen=True)
class Visit:
    """One volunteer in the menu, at one moment."""

    call: Call
    person: Person
    line_zone: ZoneInfo
    now: datetime
    live: LiveSettings

    @property
    def zone(self) -> ZoneInfo:
        return people.zone_of(self.person, self.line_zone)

    def until(self, at: datetime) -> str:
        return spoken.until(at, self.now, self.zone, self.call.language)

    def say(self, key: str, **values: str) -> Say:
        return say(key, self.call.language, **values)
