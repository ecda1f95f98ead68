"""When a peer who says "later" is rung again: after a while, or at the time that they key in. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from phoneline import keyed_plans
from phoneline.live_settings import LiveSettings
from phoneline.models import CheckinPlan
from phoneline.plan_settings import quiet_windows
from phoneline.quiet_hours import is_quiet, quiet_until
from phoneline.recurrence import instant, wall

FURTHEST = timedelta(hours=16)
"""From the early evening a peer can still say "tomorrow morning"; later than that it would be another day's call."""


def default(plan: CheckinPlan, zone: ZoneInfo, live: LiveSettings, now: datetime) -> datetime:
    """After the line's own while; if that is in quiet hours, when these end."""
    at = now + timedelta(seconds=live.checkin_snooze_seconds)
    return quiet_until(at, zone, *quiet_windows(plan, live)) or at


def keyed(digits: str, zone: ZoneInfo, now: datetime) -> Sequence[datetime]:
    """The instants ahead that the keyed digits may mean, nearest first; none if they are no time of day.

    Hours from 1 to 12 are said in the morning and in the afternoon by whoever doesn't count to 24.
    """
    today = wall(now, zone).date()
    days = (today, today + timedelta(days=1))
    found = {instant(datetime.combine(day, one), zone) for day in days for one in _times(digits)}
    return sorted(at for at in found if now < at <= now + FURTHEST)


def not_quiet(times: Sequence[datetime], plan: CheckinPlan, zone: ZoneInfo, live: LiveSettings) -> datetime | None:
    """The first of them at which the peer may be rung."""
    weekday, weekend = quiet_windows(plan, live)
    return next((at for at in times if not is_quiet(at, zone, weekday, weekend)), None)


def _times(digits: str) -> Iterator[time]:
    """`0930`, `930` and `9` are times of day."""
    at = keyed_plans.clock(digits)
    if at is not None:
        yield at
        if 1 <= at.hour <= keyed_plans.NOON:
            yield at.replace(hour=(at.hour + keyed_plans.NOON) % 24)
