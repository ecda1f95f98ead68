"""Whom to ask by text about hours that are given away: a few first, the others later, nobody twice or at night."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from phoneline import cover_notices
from phoneline.cover_suitable import suitable
from phoneline.live_settings import LiveSettings
from phoneline.models import CoverAsked, CoverRequest, Person
from phoneline.quiet_hours import quiet_until

FIRST = 5
OTHERS_AFTER = timedelta(minutes=15)
NEAR = timedelta(hours=2)
"""Who might take what begins so soon is asked at once, all of them."""
SOON = timedelta(hours=12)
"""Nobody is woken for what begins later than that."""
A_DAY = 3
"""So many such texts a day are enough for one person, unless it begins soon."""
LOOK_AGAIN = timedelta(hours=6)
"""Somebody who couldn't be asked so far may be by then."""


@dataclass(frozen=True)
class _Found:
    """Who may be asked now, fairest first, and when there may be others."""

    now: Sequence[Person]
    next_at: datetime


def ask_next(session: Session, request: CoverRequest, live: LiveSettings, now: datetime) -> None:
    """Text those whose turn it is, each once, and say when to look again. Hold the request's row."""
    found = _to_ask(session, request, live, now)
    few = request.rounds == 0 and request.hours.starts_at > now + NEAR
    asked_now = found.now[:FIRST] if few else found.now
    for person in asked_now:
        session.add(CoverAsked(request_id=request.id, person_id=person.id, at=now))
        cover_notices.ask(session, request, person, live, now)
    request.rounds += bool(asked_now)
    request.ask_at = now + OTHERS_AFTER if len(asked_now) < len(found.now) else found.next_at
    session.flush()


def _to_ask(session: Session, request: CoverRequest, live: LiveSettings, now: datetime) -> _Found:
    begins = request.hours.starts_at
    soon = begins <= now + SOON
    asked = set(session.scalars(select(CoverAsked.person_id).where(CoverAsked.request_id == request.id)))
    had_enough = set() if soon else _had_enough(session, now)
    may, again = [], [now + LOOK_AGAIN, *([] if soon else [begins - SOON])]
    for person in suitable(session, request.hours, live, now):
        if person.id in asked or person.id in had_enough:
            continue
        wakes = now if soon else _awake_at(person, live, now)
        if wakes <= now:
            may.append(person)
        else:
            again.append(wakes)
    return _Found(may, min(again))


def _awake_at(person: Person, live: LiveSettings, now: datetime) -> datetime:
    zone = cover_notices.zone_of(person, live)
    return quiet_until(now, zone, live.quiet_weekday, live.quiet_weekend) or now + LOOK_AGAIN


def _had_enough(session: Session, now: datetime) -> set[str]:
    """Who was asked about so many shifts within a day."""
    lately = select(CoverAsked.person_id).where(CoverAsked.at > now - timedelta(days=1))
    return set(session.scalars(lately.group_by(CoverAsked.person_id).having(func.count() >= A_DAY)))
