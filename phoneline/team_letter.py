"""The team's letter of a week: how well it is covered, what changed, who was thanked, what was decided or is open.

A week is the line's own, from Monday's midnight to the next. Nothing about callers is in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from phoneline import covering, proposals, rosters, thanks
from phoneline.cover import Gap
from phoneline.live_settings import LiveSettings
from phoneline.models import Proposal, RosterChange, Thanks
from phoneline.recurrence import instant, wall
from phoneline.roster_states import RosterAct


@dataclass(frozen=True)
class Week:
    """Half-open."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Letter:
    week: Week
    people: int
    """How many have shifts in it."""
    shifts: int
    open: int
    """Shifts of it that are nobody's and not over."""
    gaps: Sequence[Gap]
    """From now on; none in a week that is over."""
    changes: Mapping[RosterAct, int]
    thanks: Sequence[Thanks]
    decided: Sequence[Proposal]
    proposed: Sequence[Proposal]
    """Open now; only in this week's letter."""


def week_of(at: datetime, zone: ZoneInfo) -> Week:
    local = wall(at, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = local - timedelta(days=local.weekday())
    return Week(instant(monday, zone), instant(monday + timedelta(days=7), zone))


def read(session: Session, week: Week, live: LiveSettings, now: datetime) -> Letter:
    """The letter as it stands now."""
    hours = [one for one in rosters.ahead(session, week.since, week.until) if one.starts_at < one.ends_at]
    taken = [one for one in hours if one.person_id is not None and not one.shadow]
    is_this_week = week.since <= now < week.until
    return Letter(
        week=week,
        people=len({one.person_id for one in taken}),
        shifts=len(taken),
        open=sum(one.person_id is None and one.ends_at > now for one in hours),
        gaps=covering.gaps(session, live, max(week.since, now), week.until) if now < week.until else (),
        changes=_changes(session, week),
        thanks=thanks.between(session, week.since, week.until),
        decided=proposals.decided(session, week.since, min(week.until, now)),
        proposed=proposals.open_ones(session, now) if is_this_week else (),
    )


def _changes(session: Session, week: Week) -> Mapping[RosterAct, int]:
    counted = (
        select(RosterChange.act, func.count().label("many"))
        .where(RosterChange.at >= week.since, RosterChange.at < week.until, RosterChange.undone_at.is_(None))
        .group_by(RosterChange.act)
    )
    found = session.execute(counted).all()
    return {one.act: one.many for one in found}
