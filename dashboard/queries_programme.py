"""What the pages of the programme read."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from phoneline import programme, signups
from phoneline.activity_drafts import Draft
from phoneline.activity_rows import draft_of
from phoneline.crypto import folded, lookup_hash
from phoneline.db import lookup_key
from phoneline.models import Activity, ActivitySignup, Person
from phoneline.programme import Happening
from phoneline.recurrence import instant, wall

MOST_TO_TELL = 40
_DAY = timedelta(days=1)


def between(
    session: Session, zone: ZoneInfo, since: datetime, until: datetime
) -> tuple[Sequence[Happening], Mapping[tuple[str, datetime], int]]:
    """What is on, and how many are on the list of each date."""
    found = programme.between(session, zone, since, until)
    numbers = signups.numbers_since(session, wall(since, zone) - 8 * _DAY, wall(until, zone) + _DAY)
    return found, numbers


def to_tell(session: Session, zone: ZoneInfo, now: datetime) -> Sequence[tuple[ActivitySignup, Activity]]:
    """Whoever is on a list of a date to come that doesn't take place, with what it was."""
    rows = session.execute(
        select(ActivitySignup, Activity)
        .join(Activity, Activity.id == ActivitySignup.activity_id)
        .options(joinedload(ActivitySignup.person))
        .where(ActivitySignup.withdrawn_at.is_(None), ActivitySignup.occurs_local >= wall(now, zone))
        .order_by(ActivitySignup.occurs_local, ActivitySignup.at)
    ).all()
    if not rows:
        return []
    until = instant(max(one.occurs_local for one, _activity in rows), zone) + _DAY
    on = {one.key for one in programme.between(session, zone, now, until) if not one.off}
    gone = [(one, activity) for one, activity in rows if (one.activity_id, one.occurs_local) not in on]
    return gone[:MOST_TO_TELL]


def date_of(session: Session, activity_id: str, on: datetime | None, zone: ZoneInfo, now: datetime) -> Happening | None:
    """This date of the activity; without one, its next, else its last."""
    if on is not None:
        found = programme.happening(session, activity_id, on, zone)
        if found is not None:
            return found
    activity = session.get(Activity, activity_id)
    if activity is None:
        return None
    dates = programme.dates_of(activity, zone, now, now + 400 * _DAY)
    local = dates[0].local if dates else activity.starts_local
    found = programme.happening(session, activity_id, local, zone)
    # Off for good: shown as it was.
    ends = local + (activity.ends_local - activity.starts_local)
    return found or Happening(activity, local, instant(local, zone), instant(ends, zone), off=True)


def as_it_is(happening: Happening) -> Draft:
    """The activity, beginning with this date."""
    draft = draft_of(happening.activity)
    length = draft.ends_local - draft.starts_local
    values = {name: getattr(draft, name) for name in draft.__dataclass_fields__}
    on = happening.occurs_local
    return Draft(**values | {"starts_local": on, "ends_local": on + length})


def of_date(session: Session, happening: Happening) -> Sequence[ActivitySignup]:
    """All who are or were on its list."""
    rows = select(ActivitySignup).filter_by(activity_id=happening.activity.id, occurs_local=happening.occurs_local)
    ordered = rows.options(joinedload(ActivitySignup.person)).order_by(ActivitySignup.at, ActivitySignup.id)
    return session.scalars(ordered).all()


def only_one_called(session: Session, name: str) -> str | None:
    """The id of whoever has just this name or alias; None if nobody has, or several."""
    hashed = lookup_hash(lookup_key(session), folded(name))
    found = session.scalars(select(Person.id).filter_by(name_hash=hashed).limit(2)).all()
    return found[0] if len(found) == 1 else None
