"""What the day sheet is narrowed to, as it stands in its address: a day and a state, never a person. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dashboard import typed
from dashboard.log_filters import Cursor
from dashboard.tongue import gettext as _
from phoneline.recurrence import instant, wall


class Show(StrEnum):
    """Which of the day's check-ins."""

    ALL = ""
    NEED = "need"
    COMING = "coming"
    DONE = "done"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class SheetFilters:
    """The day, which of its check-ins, and where the page begins."""

    day: date
    today: date
    show: Show = Show.ALL
    after: Cursor | None = None
    day_text: str = ""
    problem: str = ""

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The line's local day, half-open."""
        midnight = datetime.combine(self.day, time())
        return instant(midnight, zone), instant(midnight + timedelta(days=1), zone)

    @property
    def apart(self) -> int:
        """How many days after today; negative for days before."""
        return (self.day - self.today).days

    def on(self, apart: int) -> "SheetFilters":
        """The same of the day so many days after today."""
        return replace(self, day=self.today + timedelta(days=apart))

    def query(self) -> dict[str, str]:
        """The same as an address's query; what is usual is left out."""
        words = {
            "day": str(self.day) if self.apart else "",
            "show": self.show.value,
            "after": str(self.after) if self.after else "",
        }
        return {key: value for key, value in words.items() if value}


def read(query: Mapping[str, str], now: datetime, zone: ZoneInfo) -> SheetFilters:
    """What an address asks for. A word that doesn't exist narrows nothing, a day that can't be read says so."""
    text = query.get("day", "").strip()[:20]
    chosen, today = typed.any_day(text), wall(now, zone).date()
    show = query.get("show", "")
    return SheetFilters(
        day=chosen or today,
        today=today,
        show=Show(show) if show in set(Show) else Show.ALL,
        after=Cursor.read(query.get("after", "")),
        day_text=text,
        problem=_(typed.NO_DAY) if text and chosen is None else "",
    )
