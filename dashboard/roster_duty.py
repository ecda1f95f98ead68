"""Which coordinators have duty on the days that the roster shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard import queries_people, times, words
from dashboard.queries_roster import LONGEST
from dashboard.roster_cover import span
from dashboard.roster_view import TIERS
from dashboard.times import Moment
from phoneline.models import DutyHours
from phoneline.recurrence import wall


@dataclass(frozen=True)
class DutyLine:
    """One date of somebody's duty, with the page that changes it; none when it is over."""

    day: str
    span: str
    who: str
    mark: str
    address: str


def lines(session: Session, since: datetime, until: datetime, at: Moment) -> Sequence[DutyLine]:
    """Whatever has a part in [since, until), in order."""
    within = (DutyHours.ends_at > since, DutyHours.ends_at <= until + LONGEST, DutyHours.starts_at < until)
    found = session.scalars(
        select(DutyHours).where(*within, ~DutyHours.off).order_by(DutyHours.starts_at, DutyHours.tier, DutyHours.id)
    ).all()
    names = queries_people.names(session, {row.person_id for row in found})
    return [_line(row, names.get(row.person_id, ""), at) for row in found]


def _line(row: DutyHours, name: str, at: Moment) -> DutyLine:
    on = f"{row.occurs_local:%Y-%m-%dT%H:%M}"
    day = wall(row.starts_at, at.zone).date()
    return DutyLine(
        day=words.sentence(times.full_date(day, with_year=False)),
        span=span(row.starts_at, row.ends_at, at.zone),
        who=name,
        mark=TIERS[row.tier] if row.tier != 1 else "",
        address=url_for("shift.one", shift_id=row.shift_id, on=on) if row.ends_at > at.now else "",
    )
