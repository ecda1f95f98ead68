"""What becomes of an activity's rows when it changes: as they were, as they are meant, and who goes along."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import programme
from phoneline.activity_drafts import Draft, Words
from phoneline.activity_states import ActivityKind
from phoneline.models import Activity, ActivityOff, ActivitySignup, ActivityWords
from phoneline.recurrence import instant

Written = Mapping[str, Any]
_DAY = timedelta(days=1)
_PLAIN = ("starts_local", "ends_local", "rrule", "kind", "places", "by_key", "shown_from", "shown_until")


@dataclass
class Before:
    """What undoing an act needs, as JSON can hold it."""

    on: str
    rows: list[Written] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    off: list[list[str]] = field(default_factory=list)
    """Dates that were taken off: activity and date."""
    moved: list[list[str]] = field(default_factory=list)
    """Who went along: sign-up, and the activity and date where it was."""


def draft_of(activity: Activity) -> Draft:
    words = {one.language: Words(one.title, one.place) for one in activity.words}
    plain = {name: getattr(activity, name) for name in _PLAIN}
    return Draft(words=words, held_in=tuple(activity.held_in), interests=tuple(activity.interests), **plain)


def new(session: Session, draft: Draft, now: datetime) -> Activity:
    made = Activity(made_at=now)
    write(made, draft)
    session.add(made)
    session.flush()
    return made


def write(activity: Activity, draft: Draft) -> None:
    for name in _PLAIN:
        setattr(activity, name, getattr(draft, name))
    activity.held_in, activity.interests = list(draft.held_in), list(draft.interests)
    kept = {one.language: one for one in activity.words}
    activity.words = [kept.get(language) or ActivityWords(language=language) for language in draft.words]
    for one in activity.words:
        one.title, one.place = draft.words[one.language].title, draft.words[one.language].place


def picture(activity: Activity) -> Written:
    plain = {name: getattr(activity, name) for name in (*_PLAIN, "until_local")}
    return {
        "id": activity.id,
        **{name: value.isoformat() if isinstance(value, date) else value for name, value in plain.items()},
        "held_in": activity.held_in,
        "interests": activity.interests,
        "words": {one.language: [one.title, one.place] for one in activity.words},
    }


def bring_back(session: Session, picture: Written) -> Activity:
    """As it was."""
    was = dict(picture)
    activity = session.get_one(Activity, was.pop("id"))
    for name in ("starts_local", "ends_local", "until_local"):
        was[name] = was[name] and datetime.fromisoformat(was[name])
    for name in ("shown_from", "shown_until"):
        was[name] = was[name] and date.fromisoformat(was[name])
    activity.until_local = was.pop("until_local")
    words = {language: Words(*pair) for language, pair in was.pop("words").items()}
    kind = ActivityKind(was.pop("kind"))
    write(activity, Draft(words=words, kind=kind, **was))
    session.flush()
    return activity


@dataclass(frozen=True)
class Going:
    """Dates go over from one activity to another, or are moved within it, by so much."""

    old: Activity
    new: Activity
    by: timedelta
    since: datetime
    only: bool = False
    """Just the date with which it begins, to the only one that there is."""


def go_along(session: Session, going: Going, before: Before, zone: ZoneInfo) -> None:
    """Whoever signed up, and what was taken off, wherever the dates still are."""
    if not going.only:
        _still_off(session, going, before, zone)
    which = select(ActivitySignup).where(ActivitySignup.activity_id == going.old.id)
    date_of = ActivitySignup.occurs_local
    which = which.where(date_of == going.since if going.only else date_of >= going.since)
    later_first = going.by > timedelta()
    for one in session.scalars(which.order_by(date_of.desc() if later_first else date_of)).all():
        to = one.occurs_local + going.by
        if (going.new.id, to) != (one.activity_id, one.occurs_local) and has(going.new, to, zone):
            before.moved.append([one.id, one.activity_id, one.occurs_local.isoformat()])
            put(session, one, going.new.id, to)


def _still_off(session: Session, going: Going, before: Before, zone: ZoneInfo) -> None:
    off = select(ActivityOff).where(ActivityOff.activity_id == going.old.id, ActivityOff.occurs_local >= going.since)
    for one in session.scalars(off).all():
        key = (going.new.id, one.occurs_local + going.by)
        if session.get(ActivityOff, key) is None and has(going.new, key[1], zone):
            session.add(ActivityOff(activity_id=key[0], occurs_local=key[1], instead_id=one.instead_id))
            before.off.append([key[0], key[1].isoformat()])
    session.flush()


def has(activity: Activity, occurs_local: datetime, zone: ZoneInfo) -> bool:
    """Whether that is one of its dates, even where it doesn't take place."""
    at = instant(occurs_local, zone)
    return any(one.local == occurs_local for one in programme.dates_of(activity, zone, at, at + _DAY))


def put(session: Session, signup: ActivitySignup | None, activity_id: str, occurs_local: datetime) -> None:
    """This sign-up is for that date now, unless they are on its list already."""
    if signup is None:
        return
    same = select(ActivitySignup.id).filter_by(activity_id=activity_id, occurs_local=occurs_local)
    if signup.person_id is not None:
        same = same.filter_by(person_id=signup.person_id)
    elif signup.number_hash is not None:
        same = same.filter_by(number_hash=signup.number_hash)
    else:
        same = same.filter_by(id=signup.id)
    if session.scalars(same).first() is None:
        signup.activity_id, signup.occurs_local = activity_id, occurs_local
        session.flush()
