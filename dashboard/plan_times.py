"""When a plan will call. Pure: the plan, the zone and the instant are arguments."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from phoneline import recurrence
from phoneline.plan_checks import Draft

MOST_LOOKED_AT = 10_000
"""An hourly plan in a pause of a year."""
Pause = tuple[datetime, datetime | None]


def coming(draft: Draft, zone: ZoneInfo, since: datetime, most: int, paused: Pause | None = None) -> Sequence[datetime]:
    """The first instants from `since` on, without those in the pause. For rules without a problem."""
    ends_at = recurrence.instant(draft.ends_local, zone) if draft.ends_local else None
    found: list[datetime] = []
    for start in islice(recurrence.local_starts(draft.starts_local, draft.rrule, zone, since), MOST_LOOKED_AT):
        at = recurrence.instant(start, zone)
        if len(found) == most or (ends_at is not None and at >= ends_at):
            break
        if at >= since and not (paused and paused[0] <= at and (paused[1] is None or at < paused[1])):
            found.append(at)
    return found
