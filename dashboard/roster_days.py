"""Which days of the roster a page shows, as they stand in its address. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dashboard import typed
from phoneline.recurrence import instant, wall

WEEK = 7


class Show(StrEnum):
    """A week of blocks, a day of them, or a week as a list."""

    WEEK = "week"
    DAY = "day"
    LIST = "list"


@dataclass(frozen=True)
class RosterDays:
    """The day that was asked for, and how it is shown."""

    show: Show
    day: date
    today: date

    @property
    def first(self) -> date:
        """The day itself, or its week's Monday."""
        return self.day if self.show is Show.DAY else self.day - timedelta(days=self.day.weekday())

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=one) for one in range(self._length)]

    @property
    def _length(self) -> int:
        return 1 if self.show is Show.DAY else WEEK

    @property
    def holds_today(self) -> bool:
        return self.today in self.days

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The first midnight of these days and the last, half-open."""
        return bounds(self.first, self.first + timedelta(days=self._length), zone)

    def moved(self, steps: int) -> "RosterDays":
        """So many weeks, or days, later."""
        return replace(self, day=self.day + timedelta(days=steps * self._length))

    def of(self, show: Show) -> "RosterDays":
        """The same days in another shape; of the present week it is today."""
        return replace(self, show=show, day=self.today if self.holds_today else self.day)

    def with_day(self, day: date) -> "RosterDays":
        """The same days if that one is among them, else those in which it lies."""
        return self if day in self.days else replace(self, day=day)

    def query(self) -> dict[str, str]:
        """The same as an address's query; what is usual is left out."""
        words = {
            "day": str(self.day) if self.day != self.today else "",
            "show": self.show.value if self.show is not Show.WEEK else "",
        }
        return {key: value for key, value in words.items() if value}


def bounds(first: date, after: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants at which these local days begin."""
    since, until = (instant(datetime.combine(day, time()), zone) for day in (first, after))
    return since, until


def read(query: Mapping[str, str], now: datetime, zone: ZoneInfo) -> RosterDays:
    """What an address asks for. What can't be read is as if it weren't there."""
    today = wall(now, zone).date()
    show = query.get("show", "")
    return RosterDays(
        show=Show(show) if show in set(Show) else Show.WEEK,
        day=typed.any_day(query.get("day", "").strip()[:20]) or today,
        today=today,
    )
