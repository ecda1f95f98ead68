"""The time zones that a calendar file brings along: each file's are its own, and only those are read that are plain.

A zone that isn't is one that nobody knows, and the events in it are refused.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import tzinfo

from icalendar import Component, Timezone
from icalendar.timezone import tzp
from icalendar.timezone.zoneinfo import ZONEINFO

MOST_CHANGES = 200
"""So many rules or dates on which a zone's clocks change, over all its history. The longest there is has fewer."""
_PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYDAY", "BYMONTHDAY"})
_A_WEEK = 7
_alone = threading.Lock()


@contextmanager
def of_one_file() -> Iterator[None]:
    """For the library remembers zones by their names, and many programs call theirs the same."""
    with _alone:
        tzp.use(_Zones())
        try:
            yield
        finally:
            tzp.use_default()


class _Zones(ZONEINFO):
    def create_timezone(self, tz: Timezone) -> tzinfo | None:  # type: ignore[override]  # none: the zone is unknown then
        return super().create_timezone(tz) if is_plain(tz) else None


def is_plain(zone: Timezone) -> bool:
    """Whether its clocks change on a few dates, or once a year by a rule: what is worked out from it takes no time."""
    changes = zone.subcomponents
    return len(changes) <= MOST_CHANGES and all(_is_few_dates(one) and _is_once_a_year(one) for one in changes)


def _is_few_dates(change: Component) -> bool:
    found = change.get("RDATE", [])
    lines = found if isinstance(found, list) else [found]
    return sum(len(line.dts) for line in lines) <= MOST_CHANGES


def _is_once_a_year(change: Component) -> bool:
    rule = change.get("RRULE")
    if rule is None:
        return True
    if isinstance(rule, list) or not _PARTS.issuperset(rule) or rule.get("FREQ") != ["YEARLY"]:
        return False
    months, days, dates = (len(rule.get(part, ())) for part in ("BYMONTH", "BYDAY", "BYMONTHDAY"))
    return months <= 1 and days <= 1 and dates <= _A_WEEK and (months == 1 or not days)
