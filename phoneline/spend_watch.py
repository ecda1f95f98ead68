"""Coordinators should know before a cap holds anybody back: each change of level is an alarm, once a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from phoneline import alarms, spending
from phoneline.line import Line
from phoneline.recurrence import wall
from phoneline.spend_rules import Day, Level
from phoneline.states import AlarmKind

EVERY = timedelta(minutes=1)
log = structlog.get_logger()


@dataclass(frozen=True)
class Notice:
    """One cap that is nearly reached, or more."""

    setting: str
    level: Level
    used: int
    cap: int


def notices(day: Day) -> Sequence[Notice]:
    """The caps that somebody should know of, the closest first."""
    spent = (("spend_calls_day", day.calls), ("spend_minutes_day", day.minutes))
    found = [Notice(name, one.level, int(one.used), one.cap) for name, one in spent if one.level > Level.FINE]
    return sorted(found, key=lambda one: -one.level)


def look(line: Line) -> Sequence[Notice]:
    """Raise an alarm for each cap's level of which there is none yet today. What is new."""
    now, live = line.now, line.live
    with line.database.reading() as session:
        found = notices(spending.today(session, live, now))
    if not found:
        return []
    day = wall(now, live.home.zone).date()
    with line.database.transaction() as session:
        new = [
            one
            for one in found
            if alarms.raise_alarm(session, AlarmKind.SPENDING, f"{one.setting} {one.level.name} {day}", now)
        ]
    for one in new:
        log.warning("spending", setting=one.setting, level=one.level.name.lower(), used=one.used, cap=one.cap)
    return new


class Watch:
    """Of one clock: looks once a minute, however often it ticks."""

    def __init__(self) -> None:
        self._next = datetime.min.replace(tzinfo=UTC)

    def tick(self, line: Line) -> None:
        if line.now >= self._next:
            self._next = line.now + EVERY
            look(line)
