"""What is on: the dates of activities, the next ones, and whether there are any."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from phoneline import recurrence
from phoneline.models import Activity, ActivityOff, ActivitySignup, ActivityWords
from phoneline.recurrence import Occurrence, instant, wall

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Happening:
    """One date of an activity."""

    activity: Activity
    occurs_local: datetime
    starts_at: datetime
    ends_at: datetime
    off: bool = False
    """It doesn't take place, or another one does in its stead."""
    instead_id: str | None = None

    @property
    def key(self) -> tuple[str, datetime]:
        return self.activity.id, self.occurs_local


@lru_cache(4096)
def _dates(
    starts_local: datetime,
    ends_local: datetime,
    rrule: str,
    until_local: datetime | None,
    zone: ZoneInfo,
    since: datetime,
    until: datetime,
) -> Sequence[Occurrence]:
    """The dates that begin before `until` and end after `since`."""
    found = recurrence.occurrences(starts_local, ends_local, rrule, zone, since, until)
    return tuple(one for one in found if until_local is None or one.local < until_local)


def dates_of(activity: Activity, zone: ZoneInfo, since: datetime, until: datetime) -> Sequence[Occurrence]:
    starts, ends = activity.starts_local, activity.ends_local
    return _dates(starts, ends, activity.rrule, activity.until_local, zone, since, until)


def _may_have_dates(since_local: datetime, until_local: datetime) -> ColumnElement[bool]:
    """Activities that aren't over before this stretch, nor begin after it."""
    return and_(
        Activity.starts_local < until_local,
        or_(Activity.rrule != "", Activity.ends_local > since_local),
        or_(Activity.until_local.is_(None), Activity.until_local > since_local - _DAY),
    )


def between(session: Session, zone: ZoneInfo, since: datetime, until: datetime) -> list[Happening]:
    """All dates that begin before `until` and end after `since`, also those that are off, by their beginning."""
    first, last = wall(since, zone), wall(until, zone)
    activities = session.scalars(select(Activity).where(_may_have_dates(first, last + _DAY))).all()
    off = _off(session, first - 2 * _DAY, last + _DAY)
    found = [
        Happening(one, *each, (one.id, each.local) in off, off.get((one.id, each.local)))
        for one in activities
        for each in dates_of(one, zone, since, until)
    ]
    return sorted(found, key=lambda one: (one.starts_at, one.ends_at, one.activity.id))


def _off(session: Session, since_local: datetime, until_local: datetime) -> dict[tuple[str, datetime], str | None]:
    rows = session.execute(
        select(ActivityOff.activity_id, ActivityOff.occurs_local, ActivityOff.instead_id).where(
            ActivityOff.occurs_local >= since_local, ActivityOff.occurs_local < until_local
        )
    )
    return {(activity_id, occurs_local): instead_id for activity_id, occurs_local, instead_id in rows}


def happening(session: Session, activity_id: str, occurs_local: datetime, zone: ZoneInfo) -> Happening | None:
    """This date of the activity, also where it is off; None if the activity has no such date."""
    activity = session.get(Activity, activity_id)
    if activity is None:
        return None
    at = instant(occurs_local, zone)
    found = next((one for one in dates_of(activity, zone, at, at + _DAY) if one.local == occurs_local), None)
    if found is None:
        return None
    off = session.get(ActivityOff, (activity_id, occurs_local))
    return Happening(activity, *found, off is not None, off.instead_id if off else None)


def is_told(activity: Activity, today: date) -> bool:
    """Whether callers hear of it on this day."""
    since, until = activity.shown_from, activity.shown_until
    return (since is None or since <= today) and (until is None or today <= until)


# For callers


def is_anything_on(session: Session, zone: ZoneInfo, now: datetime) -> bool:
    """Whether callers may hear of something today or tomorrow. Each call asks this before its first words."""
    today, after_tomorrow = recurrence.day_around(now, zone)[0], _midnight(now, zone, 2)
    first, last = wall(today, zone), wall(after_tomorrow, zone)
    columns = (Activity.starts_local, Activity.ends_local, Activity.rrule, Activity.until_local)
    off = and_(ActivityOff.activity_id == Activity.id, ActivityOff.occurs_local >= first - 2 * _DAY)
    rows = session.connection().execute(
        select(Activity.id, ActivityOff.occurs_local, Activity.shown_from, Activity.shown_until, *columns)
        .join(ActivityOff, off, isouter=True)
        .where(_may_have_dates(first, last))
    )
    rules: dict[str, Sequence[Occurrence]] = {}
    taken_off: set[tuple[str, datetime]] = set()
    for activity_id, occurs_local, shown_from, shown_until, *rule in rows:
        taken_off.add((activity_id, occurs_local))
        if (shown_from or first.date()) <= first.date() <= (shown_until or first.date()):
            rules[activity_id] = _dates(*rule, zone, today, after_tomorrow)
    return any(
        one.ends_at > now and (activity_id, one.local) not in taken_off
        for activity_id, dates in rules.items()
        for one in dates
    )


def _midnight(now: datetime, zone: ZoneInfo, days: int) -> datetime:
    """The midnight with which the day so many days later begins."""
    local = wall(now, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return instant(local + timedelta(days=days), zone)


def to_read(
    session: Session, zone: ZoneInfo, now: datetime, speaks: Collection[str], person_id: str | None
) -> list[Happening]:
    """What a caller hears: of today what isn't over, or else what is on tomorrow.

    What is held in other languages than theirs is left out, unless nothing would be left; what is like things that
    they have signed up for before comes first.
    """
    tomorrow, after = _midnight(now, zone, 1), _midnight(now, zone, 2)
    today = wall(now, zone).date()
    coming = [one for one in between(session, zone, now, after) if not one.off and is_told(one.activity, today)]
    found = [one for one in coming if one.starts_at < tomorrow] or coming
    theirs = [one for one in found if not one.activity.held_in or set(one.activity.held_in) & set(speaks)]
    likes = _interests(session, person_id) if person_id else frozenset()
    return sorted(theirs or found, key=lambda one: not likes & set(one.activity.interests))


def _interests(session: Session, person_id: str) -> frozenset[str]:
    """What those things are about that somebody signed up for."""
    rows = session.scalars(
        select(Activity.interests)
        .join(ActivitySignup, ActivitySignup.activity_id == Activity.id)
        .where(ActivitySignup.person_id == person_id, ActivitySignup.withdrawn_at.is_(None))
    )
    return frozenset(tag for tags in rows for tag in tags)


def words_in(activity: Activity, language: str, own: str) -> ActivityWords:
    """What it is called: in this language, else in the line's own, else in any."""
    by_language = {one.language: one for one in activity.words}
    return by_language.get(language) or by_language.get(own) or activity.words[0]
